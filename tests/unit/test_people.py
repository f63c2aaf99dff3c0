"""Which submissions are about a person, and how far one request comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib import people
from chalicelib.errors import InvalidCursor
from chalicelib.model import Answer
from chalicelib.people import is_about
from tests.builders import a_claim, a_form, a_submission
from tests.inbox_fakes import an_inbox

if TYPE_CHECKING:
    from chalicelib.inbox import Inbox


@pytest.mark.parametrize(
    "answers",
    [
        (Answer("email", ("ada@example.com",)),),
        (Answer("E-Mail", (" ADA@Example.COM\n",)),),
        (Answer("cc", ("x@y.example", "ada@example.com")),),
    ],
)
def test_a_value_that_is_the_address_counts(answers: tuple[Answer, ...]) -> None:
    assert is_about(a_submission(answers=answers), "Ada@example.com")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x.ada@example.com",
        "ada@example.com.",
        "ask ada@example.com",
        "adá@example.com",
        "x" * 9_999,
    ],
)
def test_another_value_does_not(value: str) -> None:
    submission = a_submission(fields={"email": value}, reply_to="grace@example.com")

    assert not is_about(submission, "ada@example.com")


def test_two_ways_to_write_one_accent_are_one_address() -> None:
    assert is_about(a_submission(reply_to="ad\u00e9@example.com"), "ade\u0301@example.com")


def stored(inbox: Inbox, form_id: str, count: int) -> None:
    for seed in range(count):
        form = inbox.forms[form_id]
        submission = a_submission(form=form_id, seed=seed)
        inbox.submissions.add(submission, form, a_claim(str(seed)))  # type: ignore[attr-defined]


def test_pages_go_on_from_form_to_form() -> None:
    inbox = an_inbox(a_form("b"), a_form("a"), a_form("c"))
    for form_id, count in (("a", 150), ("b", 0), ("c", 260)):
        stored(inbox, form_id, count)

    found: list[str] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        page = people.find("ada@example.com", cursor, inbox)
        found += [f"{form.id} {submission.id}" for submission, form in page.submissions]
        cursor, pages = page.next_cursor, pages + 1

    assert pages == 3
    assert len(found) == len(set(found)) == 410
    assert [line[0] for line in found] == ["a"] * 150 + ["c"] * 260


@pytest.mark.parametrize("cursor", ["", ".", "a", "a.", "gone.MDE", "a.nonsense"])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    inbox = an_inbox(a_form("a"))
    stored(inbox, "a", 3)

    with pytest.raises(InvalidCursor):
        people.find("ada@example.com", cursor, inbox)
