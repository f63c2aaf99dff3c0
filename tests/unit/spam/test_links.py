"""Links are counted; one where a name belongs is no name."""

from __future__ import annotations

import pytest

from chalicelib.model import Signal
from tests.unit.spam.judging import points, signal


def links(count: int) -> str:
    return " ".join(f"https://site{number}.example/page" for number in range(count))


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, 0), (2, 0), (3, 1), (4, 1), (5, 2), (9, 2), (10, 3), (19, 3), (20, 4), (900, 4)],
)
def test_many_links_weigh_more(count: int, expected: float) -> None:
    assert points("links", links(count)) == expected


@pytest.mark.parametrize("count", [3, 20])
def test_links_in_a_text_that_somebody_has_written_weigh_nothing(count: int) -> None:
    """A newsletter has dozens, and more than a hundred characters to each."""
    message = " ".join(f"{'words and words ' * 5} {link}" for link in links(count).split())

    assert points("links", message) == 0


def test_a_text_after_more_links_than_are_counted_does_not_help() -> None:
    assert points("links", f"{links(300)} {'words and words ' * 200}") == 4


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("http://198.51.100.7/x", 2),
        ("http://www.198.51.100.7", 2),
        ("http://192.168.1.1/ is my router", 0),
        ("http://10.0.0.5:8080", 0),
        ("https://1and1.example", 0),
        ("https://4711.example", 0),
    ],
)
def test_a_link_to_a_bare_address_weighs(link: str, expected: float) -> None:
    assert points("links", f"Please look at {link}") == expected


def test_links_alone_reach_no_threshold_of_5() -> None:
    assert points("links", "http://198.51.100.7 " * 30) == 4


def test_both_are_said() -> None:
    found = signal("links", {"message": "http://198.51.100.7 www.a.example www.b.example"})

    assert found == Signal(
        "links",
        3.0,
        "3 links, the first to 198.51.100.7; a link to the bare address 198.51.100.7",
    )


def test_the_sentence_counts_and_names_the_first() -> None:
    message = "See http://WWW.One.example, www.two.example and https://three.example/x?y=1"

    assert signal("links", {"message": message}) == Signal(
        "links", 1.0, "3 links, the first to one.example"
    )


def test_what_is_counted_ends_somewhere() -> None:
    found = signal("links", {"message": links(900)})

    assert found is not None
    assert found.reason == "25 links or more, the first to site0.example"


@pytest.mark.parametrize(
    "message",
    [
        "ada@www.example.com " * 5,
        "postgres://db.internal:5432/app " * 5,
        "Write to example.com or e.g. to node.js, version 1.2.3. " * 5,
        "www. www.. http:// https://" * 5,
        # Code, and where a link leads on: markup has a check of its own.
        '<img src="https://cdn.example/a.png">' * 5,
        "https://example.com/?back=https://other.example/",
    ],
)
def test_these_are_no_links_in_a_text(message: str) -> None:
    assert points("links", message) == 0


@pytest.mark.parametrize("name", ["name", "first_name", "your-name", "lastName", "Vorname", "nom"])
def test_a_link_where_a_name_belongs_weighs_much(name: str) -> None:
    found = signal("links", {name: "You won!\nhttps://prize.example/claim", "message": "hi"})

    assert found == Signal(
        "links", 3.0, 'a link where a name belongs: "You won! https://prize.example/claim"'
    )


@pytest.mark.parametrize("name", ["site_name", "company-name", "website", "hostname", "message"])
def test_other_fields_may_have_one(name: str) -> None:
    assert signal("links", {name: "https://my-shop.example"}) is None


def test_a_long_name_is_shortened() -> None:
    found = signal("links", {"name": "x" * 5_000 + " https://prize.example"})

    assert found is not None
    assert found.reason == f'a link where a name belongs: "{"x" * 59}…"'
