"""The dearest requests that a stranger can make: `python -m bench.wallet` prints their price."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.model import Target
from chalicelib.repository import MAX_ITEM_BYTES
from tests.functional.owner import owner
from tests.functional.stage import SENDER
from tests.security.meter import billed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conversion import Answer
    from tests.functional.owner import Owner
    from tests.security.meter import Bill

MAIL = Target("email", "email", {"to": ["ada@owner.example"], "from": SENDER})
# All that an item can hold, but for its keys and what is known of its sender.
_BYTES = MAX_ITEM_BYTES - 2_000
USUAL = "Please call me about the engine, in the afternoon or on the day after. " * 4
# Words, since a text without any is spam, and nobody is told of it.
LONGEST = (USUAL * (_BYTES // len(USUAL) + 1))[:_BYTES]


class Priced(NamedTuple):
    """A request and what it takes."""

    name: str
    status: int
    bill: Bill


def priced() -> Iterator[Priced]:
    """Yield each kind of request that needs no token, the dearest of its kind."""
    with owner(MAIL) as it:
        yield _priced(it, "a usual post", "message", USUAL)
        # A text that came from elsewhere is refused as a novelty, and stored by a second try.
        yield _priced(it, "the same from another address", "message", USUAL, ip="192.0.2.2")
        yield _priced(it, "the longest post", "message", LONGEST)
        elsewhere = "192.0.2.3"
        yield _priced(it, "the longest, again from another address", "a", LONGEST, ip=elsewhere)
        yield _priced(it, "its repeat", "a", LONGEST, ip=elsewhere)
        yield _priced(it, "one that is too long to be kept", "message", LONGEST + "x" * 4_000)
        limit = it.forms["contact"].hourly_limit
        for number in range(limit):
            _post(it, "message", f"number {number}", "192.0.2.4")
        it.stage.relay()
        it.stage.deliver_until_settled()
        yield _priced(it, "the first beyond the limit", "message", LONGEST, ip="192.0.2.4")
        yield _priced(it, "the second beyond the limit", "message", LONGEST, ip="192.0.2.4")
        for path in ("/", "/health", "/contact", "/f/contact/thanks", "/f/contact/challenge"):
            with billed(it) as bill:
                answer = it.gateway.get(path)
            yield Priced(f"GET {path}", answer.status, bill)
        with billed(it) as bill:
            answer = it.ask("GET", "/forms", authorization="")
        yield Priced("the inbox without a token", answer.status, bill)
        wrong = f"Bearer {it.text[:-4]}wxyz"
        with billed(it) as bill:
            answer = it.ask("GET", "/forms", authorization=wrong)
        yield Priced("the inbox with a wrong token", answer.status, bill)
        for _ in range(10):
            it.ask("GET", "/forms", authorization=wrong)
        with billed(it) as bill:
            answer = it.ask("GET", "/forms", authorization=wrong)
        yield Priced("the same for the twelfth time", answer.status, bill)


def _priced(it: Owner, name: str, field: str, text: str, *, ip: str = "192.0.2.1") -> Priced:
    """Post, and do all that follows from it: relay, and deliver the mail."""
    with billed(it) as bill:
        answer = _post(it, field, text, ip)
        it.stage.relay()
        it.stage.deliver_until_settled()
    return Priced(name, answer.status, bill)


def _post(it: Owner, field: str, text: str, ip: str) -> Answer:
    event = it.gateway.event(
        "POST",
        "/f/contact",
        headers={"Accept": "application/json", "Content-Type": "application/json"},
        body=json.dumps({field: text}).encode(),
    )
    event["requestContext"]["identity"]["sourceIp"] = ip
    return it.gateway.send(event)
