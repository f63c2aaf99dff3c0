"""Visitors' text in the owner's terminal."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.terminal import escaped_json, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße, 世界 👩‍🚀", "Grüße, 世界 👩‍🚀"),
        ("one\r\ntwo\n\n  three\t", "one two three"),
        ("\x1b[2J\x1b]0;title\x07", "␛[2J␛]0;title␇"),
        ("\x9b31m", "\ufffd31m"),
        ("\x7f", "␡"),
        ("a\u202egnp.exe", "a\ufffdgnp.exe"),
        ("[red]not markup[/red]", "[red]not markup[/red]"),
        ("\ud800", "\ufffd"),
    ],
)
def test_text_is_one_line_and_controls_are_visible(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(st.text())
def test_no_text_can_control_a_terminal(text: str) -> None:
    controls = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), "\u202e", "\u2066"}

    assert controls.isdisjoint(one_line(text))


@given(st.text())
def test_json_says_the_same_after_escaping(text: str) -> None:
    document = json.dumps([text], indent=2, ensure_ascii=False)

    assert json.loads(escaped_json(document)) == [text]
    assert {"\x1b", "\x7f", "\x9b", "\u202e"}.isdisjoint(escaped_json(document))
