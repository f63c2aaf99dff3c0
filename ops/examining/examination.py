"""What is looked at: an address, a stage, or both."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.config import Settings
from chalicelib.forms import load_forms
from chalicelib.wiring import submission_store
from ops.deploying import stage_file
from ops.deploying.state import api_url
from ops.deploying.steps import stage_settings
from ops.examining.account import examine_account
from ops.examining.api import examine_api
from ops.examining.mail import examine_mail
from ops.examining.post import examine_post

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.deploying.steps import Context
    from ops.examining.finding import Finding

# Nobody but the person at this terminal waits.
_STORE_TIMEOUT_SECONDS = 10.0


def examine_stage(context: Context, url: str | None = None) -> Iterator[Finding]:
    """Yield what is found of a stage in AWS.

    Args:
        context: the stage and its account.
        url: asked instead of the stage's own address.
    """
    variables = stage_settings(stage_file.read(context.project_dir), context.stage)[
        "environment_variables"
    ]
    settings = Settings.from_env({**variables, "FORMPOST_STORE": "aws"})
    yield from examine_account(context)
    yield from examine_mail(context, load_forms(settings.forms_file).values())
    yield from _examine(url or api_url(context), settings)


def examine_url(url: str) -> Iterator[Finding]:
    """Yield what is found at an address; its store is the one that this machine's settings name."""
    yield from _examine(url, Settings.from_env(os.environ))


def _examine(url: str, settings: Settings) -> Iterator[Finding]:
    url = url.rstrip("/")
    form = next(iter(load_forms(settings.forms_file).values()))
    origins = list(dict.fromkeys([*(form.allowed_origins or ()), *settings.allowed_origins]))
    yield from examine_api(url, origins, form)
    settings = replace(settings, store_timeout_seconds=_STORE_TIMEOUT_SECONDS)
    store = submission_store(settings, publish=False)
    yield examine_post(url, form, next(iter(origins), None), store, datetime.now(UTC))
