"""Chalice's memory, .chalice/deployed/<stage>.json: noticed when lost, and written anew.

Chalice writes that file only after a whole deployment. Without it, its next one
makes a second API, and asks for event sources that exist. So what the account
has is compared with the file before each deployment.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ops.deploying import inventory
from ops.deploying.problems import StepProblem

if TYPE_CHECKING:
    from pathlib import Path

    from ops.deploying.inventory import Entry
    from ops.deploying.steps import Context


class RecoverState:
    """Make Chalice remember everything of this stage that the account has."""

    title = "Chalice's state"

    def plan(self, context: Context) -> str:
        """Say whether something is missing in the file."""
        missing = _missing(context)
        return f"remember {_names(missing)}" if missing else "nothing, the file is complete"

    def run(self, context: Context) -> str:
        """Add to the file what it lacks."""
        missing = _missing(context)
        if not missing:
            return "complete"
        path = state_path(context.project_dir, context.stage)
        was_there = path.exists()
        path.parent.mkdir(exist_ok=True)
        known = [entry for entry in read_state(context) if entry["name"] not in missing]
        document = {
            "resources": [*known, *missing.values()],
            "schema_version": "2.0",
            "backend": "api",
        }
        path.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
        what = "lacked" if was_there else "was lost, or the first deployment stopped half-way:"
        return (
            f".chalice/deployed/{path.name} {what} {_names(missing)}, which the account has."
            " It has them now, so nothing is made twice. Commit the file"
        )


def state_path(project_dir: Path, stage: str) -> Path:
    """Return where Chalice keeps its memory of a stage."""
    return project_dir / ".chalice" / "deployed" / f"{stage}.json"


def read_state(context: Context) -> list[Entry]:
    """Return the file's entries; none where there is no file."""
    path = state_path(context.project_dir, context.stage)
    if not path.exists():
        return []
    entries: list[Entry] = json.loads(path.read_text("utf-8"))["resources"]
    return entries


def api_id(context: Context) -> str:
    """Return the id of the stage's API.

    Raises:
        StepProblem: the stage has none yet.
    """
    return str(_api_entry(context)["rest_api_id"])


def api_url(context: Context) -> str:
    """Return where the stage's API answers, without a slash at its end.

    Raises:
        StepProblem: the stage has none yet.
    """
    return str(_api_entry(context)["rest_api_url"]).rstrip("/")


def _api_entry(context: Context) -> Entry:
    for entry in read_state(context):
        if entry["resource_type"] == "rest_api":
            return entry
    raise StepProblem(
        f"The stage {context.stage} has no API yet."
        f" Run python -m ops deploy --stage {context.stage}."
    )


def _missing(context: Context) -> dict[str, Entry]:
    """Return, by name, what the account has and the file does not."""
    known = {(entry["name"], _identity(entry)) for entry in read_state(context)}
    return {
        entry["name"]: entry
        for entry in inventory.entries(context)
        if (entry["name"], _identity(entry)) not in known
    }


def _identity(entry: Entry) -> Any:
    # An event source has its function's ARN as well.
    identities = ("rest_api_id", "event_uuid", "subscription_arn", "rule_name", "lambda_arn")
    return next((entry[name] for name in identities if name in entry), None)


def _names(entries: dict[str, Entry]) -> str:
    return ", ".join(entries)
