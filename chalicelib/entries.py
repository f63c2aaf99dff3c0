"""A submission as its owner's inbox has it: one line of a list, or everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.documents import submission_document
from chalicelib.mails.mailboxes import visitor_address
from chalicelib.model import reference, timestamp
from chalicelib.texts import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chalicelib.delivery import Attempt, Delivery, Feedback
    from chalicelib.model import Form, Submission

# What a line of a list can show; the whole text is one request away.
MAX_EXCERPT_LENGTH = 200
# One line is made of no more of a text than this, which may have 400 kB.
_LOOKED_AT = 10 * MAX_EXCERPT_LENGTH


def entry(submission: Submission, form: Form) -> dict[str, Any]:
    """Return one line of a list; docs/inbox-api.md describes it."""
    email = visitor_address(submission, form)
    return {
        "id": submission.id,
        "reference": reference(submission.id),
        "form": submission.form,
        "received_at": timestamp(submission.received_at),
        "folder": submission.folder.value,
        "is_read": submission.is_read,
        "from": _shown(" ".join(_names(submission))) or email,
        "email": email,
        "subject": _shown(submission.subject or "") or None,
        "excerpt": _shown(_message(submission)),
        "points": submission.verdict.points,
        "threshold": submission.verdict.threshold,
    }


def document(
    submission: Submission, form: Form | None, deliveries: Sequence[Delivery]
) -> dict[str, Any]:
    """Return all that is kept of a submission and of its deliveries."""
    whole = submission_document(submission)
    channel_by_target = {target.name: target.channel for target in form.targets} if form else {}
    return {
        **whole,
        "is_read": submission.is_read,
        "spam": {**whole["spam"], "threshold": submission.verdict.threshold},
        "deliveries": [
            delivery_document(delivery, channel_by_target.get(delivery.target))
            for delivery in deliveries
        ],
    }


def delivery_document(delivery: Delivery, channel: str | None) -> dict[str, Any]:
    """Return a delivery with every try; ``channel`` is None if the form dropped the target."""
    return {
        "target": delivery.target,
        "channel": channel,
        "state": delivery.state.value,
        "attempts": [_attempt(attempt) for attempt in delivery.attempts],
        "feedback": _feedback(delivery.feedback) if delivery.feedback else None,
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    next_try_at = attempt.next_try_at
    return {
        "at": timestamp(attempt.at),
        "outcome": attempt.outcome,
        "status": attempt.status,
        "duration_ms": attempt.duration_ms,
        "next_try_at": timestamp(next_try_at) if next_try_at else None,
    }


def _feedback(feedback: Feedback) -> dict[str, Any]:
    return {
        "at": timestamp(feedback.at),
        "state": feedback.state.value,
        "outcome": feedback.outcome,
    }


def _names(submission: Submission) -> Iterator[str]:
    for name, values in submission.answers:
        if name.lower() == "name" or name.lower().endswith("_name"):
            yield " ".join(value[:_LOOKED_AT] for value in values)


def _message(submission: Submission) -> str:
    """Return the message, or else the longest text."""
    text_by_name = {name.lower(): _joined(values) for name, values in submission.answers}
    return text_by_name.get("message") or max(text_by_name.values(), key=len, default="")


def _joined(values: Iterable[str]) -> str:
    return " ".join(values)


def _shown(text: str) -> str:
    return one_line(text[:_LOOKED_AT])[:MAX_EXCERPT_LENGTH]
