"""What the stand-in of the owner's API holds: forms and submissions, as its documents show them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from chalicelib.model import new_submission_id, reference, timestamp

Document = dict[str, Any]

EXCERPT_LENGTH = 200
THRESHOLD = 5.0

CONTACT: Document = {
    "id": "contact",
    "title": "Contact us",
    "fields": [
        {"name": "first_name", "label": "First name", "type": "text"},
        {"name": "last_name", "label": "Last name", "type": "text"},
        {"name": "email", "label": "E-mail address", "type": "email"},
        {"name": "message", "label": "Message", "type": "text"},
    ],
    "targets": [{"name": "mail", "channel": "email"}],
    "retention_days": None,
}
NEWSLETTER: Document = {
    "id": "newsletter",
    "title": "Newsletter",
    "fields": [{"name": "email", "label": "E-mail address", "type": "email"}],
    "targets": [],
    "retention_days": 30,
}
SIGNALS: list[Document] = [
    {"check": "honeypot", "points": 4.5, "reason": "_gotcha was filled in"},
    {"check": "page_origin", "points": 1.0, "reason": "neither Origin nor Referer told the page"},
]

_numbers = count(1)


def a_submission(
    *,
    minutes_ago: float = 0,
    form: str = "contact",
    folder: str = "inbox",
    is_read: bool = False,
    fields: Document | None = None,
    signals: list[Document] | None = None,
    deliveries: list[Document] | None = None,
    **answers: str,
) -> Document:
    """Return a stored submission.

    Args:
        minutes_ago: when it was received.
        fields: all of them, as they are; else Ada's, changed by ``answers``.
    """
    received_at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    ada = {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@example.com",
        "message": "Please call me about the engine.",
    }
    submission_id = new_submission_id(received_at, next(_numbers).to_bytes(10))
    signals = signals or []
    return {
        "id": submission_id,
        "reference": reference(submission_id),
        "form": form,
        "received_at": timestamp(received_at),
        "folder": folder,
        "is_read": is_read,
        "fields": {**ada, **answers} if fields is None else fields,
        "subject": None,
        "reply_to": None,
        "spam": {
            "points": sum(each["points"] for each in signals),
            "threshold": THRESHOLD,
            "signals": signals,
        },
        "sender": {"origin": "https://site.example", "user_agent": "Firefox"},
        "deliveries": deliveries or [],
    }


def a_delivery(state: str = "delivered", **changes: Any) -> Document:
    """Return a delivery with one attempt."""
    attempt = {
        "at": "2026-11-23T12:00:01.000Z",
        "outcome": "The mail service took it.",
        "status": 200,
        "duration_ms": 420,
        "next_try_at": None,
    }
    return {
        "target": "mail",
        "channel": "email",
        "state": state,
        "attempts": [attempt],
        "feedback": None,
        **changes,
    }


def entry(submission: Document) -> Document:
    """Return the line of a list."""
    texts = [text for value in submission["fields"].values() for text in values(value)]
    message = submission["fields"].get("message")
    shown = values(message)[0] if message else max(texts, key=len, default="")
    names = ("first_name", "last_name")
    given = [values(submission["fields"].get(name, ""))[0] for name in names]
    same = ("id", "reference", "form", "received_at", "folder", "is_read", "subject")
    return {
        **{key: submission[key] for key in same},
        "from": " ".join(filter(None, given)) or address(submission),
        "email": address(submission),
        "excerpt": " ".join(shown.split())[:EXCERPT_LENGTH],
        "points": submission["spam"]["points"],
        "threshold": submission["spam"]["threshold"],
    }


def address(submission: Document) -> str | None:
    """Return the sender's e-mail address."""
    return values(submission["fields"].get("email", ""))[0] or None


def values(value: str | list[str]) -> list[str]:
    """Return every value of a field."""
    return [value] if isinstance(value, str) else value


def has_words(submission: Document, query: str) -> bool:
    """Whether all words are in it, whatever their case and accents."""
    text = folded(
        " ".join(text for value in submission["fields"].values() for text in values(value))
    )
    return all(word in text for word in folded(query).split())


def folded(text: str) -> str:
    """Return a text without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
