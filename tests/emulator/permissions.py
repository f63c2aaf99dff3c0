"""The permissions of .chalice/policy-*.json, one by one."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.config import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tests.emulator.packaged import Template

# What Chalice calls each function's role in its template.
ROLE_BY_HANDLER = {
    "api": "ApiHandlerRole",
    "relay": "RelayRole",
    "deliver": "DeliverRole",
    "feedback": "FeedbackRole",
    "summarize": "SummarizeRole",
}


class Permission(NamedTuple):
    """One action that one statement of one function's policy allows."""

    handler: str
    statement: str
    action: str

    def __str__(self) -> str:
        return "-".join(self)


def written() -> set[Permission]:
    """Return every permission of the five policies."""
    return {
        permission
        for handler in ROLE_BY_HANDLER
        for permission in _of(
            handler, json.loads((PROJECT_DIR / ".chalice" / f"policy-{handler}.json").read_bytes())
        )
    }


def without(template: Template, gone: Collection[Permission]) -> Template:
    """Return the same template with some permissions taken out."""
    changed = copy.deepcopy(template)
    found: list[Permission] = []
    for handler, role in ROLE_BY_HANDLER.items():
        [policy] = changed["Resources"][role]["Properties"]["Policies"]
        document = policy["PolicyDocument"]
        found += _of(handler, document)
        for statement in document["Statement"]:
            statement["Action"] = [
                action
                for action in _actions(statement)
                if Permission(handler, statement["Sid"], action) not in gone
            ]
        document["Statement"] = [each for each in document["Statement"] if each["Action"]]
    assert set(gone) <= set(found), "a permission that is not there cannot be taken out"
    return changed


def _of(handler: str, document: dict[str, Any]) -> Iterator[Permission]:
    for statement in document["Statement"]:
        for action in _actions(statement):
            yield Permission(handler, statement["Sid"], action)


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else list(actions)
