"""What the checks read of a submission: bounded, and each part made once."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.reading import HEAD_LENGTH, TAIL_LENGTH, Reading
from tests.builders import a_submission


def reading(message: str, **changes: Any) -> Reading:
    return Reading(a_submission(fields={"name": "Ada", "message": message}, **changes))


def test_the_text_is_subject_and_values_a_line_each() -> None:
    assert reading("Hello\nyou", subject="Hi").text == "Hi\nAda\nHello\nyou"


def test_names_of_fields_are_not_read() -> None:
    """They are the owner's words."""
    assert "message" not in reading("Hello").text


def test_of_a_long_text_both_ends_are_read() -> None:
    text = reading(f"BEGINNING {'x' * 400_000} END").text

    assert text.startswith("Ada\nBEGINNING xx")
    assert text.endswith("xx END")
    assert len(text) == HEAD_LENGTH + TAIL_LENGTH + 1


def test_case_and_accents_are_folded() -> None:
    it = reading("Die STRASSE\n\n  zum   Café")

    assert it.folded == "ada\ndie strasse\n\n  zum   café"
    assert it.unaccented == "ada die strasse zum cafe"


def test_a_character_that_grows_when_folded_grows_to_a_bound() -> None:
    assert len(reading("\ufdfa" * 400_000).unaccented) <= 4 * (HEAD_LENGTH + TAIL_LENGTH + 1)


def test_the_longest_value_is_what_a_visitor_wants_to_say() -> None:
    assert reading("Hello you").longest == "Hello you"
    assert Reading(a_submission(fields={})).longest == "ada@example.com"


def test_addresses_are_values_that_are_nothing_else() -> None:
    submission = a_submission(
        fields={
            "your-email": " ADA@Example.com ",
            "friend": "eve@example.org",
            "again": "ada@example.com",
            "message": "write to bob@example.net",
            "handle": "@ada",
        },
        reply_to="desk@example.com",
    )

    assert Reading(submission).addresses == [
        *("desk@example.com", "ada@example.com", "eve@example.org")
    ]


def test_of_many_addresses_ten_are_looked_at() -> None:
    fields = {f"friend{number}": f"f{number}@example.com" for number in range(50)}

    assert len(Reading(a_submission(fields=fields)).addresses) == 10


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("https://Example.com/a?b", ["example.com"]),
        ("http://www.example.com", ["example.com"]),
        ("(www.example.com)", ["example.com"]),
        ("https://a.example,https://b.example:8080/", ["a.example", "b.example"]),
        ("https://münchen.example/", ["münchen.example"]),
        ("ftp://a.example mailto:a@b.example example.com http://localhost:8000", []),
        ('href="https://a.example" src=https://b.example', []),
        ("", []),
    ],
)
def test_links_are_known_by_their_hosts(text: str, hosts: list[str]) -> None:
    assert reading(text).links == hosts


def test_of_many_links_the_first_are_looked_at() -> None:
    assert reading("https://a.example " * 500).links == ["a.example"] * 25
