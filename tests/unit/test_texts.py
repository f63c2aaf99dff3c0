"""Texts are made fit to stand where a line is wanted."""

from __future__ import annotations

import pytest

from chalicelib.texts import shortened


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("short", "short"),
        ("exactly10!", "exactly10!"),
        ("eleven long", "eleven lo…"),
        (" two\n lines ", "two lines"),
        ("cut  before a blank", "cut befor…"),
        ("x" * 400_000, "xxxxxxxxx…"),
        ("a\x00b\u202ec", "a\ufffdbc"),
        (" " * 100 + "far behind", "…"),
        ("", ""),
    ],
)
def test_a_text_is_cut_to_one_line_of_ten(text: str, short: str) -> None:
    assert shortened(text, 10) == short
    assert len(shortened(text, 10)) <= 10
