"""Markup of forums is spam's; that of web pages is also people's who report a fault."""

from __future__ import annotations

import pytest

from chalicelib.model import Signal
from tests.unit.spam.judging import points, signal


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("[url=https://x.example]x[/url]", 4),
        ("[URL]https://x.example[/URL]", 4),
        ("[link=https://x.example]x[/link]", 4),
        ("[img]https://x.example/a.png[/img]", 4),
        ("<a href=https://x.example>x</a>", 2),
        ("<A  HREF='https://x.example'>x</A>", 2),
        ("<script>alert(1)</script>", 2),
        ("<ScRiPt src=//x.example>", 2),
        ("<iframe src=x>", 2),
        ('" onerror="alert(1)', 2),
        ("<body onload = go()>", 2),
        ("JavaScript:alert(1)", 2),
        ("<a href=https://x.example>x</a> [url=https://x.example]x[/url]", 6),
    ],
)
def test_markup_weighs(message: str, expected: float) -> None:
    assert points("markup", message) == expected


@pytest.mark.parametrize(
    "message",
    [
        "I love it <3, and 1 < 2 > 0.",
        "Is <b>bold</b> or <p>paragraph</p> possible? A <article> or <svgs> too?",
        "The [sic] url [1], see [link] below: url=none [urls=2]",
        "An on error = off setting; onerous; I use JavaScript: it is on.",
        "Ada <ada@example.com>, <https://example.com>",
        "See [url], [img] and /url] for list[link] = 1",
    ],
)
def test_these_are_no_markup(message: str) -> None:
    assert points("markup", message) == 0


def test_the_sentence_shows_what_was_seen_in_one_line() -> None:
    message = "Hi\n<script>\nalert('a rather long text, which is cut at some place')\n</script>"

    assert signal("markup", {"message": message}) == Signal(
        "markup", 2.0, """markup in the text: "<script> alert('a rather long text, whi…\""""
    )
