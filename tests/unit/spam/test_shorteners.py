"""A link that is shortened hides where it leads to."""

from __future__ import annotations

import pytest

from chalicelib.model import Signal
from tests.unit.spam.judging import points, signal


@pytest.mark.parametrize(
    "message",
    ["see https://bit.ly/4abc", "bit.ly/4abc", "(HTTP://WWW.BIT.LY/4abc)", "[url=//bit.ly/4]x"],
)
def test_a_short_link_is_named(message: str) -> None:
    assert signal("shorteners", {"message": message}) == Signal(
        "shorteners", 2.0, "a link by bit.ly hides where it leads to"
    )


@pytest.mark.parametrize(
    "message",
    [
        "We moved from bit.ly to our own.",
        "https://orbit.ly/a https://not-bit.ly/a https://bit.ly.example/a",
        "https://status.bit.ly/a",
        "https://youtu.be/dQw4w9WgXcQ https://maps.app.goo.gl/abc https://wa.me/1 https://t.me/a",
        "and/or 24/7",
    ],
)
def test_these_hide_nothing(message: str) -> None:
    assert points("shorteners", message) == 0


def test_one_is_found_behind_others_that_look_like_it() -> None:
    assert points("shorteners", "orbit.ly/ " * 100 + "bit.ly/x") == 2
