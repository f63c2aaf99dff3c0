"""What the owner's requests are answered with, as docs/inbox-api.md describes it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from chalicelib import entries
from chalicelib.answers import Answer
from chalicelib.errors import NotSignedIn
from chalicelib.model import timestamp
from chalicelib.tokens import expiry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.delivery import Delivery
    from chalicelib.inbox import Changed, Counts, Export, Names, Whole
    from chalicelib.model import Folder, Form, Page
    from chalicelib.people import Found, Receipt
    from chalicelib.tokens import Token

NO_CONTENT = Answer("", HTTPStatus.NO_CONTENT, {"Content-Type": "text/plain; charset=utf-8"})


def forms(
    unread_by_form: Sequence[tuple[Form, Mapping[Folder, int]]], token: Token | None
) -> Answer:
    """Return every form, and under which token one sees them."""
    if token is None:
        raise NotSignedIn
    ends_at = expiry(token)
    return Answer(
        {
            "forms": [_form(form, unread) for form, unread in unread_by_form],
            "token": {
                "name": token.name,
                "scope": token.scope.value,
                "expires_at": timestamp(ends_at) if ends_at else None,
            },
        }
    )


def page(found: Page, form: Form) -> Answer:
    """Return one page of a list."""
    listed = [entries.entry(submission, form) for submission in found.submissions]
    return Answer({"submissions": listed, "next_cursor": found.next_cursor})


def whole(found: Whole) -> Answer:
    """Return one submission with its deliveries."""
    return Answer(entries.document(found.submission, found.form, found.deliveries))


def changed(changed: Changed) -> Answer:
    """Return what became of each of many."""
    return Answer({"changed": changed.changed, "missing": changed.missing})


def delivery(sent: Delivery, form: Form) -> Answer:
    """Return a delivery that was taken on."""
    channel_by_target = {target.name: target.channel for target in form.targets}
    document = entries.delivery_document(sent, channel_by_target.get(sent.target))
    return Answer(document, HTTPStatus.ACCEPTED)


def counts(counted: Counts) -> Answer:
    """Return how many came each day, oldest first."""
    days = [
        {"day": day.isoformat(), **{folder.value: number for folder, number in by_folder.items()}}
        for day, by_folder in sorted(counted.by_day.items())
    ]
    return Answer({"days": days, "next_cursor": counted.next_cursor})


def names(found: Names) -> Answer:
    """Return names of fields."""
    return Answer({"names": found.names, "next_cursor": found.next_cursor})


def export(written: Export, content_type: str) -> Answer:
    """Return one page of an export; the header says where the next one begins."""
    headers = {"Content-Type": content_type}
    if written.next_cursor:
        headers["X-Next-Cursor"] = written.next_cursor
    return Answer(written.text, headers=headers)


def people(found: Found) -> Answer:
    """Return what is about a person."""
    listed = [entries.entry(submission, form) for submission, form in found.submissions]
    return Answer({"submissions": listed, "next_cursor": found.next_cursor})


def receipt(erased: Receipt) -> Answer:
    """Return what was erased."""
    return Answer(erased._asdict())


def _form(form: Form, unread: Mapping[Folder, int]) -> dict[str, Any]:
    return {
        "id": form.id,
        "title": form.title,
        "fields": [
            {"name": field.name, "label": field.label, "type": field.type} for field in form.fields
        ],
        "targets": [{"name": target.name, "channel": target.channel} for target in form.targets],
        "retention_days": form.retention_days,
        "unread": {folder.value: number for folder, number in unread.items()},
    }
