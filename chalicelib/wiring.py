"""The composition root: make the collaborators once and hand them to the use cases.

Clock, randomness, network and environment start here and arrive elsewhere as
arguments. This is the only place that knows of local mode.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.config import Settings
from chalicelib.forms import load_forms
from chalicelib.intake import Intake
from chalicelib.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

# Once more than the first try: with both, an answer to the visitor comes within
# 2 x (1 s to connect + 1 s to answer) + 1 s of backoff, for each of the two calls
# that the first post to a new container makes.
STORE_ATTEMPTS = 2


def intake_from_env() -> Intake:
    """Return what a form post is accepted with, from this process's environment.

    Raises:
        ConfigError: a setting or forms.toml has a mistake.
    """
    settings = Settings.from_env(os.environ)
    if settings.store == "embedded":
        # Never in Lambda: ops/ is not shipped.
        from ops.local import gateway

        gateway.mend()
    return Intake(
        forms=load_forms(settings.forms_file),
        allowed_origins=settings.allowed_origins,
        store=submission_store(settings),
        now=lambda: datetime.now(UTC),
        random_bytes=secrets.token_bytes,
    )


def submission_store(settings: Settings, *, publish: bool = True) -> Repository:
    """Return the store that the settings name; it connects on first use.

    Args:
        settings: which table, and where.
        publish: let other processes on this machine use an embedded store that
            this one has to start.
    """
    store = Repository(
        lambda: _connect(settings, publish=publish),
        table=settings.table,
        random_bytes=secrets.token_bytes,
        pause=time.sleep,
    )
    if settings.store == "aws":
        # Lambda's init phase has a full CPU for free: the client is made there.
        _ = store.client
    return store


def write_log(line: Mapping[str, Any]) -> None:
    """Write one JSON line, in one piece, to where Lambda collects logs."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _connect(settings: Settings, *, publish: bool) -> DynamoDBClient:
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=settings.store_timeout_seconds,
        read_timeout=settings.store_timeout_seconds,
        retries={"mode": "standard", "total_max_attempts": STORE_ATTEMPTS},
        tcp_keepalive=True,
    )
    if settings.store == "aws":
        return boto3.client("dynamodb", config=config)
    from ops.local import dynamodb

    return boto3.client(
        "dynamodb",
        config=config,
        endpoint_url=dynamodb.endpoint_url(settings.data_dir, settings.table, publish=publish),
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106  the embedded store asks for none
    )
