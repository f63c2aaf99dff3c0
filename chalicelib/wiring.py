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
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from chalicelib.config import Settings
from chalicelib.delivery_queue import DeliveryQueue
from chalicelib.forms import load_forms
from chalicelib.intake import Intake
from chalicelib.notify import Outbox
from chalicelib.outbound import SesOutbound
from chalicelib.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

# Once more than the first try: with both, an answer to the visitor comes within
# 2 x (1 s to connect + 1 s to answer) + 1 s of backoff, for each of the two calls
# that the first post to a new container makes.
STORE_ATTEMPTS = 2


class Wiring(NamedTuple):
    """Everything that app.py hands to the use cases."""

    settings: Settings
    intake: Intake
    outbox: Outbox


def from_env() -> Wiring:
    """Make the collaborators that this process's environment asks for.

    Raises:
        ConfigError: a setting or forms.toml has a mistake.
    """
    settings = Settings.from_env(os.environ)
    if settings.store == "embedded":
        # Never in Lambda: ops/ is not shipped.
        from ops.local import gateway

        gateway.mend()
    forms = load_forms(settings.forms_file)
    store = submission_store(settings)
    intake = Intake(
        forms=forms,
        allowed_origins=settings.allowed_origins,
        store=store,
        now=_now,
        random_bytes=secrets.token_bytes,
    )
    outbox = Outbox(
        forms=forms,
        store=store,
        queue=DeliveryQueue(lambda: _client("sqs"), name=settings.delivery_queue),
        outbound=SesOutbound(lambda: _client("sesv2")),
        now=_now,
        write_log=write_log,
    )
    return Wiring(settings, intake, outbox)


def _now() -> datetime:
    return datetime.now(UTC)


def _client(service: Literal["sqs", "sesv2"]) -> Any:
    import boto3

    return boto3.client(service)


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

    is_embedded = settings.store == "embedded"
    config = Config(
        connect_timeout=settings.store_timeout_seconds,
        read_timeout=settings.store_timeout_seconds,
        retries={"mode": "standard", "total_max_attempts": STORE_ATTEMPTS},
        tcp_keepalive=True,
        # A proxy of the developer's does not lead to this machine's own loopback.
        proxies={} if is_embedded else None,
    )
    if not is_embedded:
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
