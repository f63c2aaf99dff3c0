"""What each service's export says was received; the files beside are made by hand."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.exports import Csv, JsonLines
from chalicelib.model import Answer, Folder, Sender, Signal, Verdict, answers_from
from ops.imports import dialects, files
from ops.imports.entries import Received, Record, Refused, Row, Unreadable
from ops.imports.formpost import plain
from ops.imports.submission import Choices, made_of
from tests.builders import NOON, a_field, a_form, a_submission

EXPORTED = Path(__file__).parent / "exported"
CHOICES = Choices(Folder.INBOX, is_read=True, now=NOON)
ADA = Received(
    datetime(2020, 10, 13, 14, 2, 6, 88_000, UTC),
    (
        Answer("name", ("Ada",)),
        Answer("email", ("ada@example.com",)),
        Answer("topic", ("News",)),
        Answer("message", ("Hello,\nthere",)),
    ),
    origin="https://site.example",
    user_agent="Firefox",
)


def read(content: bytes, form: Any = None, service: str | None = None) -> list[Received]:
    found = list(files.entries(io.BytesIO(content)))
    return [
        dialects.received(entry, form or a_form(), service)
        for entry in found
        if not isinstance(entry, Refused)
    ]


def refusal(content: bytes, service: str | None = None) -> str:
    with pytest.raises(Unreadable) as told:
        read(content, service=service)
    return str(told.value)


@pytest.mark.parametrize("name", ["netlify.csv", "netlify.json"])
def test_netlify_says_the_same_in_csv_and_json(name: str) -> None:
    ada, bob = read((EXPORTED / name).read_bytes())

    assert ada == ADA
    assert bob.received_at == datetime(2020, 10, 14, 8, tzinfo=UTC)
    assert dict(bob.answers)["message"] == ("=1+1",)
    assert (bob.origin, bob.user_agent) == (None, "curl")


def test_netlify_s_lists_numbers_and_files_are_kept() -> None:
    answers = dict(read((EXPORTED / "netlify.json").read_bytes())[1].answers)

    assert answers["topic"] == ("News", "Events")
    assert answers["guests"] == ("2.50",)
    assert answers["cv"] == ('{"filename": "cv.pdf", "url": "https://files.example/cv.pdf"}',)
    assert "192.0.2.2" not in str(answers)


def test_a_visitor_s_own_id_stays_and_netlify_s_goes() -> None:
    [one] = read(b"id,created_at,x\nA-17,2020-10-13,y\n")

    assert one.answers == (Answer("id", ("A-17",)), Answer("x", ("y",)))


def test_spam_of_netlify_s_api_goes_to_spam() -> None:
    [one] = read(b'{"created_at": "2020-10-13", "state": "spam", "data": {"a": "b"}}')

    assert one.folder == Folder.SPAM


def test_formspree_s_json() -> None:
    ada, other = read((EXPORTED / "formspree.json").read_bytes())

    assert ada == Received(
        datetime(2018, 11, 3, 7, 28, 29, 707_000, UTC),
        (
            Answer("email", ("ada@example.com",)),
            Answer("date", ("tomorrow",)),
            Answer("message", ("Hello",)),
        ),
        subject="Engine",
        reply_to="ada@home.example",
    )
    assert other.folder == Folder.SPAM
    assert other.reply_to is None
    assert other.answers == (Answer("message", ("Hi",)), Answer("_replyto", ("not an address",)))


def test_formspree_s_csv() -> None:
    ada, other = read((EXPORTED / "formspree.csv").read_bytes())

    assert ada.received_at == datetime(2018, 11, 3, 7, 28, 29, 707_000, UTC)
    assert ada.answers == answers_from([("email", "ada@example.com"), ("message", 'Say "hello"')])
    assert other.answers == (Answer("message", ("Hi",)),)


def test_a_name_that_has_two_columns_has_two_values() -> None:
    [one] = read(b"_date,topic,topic\n2020-10-13,News,Events\n")

    assert one.answers == (Answer("topic", ("News", "Events")),)


def test_our_own_json_lines_lose_nothing_but_the_hash_of_the_address() -> None:
    stored = a_submission(
        folder=Folder.ARCHIVE,
        answers=(
            Answer("topic", ("News", "", "line\nbreak")),
            Answer("__proto__", ("=1+1",)),
            Answer("", ("\x00" + "x" * 100_000,)),
        ),
        verdict=Verdict((Signal("honeypot", 2.5, "_gotcha was filled in"),), 5.0),
        sender=Sender("", "https://site.example", "Firefox"),
        subject="Hi",
        reply_to="ada@example.com",
        is_read=True,
    )

    [one] = read(JsonLines().line(stored).encode())

    assert made_of(one, a_form(), CHOICES) == stored


def test_our_own_csv_comes_back_with_its_fields_and_folder() -> None:
    form = a_form(fields=(a_field("topic", multiple=True), a_field("message")))
    stored = a_submission(
        folder=Folder.SPAM,
        answers=(
            Answer("topic", ("News", "Events")),
            Answer("message", ("=1|2\ntwo lines",)),
            Answer("id", ("-17",)),
            Answer("-x", ("+44 20 7946 0958",)),
            Answer("left over", ("a", "b")),
        ),
        verdict=Verdict((Signal("honeypot", 10.0, "_gotcha was filled in"),), 5.0),
        sender=Sender("", None, None),
        subject="@home",
    )
    sheet = Csv(("topic", "message", "id", "-x"), has_byte_order_mark=True)

    [one] = read((sheet.head() + sheet.line(stored)).encode(), form)
    again = made_of(one, form, CHOICES)

    assert again.verdict.points == 10.0
    assert [signal.check for signal in again.verdict.signals] == ["import"]
    assert (again.answers, again.id, again.folder) == (stored.answers, stored.id, Folder.SPAM)
    assert (again.received_at, again.subject, again.is_read) == (NOON, "@home", False)


@given(st.text())
@example("|")
@example("=a|b")
def test_every_cell_of_ours_says_what_was_sent(text: str) -> None:
    """But for NUL, and for texts that look as if we had marked them."""
    sheet = Csv(("x",), has_byte_order_mark=False)
    stored = a_submission(answers=(Answer("x", (text,)),))
    [row] = list(files.entries(io.BytesIO((sheet.head() + sheet.line(stored)).encode())))

    assert isinstance(row, Row)
    if not text.startswith("'"):
        assert plain(dict(row.cells)["x"]) == text.replace("\x00", "\ufffd")


@pytest.mark.parametrize("text", ["'", "'quoted'", "''=1", "'-12.5", "plain", "", "' ", "5'"])
def test_an_apostrophe_that_is_not_ours_stays(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name,message\na,b\n", "it has no received_at, created_at, _date or date, so no time"),
        (b'{"created_at": "2020-10-13", "a": "b"}', "it has no received_at, created_at, _date or"),
        (b"_date,a\n,b\n", "it has no time"),
        (b"_date,a\n31.12.2020,b\n", 'its time "31.12.2020" is not one of ISO 8601'),
        (b"_date,a\n\x1b[2J9999999999999999999999999999999999999,b\n", 'its time "\u241b[2J99999'),
        (b"_date,a\n0001-01-01T00:00:00+14:00,b\n", "its time "),
        (b"_date,a\n1969-12-31,b\n", 'its time "1969-12-31" is before 1970'),
        (b"_date,a\n2020-10-13,  \n", "nothing is filled in"),
    ],
)
def test_what_cannot_be_imported_is_told(content: bytes, words: str) -> None:
    assert refusal(content).startswith(words)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"received_at": None}, "it has no time"),
        ({"folder": "trash"}, 'its folder "trash" is none of inbox, spam, archive'),
        ({"folder": 1}, 'its folder "1" is none of inbox, spam, archive'),
        ({"fields": []}, 'its "fields" is no object'),
        ({"fields": {}}, "nothing is filled in"),
        ({"subject": True}, 'its "subject" is no text'),
        ({"spam": {"signals": {}}}, 'its "signals" is no list'),
        ({"spam": {"signals": [1]}}, 'one of its "signals" is no object'),
        ({"spam": {"signals": [{"points": "many"}]}}, 'its "points" is no number'),
        ({"sender": "me"}, 'its "sender" is no object'),
    ],
)
def test_a_document_of_ours_that_was_changed_is_told(change: Any, words: str) -> None:
    document = json.loads(JsonLines().line(a_submission()))

    assert refusal(json.dumps({**document, **change}).encode()) == words


@pytest.mark.parametrize("service", dialects.SERVICES)
@pytest.mark.parametrize("entry", [Record("line 1", {"x": "y"}), Row("line 2", (("x", "y"),))])
def test_what_is_not_the_named_service_s_is_told(service: str, entry: Any) -> None:
    with pytest.raises(Unreadable):
        dialects.received(entry, a_form(), service)
