"""States of deliveries that tests wait for or begin with."""

from __future__ import annotations

from datetime import UTC, datetime

from chalicelib import retries
from chalicelib.delivery import Attempt, Delivery, DeliveryState
from chalicelib.model import RANDOM_BYTES, new_submission_id

REFUSAL = "The mail service rejects what is in this mail."


def is_told(delivery: Delivery | None) -> bool:
    """Tell whether an attempt succeeded; none may have ended in another way."""
    if delivery is None:
        return False
    assert delivery.sent in {DeliveryState.PENDING, DeliveryState.DELIVERED}, delivery
    return delivery.sent == DeliveryState.DELIVERED


def has_been_tried(delivery: Delivery) -> bool:
    return bool(delivery.attempts)


def one_try_before_the_end(submission_id: str) -> Delivery:
    """Return a webhook's delivery whose next failure is its last."""
    failed = Attempt(_now(), "It answered 500.", 1, 500)
    return Delivery(
        form="hooks",
        submission_id=submission_id,
        target="webhook",
        attempts=(failed,) * (retries.MAX_ATTEMPTS - 1),
    )


def a_refused_delivery() -> Delivery:
    """Return a mail that its form's owner wants to hear of."""
    now = _now()
    return Delivery(
        form="contact",
        submission_id=new_submission_id(now, bytes(RANDOM_BYTES)),
        target="email",
        sent=DeliveryState.REFUSED,
        attempts=(Attempt(now, REFUSAL, 1),),
    )


def _now() -> datetime:
    # The store keeps milliseconds.
    return datetime.now(UTC).replace(microsecond=0)
