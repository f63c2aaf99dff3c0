"""A submission for readers outside: as JSON for programs, with labels for people.

A program reads the same document everywhere: in a webhook and on the command line.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.model import reference, timestamp
from chalicelib.texts import clean, one_line

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission


class LabelledAnswer(NamedTuple):
    """One answer as a person reads it.

    Attributes:
        label: one line, never empty.
        values: as they were sent, in what can be shown; "" is one of several that was left
            blank, and none at all if all of them were.
    """

    label: str
    values: tuple[str, ...]


def submission_document(submission: Submission) -> dict[str, Any]:
    """Return all that is kept of a submission, but for the hash of its sender's address.

    ``fields`` has a text for a name that came once, and a list of texts for one that
    came more often. What is not known is None. The shape is API: keys are added, never
    renamed. docs/forms.md shows it.
    """
    return {
        "id": submission.id,
        "reference": reference(submission.id),
        "form": submission.form,
        "received_at": timestamp(submission.received_at),
        "folder": submission.folder.value,
        "fields": {
            name: values[0] if len(values) == 1 else list(values)
            for name, values in submission.answers
        },
        "subject": submission.subject,
        "reply_to": submission.reply_to,
        "spam": {
            "points": submission.verdict.points,
            "signals": [signal._asdict() for signal in submission.verdict.signals],
        },
        "sender": {"origin": submission.sender.origin, "user_agent": submission.sender.user_agent},
    }


def as_json(document: dict[str, Any]) -> bytes:
    """Return compact JSON in UTF-8, with U+FFFD for what UTF-8 cannot hold."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return _encodable(text).encode()


def labelled_answers(submission: Submission, form: Form) -> tuple[LabelledAnswer, ...]:
    """Return every answer in the order sent, below its field's label or else its name."""
    label_by_name = {field.name: field.label for field in form.fields}
    return tuple(
        LabelledAnswer(
            one_line(label_by_name.get(name, name)) or "Without a name",
            # A blank value among others stays: it may stand for the second of three rows.
            tuple(clean(value) if value.strip() else "" for value in values)
            if any(value.strip() for value in values)
            else (),
        )
        for name, values in submission.answers
    )


def _encodable(text: str) -> str:
    """Return a text without halves of surrogate pairs, which JSON can bring and UTF-8 refuses."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
