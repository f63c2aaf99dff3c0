"""Lines that the app really writes, for posts, deliveries and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.delivery import DeliveryState
from chalicelib.model import Target
from tests.builders import ADA, NOON
from tests.functional.conftest import running
from tests.functional.stage import SENDER, stage

if TYPE_CHECKING:
    from tests.alarms.account import Line

_OWNER = Target("email", "email", {"to": ["owner@example.com"], "from": SENDER})
_ANSWER = Target(
    "answer", "autoresponse", {"from": SENDER, "subject": "Thank you", "text": "We read it soon."}
)
_UNVERIFIED = Target("email", "email", {"to": ["a@example.com"], "from": "not@verified.example"})


@dataclass(frozen=True)
class Lines:
    """One line each; of what takes a day, every line with its seconds since the start."""

    accepted: Line
    spam: Line
    invalid: Line
    store_unavailable: Line
    delivered: Line
    refused: Line
    bounced: Line
    bounced_from_visitor: Line
    unreadable: Line
    tried_for_a_day: tuple[tuple[float, Line], ...]


def record() -> Lines:
    """Return what is written when each of these happens."""
    with running() as backend:
        backend.gateway.post_json("/contact", ADA)
        backend.gateway.post_json("/contact", {**ADA, "_gotcha": "I am a bot"})
        backend.gateway.post_json("/contact", {"email": "no address"})
        backend.lose_store()
        backend.gateway.post_json("/contact", {**ADA, "message": "to nobody"})
        accepted, spam, invalid, store_unavailable = backend.log
    with stage(_OWNER, _ANSWER) as told:
        submission = told.store(reply_to="ann@example.com")
        told.relay()
        told.deliver_until_settled()
        told.bounce(submission, "email")
        told.bounce(submission, "answer")
        broken = {"dynamodb": {"NewImage": {"pk": {"S": "FORM#contact#0"}, "sk": {"S": "SUB#x"}}}}
        told.relay({"Records": [broken]})
        delivered, _, bounced, bounced_from_visitor, unreadable = told.log
    with stage(_UNVERIFIED) as told:
        told.store()
        told.relay()
        told.deliver()
        [refused] = told.log
    return Lines(
        accepted,
        spam,
        invalid,
        store_unavailable,
        delivered,
        refused,
        bounced,
        bounced_from_visitor,
        unreadable,
        _tried_for_a_day(),
    )


def _tried_for_a_day() -> tuple[tuple[float, Line], ...]:
    """Return what is written while the mail service takes nothing, until it is a dead letter."""
    with stage(_OWNER) as told:
        told.throttle_mail(times=100)
        submission = told.store()
        told.relay()
        while told.delivery(submission, "email").state == DeliveryState.PENDING:
            told.deliver()
        assert len(told.dead_letters()) == 1
        return tuple(
            ((datetime.fromisoformat(line["time"]) - NOON).total_seconds(), line)
            for line in told.log
        )
