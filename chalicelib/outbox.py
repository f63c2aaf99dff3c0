"""What telling owners works with: stores, queue, way out, clock; each as small as it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.model import timestamp
from chalicelib.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from chalicelib.channels import Outbound
    from chalicelib.delivery import Delivery, DeliveryList, Task
    from chalicelib.model import Form, Submission, Target


class SubmissionStore(Protocol):
    """Where submissions are kept."""

    def submission_in(self, image: Mapping[str, Any]) -> Submission | None:
        """Return the submission that a stream record shows; None for any other item."""

    def get(self, form: Form, submission_id: str, *, now: datetime) -> Submission:
        """Return a submission; SubmissionNotFound if it is gone."""

    def signing_key(self) -> bytes:
        """Return the stage's secret for keyed hashes."""


class DeliveryStore(Protocol):
    """Where deliveries are kept."""

    def open(self, delivery: Delivery) -> Delivery:
        """Keep a delivery unless it is there already; return the one that is kept."""

    def get(self, submission_id: str, target: str) -> Delivery | None:
        """Return a delivery; None if it is gone."""

    def save(self, delivery: Delivery) -> None:
        """Replace what is kept of a delivery; one that is gone stays gone."""

    def claim_address(
        self, hashed: str, submission_id: str, *, now: datetime, expires_at: int
    ) -> bool:
        """Take a mail address for one submission; False if another one has it."""

    def listed(self, listed: DeliveryList) -> Iterator[Delivery]:
        """Yield every delivery of a list."""

    def last_summary(self) -> datetime | None:
        """Return when the owner was last told of failures."""

    def save_summary(self, at: datetime, *, since: datetime | None) -> bool:
        """Note a summary; False if somebody else noted one since the last that was seen."""


class DeliveryQueue(Protocol):
    """Where deliveries wait to be made."""

    def put(self, tasks: Sequence[Task], *, delay_seconds: float = 0) -> None:
        """Hand each task to deliver after the delay, or somewhat earlier.

        Raises:
            DeliveryFailed: one was not taken; others may have been.
        """

    def bury(self, task: Task) -> None:
        """Put a task to the dead letters, where an alarm looks.

        Raises:
            DeliveryFailed: it was not taken.
        """


def _learn_nothing(_images: Sequence[Mapping[str, Any]]) -> None:
    """Learn from no move."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """What relay and deliver work with.

    Attributes:
        read_secret: returns what a reference such as ``ssm:/formpost/prod/webhook``
            stands for; DeliveryFailed if it cannot.
        jitter: returns a number from 0 to 1, so that not everything is retried at once.
        inbox_url: the owner's inbox page, if there is one.
        teach: learns from the moves in a batch of the stream; it never fails.
    """

    forms: Mapping[str, Form]
    submissions: SubmissionStore
    deliveries: DeliveryStore
    queue: DeliveryQueue
    outbound: Outbound
    read_secret: Callable[[str], str]
    now: Callable[[], datetime]
    jitter: Callable[[], float]
    inbox_url: str | None
    write_log: Callable[[Mapping[str, Any]], None]
    teach: Callable[[Sequence[Mapping[str, Any]]], None] = _learn_nothing


def target_of(delivery: Delivery, outbox: Outbox) -> Target | None:
    """Return whom a delivery tells; None if its form does not have this target any more."""
    form = outbox.forms.get(delivery.form)
    targets = form.targets if form else ()
    return next((target for target in targets if target.name == delivery.target), None)


def log_line(delivery: Delivery, at: datetime, outcome: str, outbox: Outbox) -> dict[str, Any]:
    """Return what every log line about a delivery has; no word of it."""
    target = target_of(delivery, outbox)
    return {
        "time": timestamp(at),
        "form": delivery.form,
        "submission_id": delivery.submission_id,
        "target": delivery.target,
        "channel": target.channel if target else None,
        "outcome": outcome,
    }
