"""Which data a command looks at: this machine's, or those of a deployed stage."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from chalicelib.config import Settings

_CONFIG_FILE = Path(__file__).resolve().parent.parent / ".chalice" / "config.json"
# Nobody but the person at this terminal waits; a visitor's limit would be too strict.
_STORE_TIMEOUT_SECONDS = 10.0

option = click.option(
    "--stage",
    metavar="STAGE",
    help="A deployed stage, e.g. prod; by default what the environment names, or this machine.",
)


def settings(stage: str | None) -> Settings:
    """Return the settings of a stage, as .chalice/config.json has them for its functions.

    Raises:
        click.UsageError: there is no such stage.
        click.ClickException: AWS cannot be asked from here: no region, or no credentials.
        ConfigError: a setting has a mistake.
    """
    from dataclasses import replace

    from chalicelib.config import Settings

    environment = dict(os.environ)
    if stage is not None:
        environment |= {"FORMPOST_STORE": "aws", **_variables(stage)}
    found = Settings.from_env(environment)
    if found.store == "aws":
        _check_aws()
    return replace(found, store_timeout_seconds=_STORE_TIMEOUT_SECONDS)


def command(words: str, stage: str | None) -> str:
    """Return a command of ours as it is typed for the same data, e.g. ``tokens list``."""
    return f".venv/bin/python -m ops {words}" + (f" --stage {stage}" if stage else "")


def _check_aws() -> None:
    from ops.deploying.aws import session_here
    from ops.deploying.problems import StepProblem

    try:
        session_here()
    except StepProblem as problem:
        raise click.ClickException(str(problem)) from problem


def _variables(stage: str) -> dict[str, str]:
    stages: dict[str, Any] = json.loads(_CONFIG_FILE.read_text("utf-8"))["stages"]
    deployed = {
        name: settings["environment_variables"]
        for name, settings in stages.items()
        if "FORMPOST_TABLE" in settings.get("environment_variables", {})
    }
    if stage not in deployed:
        raise click.UsageError(
            f'There is no stage "{stage}"; .chalice/config.json has: {", ".join(deployed)}.'
        )
    variables: dict[str, str] = deployed[stage]
    return variables
