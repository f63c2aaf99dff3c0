"""Make visitors' text safe to print: it may try to talk to the owner's terminal."""

from __future__ import annotations

import unicodedata

_SPACES = str.maketrans("\r\n\t\v\f", "     ")
_CONTROL_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
# Reorder what stands around them, so that a text reads as something else.
_BIDIRECTIONAL = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")


def one_line(text: str) -> str:
    """Return ``text`` in one line, with every control character made visible."""
    return "".join(map(_visible, " ".join(text.translate(_SPACES).split())))


def escaped_json(text: str) -> str:
    """Return JSON with the control characters escaped that JSON itself allows in strings."""
    return "".join(f"\\u{ord(c):04x}" if c != "\n" and _is_unsafe(c) else c for c in text)


def _visible(character: str) -> str:
    if _is_unsafe(character):
        return _CONTROL_PICTURES.get(ord(character), "\ufffd")
    return character


def _is_unsafe(character: str) -> bool:
    return character in _BIDIRECTIONAL or unicodedata.category(character) in _UNPRINTABLE
