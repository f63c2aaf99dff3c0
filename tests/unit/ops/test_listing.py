"""Submissions in the terminal."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.model import Answer, Folder, Sender, Signal, Submission, Verdict
from ops import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

RECEIVED_AT = datetime(2026, 11, 23, 8, 20, 5, 436000, tzinfo=UTC)


@pytest.fixture(autouse=True)
def narrow_terminal_in_utc() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("COLUMNS", "80")
        environment.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def a_submission(*answers: tuple[str, ...], **changes: Any) -> Submission:
    values: dict[str, Any] = {
        "id": "01M83QVA5WS38ENTNS9E5CX93W",
        "form": "contact",
        "received_at": RECEIVED_AT,
        "answers": tuple(Answer(name, tuple(values)) for name, *values in answers),
        "folder": Folder.INBOX,
        "verdict": Verdict((Signal("honeypot", 10.0, "_gotcha was filled in"),), 5.0),
        "sender": Sender("ab12", "https://site.example", "Browser"),
        **changes,
    }
    return Submission(**values)


def test_json_has_everything_but_the_hash_of_the_address() -> None:
    submission = a_submission(("name", "Ann"), ("topic", "a", "b"), subject="Hello")

    assert json.loads(listing.as_json([submission])) == [
        {
            "id": "01M83QVA5WS38ENTNS9E5CX93W",
            "reference": "9E5C-X93W",
            "form": "contact",
            "received_at": "2026-11-23T08:20:05.436Z",
            "folder": "inbox",
            "fields": {"name": "Ann", "topic": ["a", "b"]},
            "subject": "Hello",
            "reply_to": None,
            "spam": {
                "points": 10.0,
                "signals": [
                    {"check": "honeypot", "points": 10.0, "reason": "_gotcha was filled in"}
                ],
            },
            "sender": {"origin": "https://site.example", "user_agent": "Browser"},
        }
    ]


def test_json_of_nothing_is_an_empty_array() -> None:
    assert json.loads(listing.as_json([])) == []


def test_table_shows_who_and_what_within_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    submission = a_submission(
        ("first_name", "Ann"),
        ("last_name", "Lee"),
        ("email", "ann@site.example"),
        ("message", "Good morning,\nplease call me back. " + "It is urgent. " * 20),
    )

    listing.print_table([submission], limit=50, folder="inbox", form_count=2)

    head, line = capsys.readouterr().out.splitlines()
    assert head.split() == ["Reference", "Received", "Form", "From", "Message"]
    assert line.startswith("9E5C-X93W  2026-11-23 08:20  contact  Ann Lee <ann@")
    assert "Good morning, pl" in line
    assert max(len(head), len(line)) <= 80


def test_visitors_cannot_talk_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = a_submission(("name", "\x1b[2J[bold]x[/bold]"), ("message", "\x1b]0;owned\x07"))

    listing.print_table([hostile], limit=50, folder="inbox", form_count=1)

    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "␛[2J[bold]x[/bold]" in shown


@pytest.mark.parametrize(
    ("answers", "sender", "message"),
    [
        ([("email", "a@b.example"), ("message", "Hi")], "a@b.example", "Hi"),
        ([("Name", "Ann"), ("comment", "A longer text")], "Ann", "A longer text"),
        ([("color", "red", "blue")], "", "red, blue"),
        ([], "", ""),
    ],
)
def test_any_form_has_something_telling(
    capsys: pytest.CaptureFixture[str], answers: list[tuple[str, ...]], sender: str, message: str
) -> None:
    listing.print_table([a_submission(*answers)], limit=50, folder="inbox", form_count=1)

    line = capsys.readouterr().out.splitlines()[1]
    assert line.split()[3:] == [*sender.split(), *message.split()]


def test_more_than_the_limit_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    listing.print_table([a_submission()] * 3, limit=2, folder="inbox", form_count=1)

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[-1] == "The newest 2; --limit shows more, --json everything."


def test_empty_inbox_teaches_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_PORT", "9090")

    listing.print_table([], limit=50, folder="inbox", form_count=1)

    assert capsys.readouterr().out == (
        "Nothing yet. Post the form on http://localhost:9090/contact.html\n"
    )
