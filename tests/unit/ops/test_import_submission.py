"""What was received elsewhere, as a submission: its id, and what the table does not take."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.model import Answer, Folder, Signal
from ops.imports.entries import Received, Unreadable
from ops.imports.submission import Choices, made_of
from tests.builders import NOON, a_form

CHOICES = Choices(Folder.INBOX, is_read=True, now=NOON)
AT = datetime(2020, 10, 13, 14, 2, 6, 88_000, UTC)


def received(**changes: Any) -> Received:
    answers = (Answer("name", ("Ada",)), Answer("message", ("Hello",)))
    return Received(**{"received_at": AT, "answers": answers, **changes})


def test_the_same_row_has_the_same_id_each_time() -> None:
    # 01EMH499W8 is 1602597726088 ms in Crockford's base 32; the rest is the beginning of
    # SHA-256 of the JSON in identity.py, by hand: see the next lines.
    content = '["contact", 1602597726088, [["message", ["Hello"]], ["name", ["Ada"]]], null, null]'
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = int.from_bytes(hashlib.sha256(content.encode()).digest()[:10])
    hashed = "".join(digits[number >> shift & 31] for shift in range(75, -1, -5))

    assert made_of(received(), a_form(), CHOICES).id == f"01EMH499W8{hashed}"


def test_a_cell_for_nothing_and_the_order_of_columns_make_no_other_id() -> None:
    other = (Answer("message", ("Hello",)), Answer("phone", ("",)), Answer("name", ("Ada",)))

    first, again = (
        made_of(each, a_form(), CHOICES) for each in (received(), received(answers=other))
    )

    assert first.id == again.id


@pytest.mark.parametrize(
    "change",
    [
        {"received_at": AT + timedelta(milliseconds=1)},
        {"answers": (Answer("name", ("Ada",)), Answer("message", ("Hello!",)))},
        {"answers": (Answer("name", ("Ada", "Hello")),)},
        {"subject": "Hi"},
        {"reply_to": "ada@example.com"},
    ],
)
def test_another_submission_has_another_id(change: Any) -> None:
    assert (
        made_of(received(**change), a_form(), CHOICES).id
        != made_of(received(), a_form(), CHOICES).id
    )


def test_an_id_of_ours_stays_in_its_form_and_in_no_other() -> None:
    """Deliveries go by the id alone: erasing one would take those of the other."""
    own = received(id="01EMH499W8" + "0" * 16, form="contact")

    assert made_of(own, a_form(), CHOICES).id == own.id
    moved = made_of(own, a_form("news"), CHOICES)
    assert moved.form == "news"
    assert moved.id[:10] == own.id[:10]
    assert moved.id != own.id


@pytest.mark.parametrize(
    "own_id", ["01EMH499W9" + "0" * 16, "01EMH499W8" + "U" * 16, "01EMH499W8", "x" * 26]
)
def test_an_id_that_cannot_be_is_refused(own_id: str) -> None:
    with pytest.raises(Unreadable, match="its id does not belong to its time"):
        made_of(received(id=own_id, form="contact"), a_form(), CHOICES)


def test_the_file_s_word_is_before_the_owner_s_choice() -> None:
    choices = Choices(Folder.ARCHIVE, is_read=False, now=NOON)

    said = made_of(received(folder=Folder.SPAM, is_read=True), a_form(), choices)
    chosen = made_of(received(), a_form(), choices)

    assert (said.folder, said.is_read) == (Folder.SPAM, True)
    assert (chosen.folder, chosen.is_read) == (Folder.ARCHIVE, False)


def test_spam_says_why_it_is() -> None:
    spam = made_of(received(folder=Folder.SPAM), a_form(), CHOICES)
    known = made_of(received(folder=Folder.SPAM, signals=(Signal("a", 7, "b"),)), a_form(), CHOICES)

    assert spam.verdict.is_spam
    assert spam.verdict.reasons == ("import: was spam where it was exported",)
    assert known.verdict.reasons == ("a: b",)


def test_retention_counts_from_when_it_was_received() -> None:
    form = a_form(retention_days=30)
    recent = received(received_at=NOON - timedelta(days=29))

    made = made_of(recent, form, CHOICES)

    assert made.expires_at == int((NOON + timedelta(days=1)).timestamp())
    with pytest.raises(Unreadable, match="it is older than the 30 days of retention_days"):
        made_of(received(received_at=NOON - timedelta(days=30)), form, CHOICES)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"received_at": NOON + timedelta(days=2)}, "its time 2026-11-25 is still to come"),
        ({"answers": (Answer("x", ("ä" * 200_000,)),)}, "bytes; 400,000 can be kept together"),
        ({"answers": (Answer("x", ("\ud800",)),)}, "a character that UTF-8 cannot hold"),
    ],
)
def test_what_the_table_does_not_take_is_refused(change: Any, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        made_of(received(**change), a_form(), CHOICES)
