"""Names that mean something inside mean nothing when a stranger sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.model import Folder
from tests.functional.owner import owner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.owner import Owner

# Every attribute of the table's items, of a submission and of its documents, and what reaches
# into objects in other languages.
RESERVED = (
    *("pk", "sk", "folder_key", "unread_key", "fields", "received_at", "threshold", "ip_hash"),
    *("signals", "origin", "user_agent", "subject", "reply_to", "expires_at", "claim", "seen"),
    *("id", "form", "folder", "is_read", "verdict", "spam", "sender", "deliveries", "imported"),
    *("last_change", "submission_id", "shard", "__proto__", "constructor", "__class__", "self"),
)
# What steers in the dialects of others, and must not here: who is told, by whom and how.
FOREIGN = (
    *("_to", "_cc", "_bcc", "ccemail", "_from", "from_name", "_webhook", "webhook", "_template"),
    *("_reply_mail_template", "_autoresponse", "access_key", "_format", "_email"),
)


@pytest.fixture
def it() -> Iterator[Owner]:
    with owner() as signed_in:
        yield signed_in


def test_reserved_names_are_fields_like_any_other(it: Owner) -> None:
    sent = {**dict.fromkeys(RESERVED, "spam"), "expires_at": "1", "message": "hello"}

    answer = it.gateway.post_json("/f/contact", sent)

    shown = it.ask("GET", f"/forms/contact/submissions/{answer.json['id']}").json
    assert shown["fields"] == sent
    assert (shown["folder"], shown["is_read"], shown["form"]) == (Folder.INBOX, False, "contact")
    assert shown["received_at"] == answer.json["received_at"]
    [item] = [item for item in it.items() if item["sk"]["S"].startswith("SUB#")]
    assert "expires_at" not in item
    assert item["folder_key"]["S"] == "FORM#contact#0#inbox"


def test_who_is_told_never_comes_from_a_post(it: Owner) -> None:
    sent = dict.fromkeys(FOREIGN, "mallory@evil.example")

    answer = it.gateway.post_json("/f/contact", sent)

    shown = it.ask("GET", f"/forms/contact/submissions/{answer.json['id']}").json
    assert shown["fields"] == sent
    assert (shown["subject"], shown["reply_to"]) == (None, None)


def test_a_change_changes_what_it_may_and_nothing_else(it: Owner) -> None:
    submission = it.store()
    path = f"/forms/contact/submissions/{submission.id}"
    before = it.ask("GET", path).json

    answer = it.ask(
        "PATCH",
        path,
        {"is_read": True, "id": "0" * 26, "fields": {}, "spam": None, "received_at": "1999-01-01"},
    )

    assert answer.json == {**before, "is_read": True}
    assert it.ask("GET", path).json == {**before, "is_read": True}
