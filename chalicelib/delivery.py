"""The nouns of telling somebody of a submission: frozen values as in model.py.

They stand by themselves since a visitor's post needs none of them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.values import dataclass

if TYPE_CHECKING:
    from datetime import datetime


class DeliveryState(StrEnum):
    """What became of telling one target about one submission.

    ``failed`` was tried as often as it is, ``refused`` would be refused again,
    ``skipped`` had no need to be made, ``bounced`` and ``complained`` is what the mail
    service said later of a mail that it had taken.
    """

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    SKIPPED = "skipped"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class DeliveryList(StrEnum):
    """Where a delivery is found that is not settled well."""

    PENDING = "pending"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver.

    Attributes:
        at: when it began.
        outcome: what happened, in words for the owner; never a word of what a visitor sent.
        duration_ms: until it was known.
        status: of the receiver's HTTP answer, if there was one.
        next_try_at: when it is tried again; None if it is not.
    """

    at: datetime
    outcome: str
    duration_ms: int
    status: int | None = None
    next_try_at: datetime | None = None


class Feedback(NamedTuple):
    """What the mail service said of a mail after it had taken it.

    Attributes:
        state: ``bounced`` or ``complained``.
        outcome: in words for the owner.
    """

    at: datetime
    state: DeliveryState
    outcome: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One target to be told about one submission, and every try so far.

    Attributes:
        sent: what the attempts came to: pending, delivered, failed, refused, skipped.
        earlier_attempts: how many were made before the owner asked to try again.
        expires_at: unix s, with its submission.
    """

    form: str
    submission_id: str
    target: str
    sent: DeliveryState = DeliveryState.PENDING
    attempts: tuple[Attempt, ...] = ()
    earlier_attempts: int = 0
    feedback: Feedback | None = None
    expires_at: int | None = None

    @property
    def state(self) -> DeliveryState:
        """What the owner is shown: what was heard last."""
        return self.feedback.state if self.feedback else self.sent

    @property
    def listed_in(self) -> DeliveryList | None:
        """Where it is listed; None when nobody has to look at it."""
        if self.state == DeliveryState.PENDING:
            return DeliveryList.PENDING
        if self.state in {DeliveryState.DELIVERED, DeliveryState.SKIPPED}:
            return None
        return DeliveryList.UNDELIVERED

    @property
    def last_word(self) -> Attempt | Feedback | None:
        """What was heard last; None while nothing was tried."""
        return self.feedback or (self.attempts[-1] if self.attempts else None)

    @property
    def next_try_at(self) -> datetime | None:
        """When it is tried next; None is at once, or never when it is not pending."""
        tries = self.attempts[self.earlier_attempts :]
        return tries[-1].next_try_at if tries else None


class Task(NamedTuple):
    """One attempt to be made, as it waits in the queue.

    Attributes:
        attempts: how many were made before it; a task that is older than the
            delivery's record is a repeat.
    """

    submission_id: str
    target: str
    attempts: int = 0
