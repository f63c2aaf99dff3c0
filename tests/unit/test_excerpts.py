"""A submission in short, as chats show it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.excerpts import Entry, Excerpt, Room, excerpt, headline, utf16_length
from chalicelib.model import Answer
from tests.builders import a_form, a_submission

SUBMISSION_ID = "01M83QVA5WS38ENTNS9E5CX93W"


def one(_character: str) -> int:
    """Count as if no character were written as more than one."""
    return 1


def twice_if_a(character: str) -> int:
    """Count as if each "a" were escaped."""
    return 2 if character == "a" else 1


def a_room(
    *, entries: int = 10, label: int = 20, text: int = 100, total: int = 1000, overhead: int = 0
) -> Room:
    return Room(entries, label, text, total, overhead, one)


def test_length_is_counted_as_javascript_counts() -> None:
    assert utf16_length("aü€") == 3
    assert utf16_length("😀") == len("😀".encode("utf-16-le")) // 2 == 2


def test_the_headline_names_form_and_reference_and_cuts_the_form_s_title_only() -> None:
    submission = a_submission(id=SUBMISSION_ID)
    long_title = a_form(title="Contact us about everything")

    assert headline(submission, a_form(), max_length=50, cost=one) == (
        "Contact us: new submission 9E5C-X93W"
    )
    assert headline(submission, long_title, max_length=36, cost=one) == (
        "Contact u…: new submission 9E5C-X93W"
    )


def test_an_excerpt_of_what_fits_is_all_of_it() -> None:
    answers = (Answer("left blank", (" ",)), Answer("names", ("Ann ", "Bob")))
    submission = a_submission(answers=answers, subject="Hello", reply_to="a@b.c")
    entries = (Entry("Subject", "Hello"), Entry("Reply to", "a@b.c"), Entry("names", "Ann \nBob"))
    # 7 + 5, 8 + 5 and 5 + 8 characters, and two more for each.
    exactly = a_room(entries=3, label=8, text=8, total=12 + 13 + 13 + 6, overhead=2)

    assert excerpt(submission, a_form(), exactly) == Excerpt(entries, is_shortened=False)


@pytest.mark.parametrize(
    ("room", "entries"),
    [
        (a_room(entries=1), [("message", "0123456789")]),
        (a_room(label=4), [("mes…", "0123456789"), ("name", "Ann")]),
        (a_room(text=5), [("message", "0123…"), ("name", "Ann")]),
        # 11 characters of labels and 9 of texts: 3 for the short one, 6 for the long one.
        (a_room(total=20), [("message", "01234…"), ("name", "Ann")]),
        (a_room(total=26, overhead=3), [("message", "01234…"), ("name", "Ann")]),
        (a_room(total=15), [("message", "0…"), ("name", "A…")]),
    ],
    ids=["entries", "label", "text", "total", "overhead", "total for two"],
)
def test_an_excerpt_keeps_to_each_limit_and_says_so(
    room: Room, entries: list[tuple[str, str]]
) -> None:
    """A long text is cut first: what follows it is not pushed out."""
    submission = a_submission(fields={"message": "0123456789", "name": "Ann"})

    shown = excerpt(submission, a_form(), room)

    assert [tuple(entry) for entry in shown.entries] == entries
    assert shown.is_shortened


def test_no_blank_stands_before_an_ellipsis() -> None:
    shown = excerpt(a_submission(fields={"x": "one two three"}), a_form(), a_room(text=9))

    assert shown.entries == (Entry("x", "one two…"),)


def test_what_is_written_as_more_characters_is_counted_as_more() -> None:
    room = Room(entries=10, label=20, text=6, total=100, overhead=0, cost=twice_if_a)

    shown = excerpt(a_submission(fields={"x": "aaa", "y": "aaaa", "z": "bbbbbb"}), a_form(), room)

    assert [entry.text for entry in shown.entries] == ["aaa", "aa…", "bbbbbb"]


@given(
    st.lists(st.text(st.sampled_from("ab \n😀\x00"), min_size=1, max_size=40), max_size=8),
    st.integers(80, 200),
)
def test_no_text_breaks_a_limit(texts: list[str], total: int) -> None:
    submission = a_submission(
        answers=tuple(Answer(f"{number} {text}", (text,)) for number, text in enumerate(texts))
    )
    room = Room(entries=5, label=10, text=30, total=total, overhead=3, cost=twice_if_a)

    shown = excerpt(submission, a_form(), room)

    labels = [sum(map(twice_if_a, entry.label)) for entry in shown.entries]
    lengths = [sum(map(twice_if_a, entry.text)) for entry in shown.entries]
    assert len(shown.entries) <= 5
    assert all(length <= 10 for length in labels)
    assert all(0 < length <= 30 for length in lengths)
    assert sum(labels) + sum(lengths) + 3 * len(lengths) <= total
