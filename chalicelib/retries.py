"""When a delivery is tried again: ten tries over about a day, then no more.

SQS delays a message by 15 minutes at most, so the schedule lives in the
delivery's record: each attempt says when the next one is due, and a message that
comes earlier is put back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.delivery import DeliveryState

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.delivery import Delivery

_MINUTE, _HOUR = 60, 3600
# Soon for a hiccup, then as long as somebody needs to notice and mend it: 23 h 36 min in all.
# Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
WAIT_SECONDS = (
    10,
    1 * _MINUTE,
    5 * _MINUTE,
    30 * _MINUTE,
    1 * _HOUR,
    2 * _HOUR,
    4 * _HOUR,
    8 * _HOUR,
    8 * _HOUR,
)
MAX_ATTEMPTS = 1 + len(WAIT_SECONDS)
# Waits grow by up to a tenth, so that what failed together does not come back together.
_JITTER = 0.1
# A receiver may ask for time; one that asks for more than a day is asked again after a day.
MAX_RETRY_AFTER_SECONDS = 24 * _HOUR


def wait_seconds(delivery: Delivery, retry_after_seconds: float, jitter: float) -> float | None:
    """Return how long to wait after an attempt that failed; None when it was the last.

    Args:
        delivery: before that attempt is recorded.
        retry_after_seconds: what the receiver asked for; 0 if it did not.
        jitter: from 0 to 1.
    """
    tries = len(delivery.attempts) - delivery.earlier_attempts
    if tries >= len(WAIT_SECONDS):
        return None
    scheduled = WAIT_SECONDS[tries] * (1 + _JITTER * jitter)
    return max(scheduled, min(retry_after_seconds, MAX_RETRY_AFTER_SECONDS))


def time_after(now: datetime, seconds: float | None) -> datetime | None:
    """Return the time so many seconds from now, in whole milliseconds."""
    return None if seconds is None else now + timedelta(milliseconds=round(seconds * 1000))


def anew(delivery: Delivery) -> Delivery:
    """Return a delivery that has all its tries before it again, and keeps its history."""
    return replace(
        delivery,
        sent=DeliveryState.PENDING,
        earlier_attempts=len(delivery.attempts),
        feedback=None,
    )
