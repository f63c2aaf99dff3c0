"""What no answer may break, whatever was asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.gateway import FAILED, LATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conversion import Answer

_UNAVAILABLE = 503
# A page may say what was typed only where it cannot be read as anything else.
_PAGE_TYPE = "text/html; charset=utf-8"


def kind_of(answer: Answer | None) -> str:
    """Return under which name an answer is counted."""
    if answer is None or answer in (FAILED, LATE):
        return "dropped"
    if answer.status == _UNAVAILABLE and _code(answer) in {"store_unavailable", "page"}:
        return "the store's own 503"
    return f"{answer.status // 100}xx"


def broken_promises(answer: Answer | None) -> Iterator[str]:
    """Yield every promise of docs/http-api.md that an answer breaks; None is a dropped one."""
    kind = kind_of(answer)
    if answer is None or kind == "dropped":
        yield "dropped"
        return
    headers = answer.headers
    if kind == "5xx":
        yield f"answered {answer.status}"
    if headers.get("Access-Control-Allow-Origin") != "*":
        yield "without CORS"
    if not headers.get("X-Request-Id"):
        yield "without X-Request-Id"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "without nosniff"
    if any("\r" in text or "\n" in text for pair in headers.items() for text in pair):
        yield "a line break in a header"
    if not all(text.isascii() for pair in headers.items() for text in pair):
        yield "a header that is not ASCII"
    if answer.status >= 400 and answer.text and headers.get("Content-Type") != _PAGE_TYPE:
        yield from _problem(answer)


def _problem(answer: Answer) -> Iterator[str]:
    try:
        document = json.loads(answer.text)
    except ValueError:
        yield "a problem that is no JSON"
        return
    if document["request_id"] != answer.headers.get("X-Request-Id"):
        yield "a problem with another request id"
    if not all(error["code"] and error["message"] for error in document["errors"]):
        yield "a problem that says nothing"


def _code(answer: Answer) -> str:
    if answer.headers.get("Content-Type") == _PAGE_TYPE:
        return "page"
    try:
        return str(json.loads(answer.text)["type"]).removeprefix("urn:formpost:")
    except (ValueError, KeyError):
        return ""
