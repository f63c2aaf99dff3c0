"""Deliveries in the terminal."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.delivery import Attempt, Delivery, DeliveryState, Feedback
from ops import delivery_listing
from tests.builders import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

SUBMISSION_ID = "01M83QVA5WS38ENTNS9E5CX93W"
FAILED_TRY = Attempt(NOON, "hooks.example answered 500", 1234, 500, NOON + timedelta(seconds=10))


@pytest.fixture(autouse=True)
def terminal_in_utc() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def a_delivery(**changes: Any) -> Delivery:
    return Delivery(
        **{"form": "contact", "submission_id": SUBMISSION_ID, "target": "webhook", **changes}
    )


def test_what_is_not_delivered_says_what_happened(capsys: pytest.CaptureFixture[str]) -> None:
    delivery_listing.print_undelivered([a_delivery(attempts=(FAILED_TRY,))])

    assert capsys.readouterr().out == (
        "9E5C-X93W  contact  webhook: pending, 1 try, next 2026-11-23 12:00:10\n"
        "     hooks.example answered 500\n"
    )


def test_nothing_undelivered_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    delivery_listing.print_undelivered([])

    assert capsys.readouterr().out == "Everything is delivered.\n"


def test_every_try_and_what_was_heard_later_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    accepted = Attempt(NOON + timedelta(seconds=10), "accepted by the mail service", 80)
    bounced = Feedback(NOON + timedelta(minutes=1), DeliveryState.BOUNCED, "no such user")
    delivery_listing.print_attempts(
        [
            a_delivery(
                target="email",
                sent=DeliveryState.DELIVERED,
                attempts=(FAILED_TRY, accepted),
                feedback=bounced,
            )
        ]
    )

    assert capsys.readouterr().out == (
        "9E5C-X93W  contact  email: bounced, 2 tries\n"
        "  1. 2026-11-23 12:00:00  hooks.example answered 500 (1,234 ms);"
        " next try 2026-11-23 12:00:10\n"
        "  2. 2026-11-23 12:00:10  accepted by the mail service (80 ms)\n"
        "     2026-11-23 12:01:00  no such user\n"
    )


def test_a_receiver_s_words_do_not_talk_to_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hostile = Attempt(NOON, "\x1b[2J[red]boo\nnext", 1)

    delivery_listing.print_undelivered([a_delivery(attempts=(hostile,))])

    assert "\x1b" not in (out := capsys.readouterr().out)
    assert "[red]boo next" in out


def test_json_has_every_attempt() -> None:
    [shown] = json.loads(delivery_listing.as_json([a_delivery(attempts=(FAILED_TRY,))]))

    assert shown == {
        "submission": SUBMISSION_ID,
        "reference": "9E5C-X93W",
        "form": "contact",
        "target": "webhook",
        "state": "pending",
        "attempts": [
            {
                "at": "2026-11-23T12:00:00.000Z",
                "outcome": "hooks.example answered 500",
                "status": 500,
                "duration_ms": 1234,
                "next_try_at": "2026-11-23T12:00:10.000Z",
            }
        ],
        "feedback": None,
    }
