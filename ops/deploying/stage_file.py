"""Chalice's .chalice/config.json: read a stage, and write what AWS made up for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ops.deploying.problems import StepProblem
from ops.deploying.steps import stage_settings

if TYPE_CHECKING:
    from pathlib import Path

    from ops.deploying.steps import Context


@dataclass(frozen=True, slots=True)
class Limits:
    """What Chalice has no word for, under ``formpost`` of a stage."""

    throttle_rate_per_second: float
    throttle_burst: int
    log_retention_days: int


def limits(project_dir: Path, stage: str) -> Limits:
    """Return the stage's limits.

    Raises:
        StepProblem: one is missing or unknown.
    """
    settings = stage_settings(read(project_dir), stage).get("formpost", {})
    try:
        return Limits(**settings)
    except TypeError as error:
        wanted = ", ".join(Limits.__slots__)
        raise StepProblem(
            f'"formpost" of the stage {stage} in .chalice/config.json needs exactly {wanted}.'
        ) from error


def read(project_dir: Path) -> dict[str, Any]:
    """Return the whole file."""
    content: dict[str, Any] = json.loads(_path(project_dir).read_text("utf-8"))
    return content


class WriteStageFile:
    """Put the names of the stage's resources where Chalice and the functions find them."""

    title = "config.json"

    def plan(self, context: Context) -> str:
        """Say which variables are written."""
        return f"write {', '.join(_variables(context, {}))} of {context.stage}"

    def run(self, context: Context) -> str:
        """Write them, and nothing if they are there already."""
        config = read(context.project_dir)
        environment = stage_settings(config, context.stage).setdefault("environment_variables", {})
        found = _variables(context, environment)
        if found.items() <= environment.items():
            return "has the stage's names already"
        environment.update(found)
        path = _path(context.project_dir)
        # In one move, so that a stop half-way leaves the old file.
        new = path.with_suffix(".new")
        new.write_text(json.dumps(config, indent=2) + "\n", "utf-8")
        new.replace(path)
        return "has the stage's names and its stream now; commit it"


def _variables(context: Context, environment: dict[str, str]) -> dict[str, str]:
    origins = [text for text in environment.get("FORMPOST_ALLOWED_ORIGINS", "").split(",") if text]
    site = context.outputs.get("SiteUrl", "")
    if site and site not in origins:
        origins.append(site)
    return {
        "FORMPOST_TABLE": context.names.table,
        "FORMPOST_DELIVERY_QUEUE": context.names.delivery_queue,
        "FORMPOST_DEAD_LETTER_QUEUE": context.names.dead_letter_queue,
        "FORMPOST_MAIL_EVENTS_TOPIC": context.names.mail_events_topic,
        "FORMPOST_CONFIGURATION_SET": context.names.configuration_set,
        # Set to nothing, it stays so.
        "FORMPOST_METRICS": environment.get("FORMPOST_METRICS", context.names.metrics_namespace),
        "FORMPOST_STREAM_ARN": context.outputs.get("StreamArn", ""),
        "FORMPOST_ALLOWED_ORIGINS": ",".join(origins),
        # A page of the owner's own stays.
        "FORMPOST_INBOX_URL": environment.get("FORMPOST_INBOX_URL")
        or (f"{site}/inbox.html" if site else ""),
    }


def _path(project_dir: Path) -> Path:
    return project_dir / ".chalice" / "config.json"
