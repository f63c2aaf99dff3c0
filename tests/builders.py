"""Builders: a valid value of each noun, in which a test names only what matters to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from chalicelib.channels import Notice
from chalicelib.intake import Post
from chalicelib.model import (
    Claim,
    Field,
    Folder,
    Form,
    Novelty,
    Quota,
    Sender,
    Submission,
    Target,
    answers_from,
    new_submission_id,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
# What a visitor of the shipped contact form fills in: all seven fields.
ADA = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "job_title": "Analyst",
    "phone_number": "+44 20 7946 0958",
    "company": "Analytical Engines",
    "message": "Please call me about the engine.",
}


def a_form(form_id: str = "contact", **changes: Any) -> Form:
    """Return a form that takes any field."""
    return Form(**{"id": form_id, "title": "Contact us", **changes})


def a_field(name: str = "email", **changes: Any) -> Field:
    """Return a text field."""
    return Field(**{"name": name, "label": name.capitalize(), **changes})


def a_post(fields: dict[str, Any] | None = None, **changes: Any) -> Post:
    """Return a browser's plain post of some fields."""
    return Post(
        **{
            "form": "contact",
            "body": urlencode(ADA if fields is None else fields, doseq=True).encode(),
            "content_type": "application/x-www-form-urlencoded",
            "own_origin": "https://api.example",
            "ip": "192.0.2.1",
            "origin": "https://site.example",
            "user_agent": "Firefox",
            **changes,
        }
    )


def a_submission(
    *, minutes: float = 0, seed: int = 0, fields: dict[str, str] | None = None, **changes: Any
) -> Submission:
    """Return a submission received some minutes after noon."""
    received_at = NOON + timedelta(minutes=minutes)
    return Submission(
        **{
            "id": new_submission_id(received_at, seed.to_bytes(10)),
            "form": "contact",
            "received_at": received_at,
            "sender": Sender("ip-hash", "https://site.example", "Firefox"),
            "answers": answers_from((fields or {"email": "ada@example.com"}).items()),
            "folder": Folder.INBOX,
            **changes,
        }
    )


def a_claim(
    key: str = "key-1", *, fingerprint: str = "print-1", minutes: float = 60, **changes: Any
) -> Claim:
    """Return a claim that ends some minutes after noon."""
    return Claim(key, fingerprint, _unix_seconds(minutes), **changes)


def a_quota(key: str = "quota-1", *, limit: int = 2, minutes: float = 60) -> Quota:
    """Return a quota whose window ends some minutes after noon."""
    return Quota(key, limit, _unix_seconds(minutes))


def a_novelty(
    kind: Literal["proof", "content"] = "content",
    *,
    key: str = "novelty-1",
    holder: str = "Ada",
    minutes: float = 60,
) -> Novelty:
    """Return a novelty that is one again some minutes after noon."""
    return Novelty(kind, key, holder, _unix_seconds(minutes))


def _unix_seconds(minutes: float) -> int:
    return int((NOON + timedelta(minutes=minutes)).timestamp())


def a_notice(
    channel: str = "email", settings: dict[str, Any] | None = None, **changes: Any
) -> Notice:
    """Return what a target of one channel is told of a submission."""
    return Notice(
        **{
            "submission": a_submission(),
            "form": a_form(),
            "target": Target(channel, channel, settings or {}),
            "now": NOON,
            "inbox_url": None,
            "claim_address": lambda _address: True,
            **changes,
        }
    )
