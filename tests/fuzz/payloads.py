"""Bodies of every encoding: right ones, damaged ones, and those that are made to cost time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote_plus

from chalicelib.controls import CONTROL_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzz.dice import Dice

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"
TEXT = "text/plain"
NAMES = (
    *sorted(CONTROL_NAMES),
    *("first_name", "last_name", "email", "message", "phone_number", "company", "size", "day"),
    *("ids", "folder", "is_read", "format", "columns", "cursor", "bom", "q", "since", "a", "a[]"),
)
CHARSETS = (
    "utf-8",
    "UTF8",
    "latin1",
    "gbk",
    "iso-2022-jp",
    "utf-16",
    "utf-7",
    "rot13",
    "idna",
    "?",
)
_BOUNDARIES = ("b", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "-", "\r\n", "", "x" * 300)


class Payload(NamedTuple):
    """What is sent, and what its sender says it is."""

    body: bytes
    content_type: str | None


def payload(dice: Dice) -> Payload:
    """Return a body; one in ten is damaged afterwards, one in twenty goes under another name."""
    body, content_type = dice.one_of(_KINDS)(dice)
    if dice.chance(300):
        body, content_type = dice.one_of(_COSTLY)(dice)
    if dice.chance(10):
        body = _damaged(body, dice)
    if dice.chance(20):
        content_type = dice.one_of((None, "", FORM, JSON, TEXT, MULTIPART, dice.text()))
    return Payload(body, content_type)


def pairs(dice: Dice) -> list[tuple[str, str]]:
    """Return names and values."""
    return [(name(dice), dice.text()) for _ in range(1 + dice.count(12))]


def name(dice: Dice) -> str:
    return dice.text() if dice.chance(6) else dice.one_of(NAMES)


def document(dice: Dice) -> object:
    """Return what JSON can hold, an object for the most part."""
    if dice.chance(12):
        return dice.one_of((None, True, 0, 1.5, 10**400, "x", [], [1], [[]]))
    return {name(dice): _member(dice) for _ in range(dice.count(8))}


def _member(dice: Dice) -> object:
    if dice.chance(2):
        return dice.text()
    folders: list[object] = ["inbox", "spam", "archive", "csv", "jsonl"]
    scalars: list[object] = [None, True, False, 0, -1, 1e308, 10**30, {}, [], [None], {"a": {}}]
    lists: list[object] = [[dice.text() for _ in range(dice.count(20))], ["0" * 26], ["\ud800"]]
    return dice.one_of(folders + scalars + lists)


def _urlencoded(dice: Dice) -> Payload:
    charset = dice.one_of(CHARSETS) if dice.chance(8) else ""
    body = "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in pairs(dice))
    if charset:
        body += f"&_charset_={charset}"
    return Payload(body.encode("utf-8", "surrogatepass"), FORM + _parameter(dice))


def _quoted(text: str) -> str:
    return quote_plus(text, errors="surrogatepass")


def _json(dice: Dice) -> Payload:
    return Payload(json.dumps(document(dice)).encode(), JSON + _parameter(dice))


def _plain(dice: Dice) -> Payload:
    lines = "\r\n".join(f"{key}={value}" for key, value in pairs(dice))
    return Payload(lines.encode("utf-8", "surrogatepass"), TEXT + _parameter(dice))


def _multipart(dice: Dice) -> Payload:
    boundary = "b" if dice.chance(2) else dice.one_of(_BOUNDARIES)
    parts = [
        f"--{boundary}\r\nContent-Disposition: form-data; name={_part_name(key, dice)}"
        f"{_part_headers(dice)}\r\n\r\n{value}\r\n"
        for key, value in pairs(dice)
    ]
    end = "" if dice.chance(10) else f"--{boundary}--\r\n"
    content_type = f"{MULTIPART}; boundary={boundary}" + _parameter(dice)
    return Payload(("".join(parts) + end).encode("utf-8", "surrogatepass"), content_type)


def _part_name(key: str, dice: Dice) -> str:
    return key if dice.chance(9) else f'"{key}"'


def _part_headers(dice: Dice) -> str:
    if not dice.chance(5):
        return ""
    return dice.one_of(
        (
            '; filename="x.html"\r\nContent-Type: text/html',
            '; filename=""',
            "; filename*=utf-8''%e2%82%ac",
            f"\r\nContent-Type: text/plain; charset={dice.one_of(CHARSETS)}",
            "\r\nContent-Transfer-Encoding: base64",
            "\r\nContent-Type: multipart/mixed; boundary=c",
            f"\r\nX: {dice.text()}",
            "\r\nX: y" * 20,
        )
    )


def _junk(dice: Dice) -> Payload:
    return Payload(dice.bytes(), dice.one_of((FORM, JSON, TEXT, MULTIPART + "; boundary=b")))


def _nothing(_dice: Dice) -> Payload:
    return Payload(b"", None)


def _parameter(dice: Dice) -> str:
    if not dice.chance(8):
        return ""
    quoted = dice.one_of(CHARSETS)
    return dice.one_of(
        (f"; charset={quoted}", f';charset="{quoted}"', "; boundary=c", ";;;", ", x")
    )


def _damaged(body: bytes, dice: Dice) -> bytes:
    cut = dice.random.randrange(len(body) + 1)
    return body[:cut] + dice.bytes() + body[cut + dice.count(20) :]


def _many_fields(dice: Dice) -> Payload:
    return Payload(b"a=1&" * dice.one_of((999, 1_000, 1_001, 100_000)) + b"a=1", FORM)


def _percent_signs(dice: Dice) -> Payload:
    return Payload(b"a=" + dice.one_of((b"%", b"%41", b"+", b"%%4")) * 150_000, FORM)


def _deep(dice: Dice) -> Payload:
    depth = dice.one_of((100, 900, 20_000))
    opening, closing = dice.one_of(((b"[", b"]"), (b'{"a":', b"}")))
    return Payload(b'{"a":' + opening * depth + b"1" + closing * depth + b"}", JSON)


def _long_number(dice: Dice) -> Payload:
    return Payload(b'{"a":' + b"9" * dice.one_of((4_300, 5_000, 700_000)) + b"}", JSON)


def _many_parts(dice: Dice) -> Payload:
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    return Payload(part * dice.one_of((1_000, 1_001, 9_000)) + b"--b--", MULTIPART + "; boundary=b")


def _near_boundaries(_dice: Dice) -> Payload:
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
    return Payload(part + b"\r\n--" * 190_000 + b"\r\n--b--", MULTIPART + "; boundary=b")


def _many_lines(_dice: Dice) -> Payload:
    return Payload(b"a=1\r\n" + b"\r\n" * 390_000, TEXT)


def _long_text(dice: Dice) -> Payload:
    text = dice.one_of(("x", " ", "\n", "<", "a@", "é", "http://e ", "\U0001f600", "0.", "A"))
    key = dice.one_of(("message", "email", "_replyto", "_subject", "_next", "altcha", "email", "a"))
    size = dice.one_of((1_000, 20_000, 100_000, 390_000, 790_000))
    body = f"first_name=A&last_name=B&{key}=" + text * (size // len(text.encode()))
    return Payload(body.encode(), FORM)


def _beyond_the_limit(dice: Dice) -> Payload:
    return Payload(b"a=" + b"x" * dice.one_of((799_998, 799_999, 1_000_000, 4_400_000)), FORM)


_KINDS: tuple[Callable[[Dice], Payload], ...] = (
    *(_urlencoded, _urlencoded, _urlencoded, _json, _json, _json, _multipart, _multipart),
    *(_plain, _junk, _nothing),
)
_COSTLY: tuple[Callable[[Dice], Payload], ...] = (
    *(_many_fields, _percent_signs, _deep, _long_number, _many_parts, _near_boundaries),
    *(_many_lines, _long_text, _long_text, _beyond_the_limit),
)
