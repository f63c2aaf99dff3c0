"""Submissions of visitors who mean harm, and of those who only write in their own way."""

from __future__ import annotations

from typing import Any

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(1)>"
BREAKOUT = "\"'></title></textarea><svg onload=alert(1)><a href='javascript:alert(1)'>"
RIGHT_TO_LEFT_OVERRIDE = "\u202egpj.exe"
LONG = "Donaudampfschifffahrt" * 5000
EMOJI = "👩‍👩‍👧‍👦🏳️‍🌈" * 40

FIELDS: dict[str, dict[str, Any]] = {
    "script everywhere": {
        SCRIPT: SCRIPT,
        "first_name": IMAGE,
        "last_name": SCRIPT,
        "message": BREAKOUT,
        BREAKOUT: [IMAGE, SCRIPT],
        "email": "a@b.example?bcc=evil%40example.com&body=x",
    },
    "names of JavaScript": {
        "__proto__": "one",
        "constructor": "two",
        "toString": "three",
        "hasOwnProperty": "four",
        "email": "x",
        "message": "Names",
    },
    "a long text": {"first_name": "Long", "message": LONG, LONG[:2000]: "a long name"},
    "turned around": {
        "first_name": f"Eve {RIGHT_TO_LEFT_OVERRIDE}",
        RIGHT_TO_LEFT_OVERRIDE: "file",
        "message": "שלום \u202e עולם",
    },
    "emoji": {"first_name": EMOJI, "message": EMOJI, "🙂": "🙃"},
    "control characters": {
        "first_name": "Nul\0l",
        "message": "a\0b\x07c\x1b[31md\u2028e\ufffe",
        "\0": "nul",
        "": "no name",
    },
    "half a character": {"first_name": "Half", "message": "\ud83d alone"},
    "many": {f"field {number}": f"value {number}" for number in range(500)},
    "blank": {"first_name": "", "message": " \n\t "},
    "nothing": {},
    "mail headers": {
        "first_name": "Mail",
        "email": "a@b.example\r\nBcc: evil@example.com",
        "message": "m",
    },
}
