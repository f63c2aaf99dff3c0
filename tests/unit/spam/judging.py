"""Ask one check, or all of them, about what was filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.model import Sender
from chalicelib.reading import Reading
from chalicelib.spam import CHECKS, Context, judge
from tests.builders import a_form, a_submission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.model import Form, Signal, Verdict

WITHHELD = Sender("ip-hash", None, "curl")


def signal(
    check: str, fields: Mapping[str, str], form: Form | None = None, **changes: Any
) -> Signal | None:
    """Return what one check says."""
    submission = a_submission(fields=dict(fields), **changes)
    return CHECKS[check](submission, form or a_form(), Context(Reading(submission)))


def points(check: str, message: str, form: Form | None = None) -> float:
    """Return what one check gives to one message."""
    found = signal(check, {"message": message}, form)
    return found.points if found else 0.0


def verdict(
    fields: Mapping[str, str], form: Form | None = None, *known: str, **changes: Any
) -> Verdict:
    """Return what all checks come to; no proof of work came along."""
    submission = a_submission(fields=dict(fields), **changes)
    context = Context(Reading(submission), known=frozenset(known))
    return judge(submission, form or a_form(), context)
