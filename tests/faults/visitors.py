"""Visitors: how pages, browsers and scripts send, and send again.

Each ends only when it was told that its form is stored, or that it will not be.
"""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import urlencode
from uuid import UUID

from chalicelib.model import answers_from, reference
from tests import shown_form
from tests.gateway import BROWSER_HEADERS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence

    from chalicelib.model import Pair
    from tests.conversion import Answer

# Those of static_site/formpost.js; a test compares them.
MAX_TRIES = 4
MAX_WAIT_SECONDS = 10
TRANSIENT = (0, 502, 503, 504)
_BOUNDARY = "----WebKitFormBoundaryK9dUuZz0Q7gXn1aB"
_FIREFOX = BROWSER_HEADERS["User-Agent"]
_DOUBLE_CLICK_SECONDS = 0.02
_JSON = {"Accept": "application/json"}


class Line(Protocol):
    """The visitor's own way to the API."""

    def post(self, headers: Mapping[str, str], body: bytes, ip: str) -> Answer | None:
        """Return the answer; None when the line broke before there was one."""


class NoLine(NamedTuple):
    """In the place of an answer; formpost.js calls its status 0."""

    status: int = 0
    headers: Mapping[str, str] = {}
    text: str = ""


@dataclass
class Visitor:
    """One person, or one run of a script, with one thing to say.

    Attributes:
        pairs: what is typed, in the page's order.
        pause: waits for so many seconds of the campaign's.
        presses: how often a person sends again, who wants to be heard.
        references: what the visitor was told that it is kept under.
        refusals: answers that say neither that it is stored nor that the store is away.
    """

    mark: str
    ip: str
    pairs: Sequence[Pair]
    chance: random.Random
    line: Line
    pause: Callable[[float], None]
    presses: int = 25
    references: set[str] = field(default_factory=set)
    refusals: list[str] = field(default_factory=list)

    def post(self, content_type: str, body: bytes, headers: Mapping[str, str]) -> Answer | NoLine:
        answer = self.line.post({**headers, "Content-Type": content_type}, body, self.ip)
        if answer is None:
            return NoLine()
        told = _reference(answer)
        if told:
            self.references.add(told)
        elif answer.status not in TRANSIENT:
            self.refusals.append(f"{answer.status} {answer.text[:200]}")
        return answer

    @property
    def is_done(self) -> bool:
        return bool(self.references or self.refusals)

    def new_key(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))


def scripted_page(visitor: Visitor) -> None:
    """A page with formpost.js: one key for one content, and a button to send again."""
    key = visitor.new_key()
    body = _multipart([*visitor.pairs, ("_idempotency_key", key)])
    headers = {**_JSON, "Origin": "https://site.example", "User-Agent": _FIREFOX}
    for _ in range(visitor.presses):
        _post_as_formpost_js(visitor, body, headers)
        if visitor.is_done:
            return


def _post_as_formpost_js(visitor: Visitor, body: bytes, headers: Mapping[str, str]) -> None:
    for tries in range(1, MAX_TRIES + 1):
        answer = visitor.post(f"multipart/form-data; boundary={_BOUNDARY}", body, headers)
        wait_seconds = int(answer.headers.get("Retry-After", 0)) or tries
        is_last = tries == MAX_TRIES or wait_seconds > MAX_WAIT_SECONDS
        if is_last or answer.status not in TRANSIENT:
            return
        visitor.pause(wait_seconds)


def plain_browser(visitor: Visitor) -> None:
    """A page without a script, and a person who clicks twice.

    The browser gives the first request up and shows the second's answer. Where that is
    our page with what was typed, it is sent from there; where the line broke, the browser
    offers to send the same again.
    """
    pairs = visitor.pairs
    for _ in range(visitor.presses):
        answer = _double_click(visitor, urlencode(pairs).encode())
        if visitor.is_done:
            return
        # Our page may not have come whole; then there is no form in it to send.
        pairs = shown_form.pairs_sent(answer.text) or pairs
        visitor.pause(int(answer.headers.get("Retry-After", 1)))


def _double_click(visitor: Visitor, body: bytes) -> Answer | NoLine:
    def click() -> Answer | NoLine:
        return visitor.post("application/x-www-form-urlencoded", body, BROWSER_HEADERS)

    with ThreadPoolExecutor(2) as clicks:
        clicks.submit(click)
        threading.Event().wait(visitor.chance.uniform(0, _DOUBLE_CLICK_SECONDS))
        return clicks.submit(click).result()


def script_with_key(visitor: Visitor) -> None:
    """A program that knows of Idempotency-Key."""
    _insist(visitor, {**_JSON, "Idempotency-Key": visitor.new_key(), "User-Agent": "script/1.0"})


def script_without_key(visitor: Visitor) -> None:
    """A program that sends the same again when it hears nothing good."""
    _insist(visitor, {**_JSON, "User-Agent": "python-requests/2.32"})


def _insist(visitor: Visitor, headers: Mapping[str, str]) -> None:
    document = {
        name: values[0] if len(values) == 1 else list(values)
        for name, values in answers_from(visitor.pairs)
    }
    for tries in range(1, MAX_TRIES * visitor.presses + 1):
        visitor.post("application/json", json.dumps(document).encode(), headers)
        if visitor.is_done:
            return
        visitor.pause(min(tries, MAX_WAIT_SECONDS))


KINDS: Mapping[str, Callable[[Visitor], None]] = {
    "pages with formpost.js": scripted_page,
    "plain browsers, double clicks": plain_browser,
    "scripts with a key": script_with_key,
    "scripts without a key": script_without_key,
}


def address(number: int) -> str:
    """Return a visitor's address: each has its own, since limits count by address."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _reference(answer: Answer) -> str | None:
    """Return under which reference the answer says that it is stored, as visitors see it."""
    if answer.status == HTTPStatus.SEE_OTHER:
        return answer.headers["Location"].partition("?reference=")[2]
    if answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}:
        return reference(json.loads(answer.text)["id"])
    return None


def _multipart(pairs: Sequence[Pair]) -> bytes:
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in pairs
    ]
    return "".join([*parts, f"--{_BOUNDARY}--\r\n"]).encode()
