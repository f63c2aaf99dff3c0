"""Tell the owner: relay() opens one delivery for each target, deliver() is one attempt.

The table's stream is the outbox: it invokes relay with what was written, so a
submission that is stored is one that will be told about. At least once: a
delivery recorded as delivered is never sent again, and a repeat after a crash
between sending and recording carries the same id.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.channels import Notice, channel
from chalicelib.errors import DeliveryFailed, DeliveryRefused, SubmissionNotFound
from chalicelib.model import Attempt, Delivery, DeliveryState, Folder, timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from chalicelib.channels import Outbound
    from chalicelib.model import Form, Submission, Target

# As often as the queue hands out a message before it goes to the dead letters:
# maxReceiveCount in .chalice/resources.json; a test holds the two together.
MAX_ATTEMPTS = 6


class NoticeStore(Protocol):
    """Where submissions and deliveries are kept."""

    def submission_in(self, image: Mapping[str, Any]) -> Submission | None:
        """Return the submission that a stream record shows; None for any other item."""

    def get(self, form: Form, submission_id: str, *, now: datetime) -> Submission:
        """Return a submission; SubmissionNotFound if it is gone."""

    def open_delivery(self, delivery: Delivery) -> Delivery:
        """Keep a delivery unless it is there already; return the one that is kept."""

    def get_delivery(self, submission_id: str, target: str) -> Delivery:
        """Return a delivery; SubmissionNotFound if it is gone."""

    def save_delivery(self, delivery: Delivery) -> None:
        """Replace what is kept of a delivery."""


class DeliveryQueue(Protocol):
    """Where deliveries wait to be made."""

    def put(self, submission_id: str, target: str) -> None:
        """Have a delivery made soon."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """What relay and deliver work with."""

    forms: Mapping[str, Form]
    store: NoticeStore
    queue: DeliveryQueue
    outbound: Outbound
    now: Callable[[], datetime]
    write_log: Callable[[Mapping[str, Any]], None]


def relay(images: Iterable[Mapping[str, Any]], outbox: Outbox) -> None:
    """Open the deliveries of every submission that came to the inbox.

    Args:
        images: what the stream shows of each written item, in wire types.
        outbox: the collaborators.

    Raises:
        StoreUnavailable, DeliveryFailed: the stream tries the batch again; what
            was opened before is met again and not sent twice.
    """
    for image in images:
        submission = _readable(image, outbox)
        # Spam is never told about; moved out of spam, a submission comes by here again.
        if submission is None or submission.folder != Folder.INBOX:
            continue
        form = outbox.forms.get(submission.form)
        for target in form.targets if form else ():
            opened = outbox.store.open_delivery(
                Delivery(
                    form=submission.form,
                    submission_id=submission.id,
                    target=target.name,
                    expires_at=submission.expires_at,
                )
            )
            if opened.state == DeliveryState.PENDING and not opened.attempts:
                outbox.queue.put(submission.id, target.name)


def deliver(submission_id: str, target_name: str, outbox: Outbox) -> None:
    """Make one attempt at one delivery and record what happened.

    Raises:
        DeliveryFailed: the queue hands it out again, or puts it to the dead letters.
    """
    delivery = outbox.store.get_delivery(submission_id, target_name)
    if delivery.state != DeliveryState.PENDING:
        return
    started = time.perf_counter()
    failure: DeliveryFailed | None = None
    try:
        outcome, state = _send(delivery, outbox), DeliveryState.DELIVERED
    except DeliveryRefused as refusal:
        outcome, state = str(refusal), DeliveryState.REFUSED
    except DeliveryFailed as error:
        outcome, state, failure = str(error), _state_after_failure(delivery), error
    duration_ms = round((time.perf_counter() - started) * 1000)
    _record(delivery, state, Attempt(outbox.now(), outcome, duration_ms), outbox)
    if failure is not None:
        raise failure


def _readable(image: Mapping[str, Any], outbox: Outbox) -> Submission | None:
    """Return a record's submission; one that cannot be read must not block the stream."""
    try:
        return outbox.store.submission_in(image)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        outbox.write_log(
            {
                "level": "error",
                "time": timestamp(outbox.now()),
                "event": "relay",
                "outcome": "unreadable_record",
                "error": {"type": type(error).__name__},
            }
        )
        return None


def _send(delivery: Delivery, outbox: Outbox) -> str:
    form = outbox.forms.get(delivery.form)
    target = _target(form, delivery.target)
    if form is None or target is None:
        raise DeliveryRefused("The form does not have this target any more.")
    try:
        submission = outbox.store.get(form, delivery.submission_id, now=outbox.now())
    except SubmissionNotFound as error:
        raise DeliveryRefused("The submission was erased before.") from error
    return channel(target.channel).send(Notice(submission, form, target.settings), outbox.outbound)


def _target(form: Form | None, name: str) -> Target | None:
    return next((target for target in form.targets if target.name == name), None) if form else None


def _state_after_failure(delivery: Delivery) -> DeliveryState:
    is_last = len(delivery.attempts) + 1 >= MAX_ATTEMPTS
    return DeliveryState.FAILED if is_last else DeliveryState.PENDING


def _record(delivery: Delivery, state: DeliveryState, attempt: Attempt, outbox: Outbox) -> None:
    attempts = (*delivery.attempts, attempt)
    outbox.store.save_delivery(replace(delivery, state=state, attempts=attempts))
    outbox.write_log(
        {
            "level": "info" if state == DeliveryState.DELIVERED else "error",
            "time": timestamp(attempt.at),
            "event": "deliver",
            "form": delivery.form,
            "submission_id": delivery.submission_id,
            "target": delivery.target,
            "outcome": state,
            "attempt": len(attempts),
            "duration_ms": attempt.duration_ms,
        }
    )
