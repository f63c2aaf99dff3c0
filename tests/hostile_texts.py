"""Texts that make slow patterns slow: long repeats, near misses, characters that grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARKS = "".join(map(chr, range(0x300, 0x370)))
# What is repeated, by what it is.
REPEATED: Mapping[str, str] = {
    "letter": "a",
    "capitals": "aB",
    "digit": "1",
    "blank": " ",
    "line break": "\n",
    "carriage return": "\r\n",
    "tab": "\t",
    "at": "@",
    "dot": ".",
    "dash": "-",
    "underscore": "_",
    "slash": "/",
    "backslash": "\\",
    "bracket": "[",
    "brackets": "][",
    "angle": "<",
    "anchor": "<a ",
    "anchor blanks": "<a" + " " * 50,
    "quote": "\"'",
    "equals": "=",
    "percent": "%0a",
    "header": "\nbcc ",
    "header blanks": "\n\n\n\nbcc    ",
    "on": "onerror ",
    "scheme": "http://",
    "schemes": "https://a.b",
    "www": "www.",
    "www host": "www.a.b/",
    "url": "[url=",
    "url end": "[/url]",
    "short": "bit.ly/",
    "near short": "xbit.ly/",
    "address": "a@b.c ",
    "dotted address": "a.",
    "blocked": "casino",
    "near blocked": "casinos ",
    "umlaut": "ä",
    "combining": "e\u0301\u0302",
    "marks": _MARKS,
    "ligature": "\ufdfa",
    "sharp s": "ß",
    "cyrillic": "где ",
    "chinese": "好",
    "emoji": "\U0001f600",
    "surrogate": "\ud800",
    "nul": "\0",
    "words": "the and to of ",
    "random": "xKjHgTrEwQ ",
}


def hostile(kind: str, length: int) -> str:
    """Return a text of so many characters."""
    piece = REPEATED[kind]
    return (piece * (length // len(piece) + 1))[:length]
