"""Tell the owner: relay() opens one delivery for each target, deliver() is one attempt.

The table's stream is the outbox: it invokes relay with what was written, so a
submission that is stored is one that will be told about. When a delivery is tried
again is written in its record, see retries.py; the queue only wakes us. At least
once: a delivery recorded as delivered is never sent again, and a repeat after a
crash between sending and recording carries the same id.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib import retries
from chalicelib.attempts import attempt
from chalicelib.delivery import Attempt, Delivery, DeliveryState, Task
from chalicelib.errors import DeliveryFailed, DeliveryRefused, DeliverySkipped
from chalicelib.model import Folder, timestamp
from chalicelib.outbox import log_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.delivery import Feedback
    from chalicelib.model import Submission
    from chalicelib.outbox import DeliveryQueue, DeliveryStore, Outbox

# Attempts end here; what comes later is feedback, or the owner asking again.
_SETTLED = frozenset({DeliveryState.DELIVERED, DeliveryState.REFUSED, DeliveryState.SKIPPED})


def relay(images: Iterable[Mapping[str, Any]], outbox: Outbox) -> None:
    """Open the deliveries of every submission that came to the inbox, then learn from moves.

    Args:
        images: what the stream shows of each written item, in wire types.
        outbox: the collaborators.

    Raises:
        StoreUnavailable, DeliveryFailed: the stream tries the batch again; what
            was opened before is met again and not sent twice.
    """
    images = tuple(images)
    tasks = [
        task
        for image in images
        if (submission := _readable(image, outbox)) is not None
        for task in _opened(submission, outbox)
    ]
    if tasks:
        outbox.queue.put(tasks)
    outbox.teach(images)


def deliver(task: Task, outbox: Outbox) -> None:
    """Make one attempt at one delivery, when it is due, and record what happened.

    Raises:
        StoreUnavailable, DeliveryFailed: it could not be recorded; the queue hands the
            task out again, or puts it to the dead letters.
    """
    delivery = outbox.deliveries.get(task.submission_id, task.target)
    if delivery is None or delivery.sent in _SETTLED or task.attempts < len(delivery.attempts):
        # Erased, done, or a message that came twice.
        return
    early_seconds = _seconds_until_due(delivery, outbox)
    if early_seconds > 0:
        outbox.queue.put([task], delay_seconds=early_seconds)
        return
    started = time.perf_counter()
    at = outbox.now()
    failure: DeliveryFailed | None = None
    status: int | None = None
    try:
        sent = attempt(delivery, at, outbox)
    except DeliveryFailed as error:
        outcome, failure, status = str(error), error, error.response_status
    else:
        outcome, status = sent
    duration_ms = round((time.perf_counter() - started) * 1000)
    state, wait_seconds = _next(delivery, failure, outbox)
    next_try_at = retries.time_after(outbox.now(), wait_seconds)
    made = Attempt(at, outcome, duration_ms, status, next_try_at)
    # What was heard of an earlier mail says nothing about this one.
    attempts = (*delivery.attempts, made)
    _record(replace(delivery, sent=state, attempts=attempts, feedback=None), outbox)


def take_feedback(told: Iterable[tuple[Feedback, str, str]], outbox: Outbox) -> None:
    """Record what the mail service said of mails after it had taken them.

    Args:
        told: each with the submission and the target that it is about.
        outbox: the collaborators.

    Raises:
        DeliveryFailed: a sending is not recorded yet; this is heard again in a minute.
    """
    for feedback, submission_id, target in told:
        delivery = outbox.deliveries.get(submission_id, target)
        if delivery is None:
            continue
        if delivery.sent == DeliveryState.PENDING and not delivery.attempts:
            raise DeliveryFailed("The attempt that this is about is not recorded yet.")
        outbox.deliveries.save(replace(delivery, feedback=feedback))
        line = log_line(delivery, feedback.at, feedback.state, outbox)
        outbox.write_log({"level": "error", "event": "feedback", **line})


def retry(delivery: Delivery, deliveries: DeliveryStore, queue: DeliveryQueue) -> None:
    """Make a delivery anew, because its owner asks for it, with all its tries."""
    deliveries.save(retries.anew(delivery))
    queue.put([Task(delivery.submission_id, delivery.target, len(delivery.attempts))])


def _readable(image: Mapping[str, Any], outbox: Outbox) -> Submission | None:
    """Return a record's submission; one that cannot be read must not block the stream."""
    try:
        return outbox.submissions.submission_in(image)
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


def _opened(submission: Submission, outbox: Outbox) -> list[Task]:
    """Open the deliveries of a submission and return what has to be done for them."""
    form = outbox.forms.get(submission.form)
    # Spam is never told about; moved out of spam, a submission comes by here again.
    if submission.folder != Folder.INBOX or form is None:
        return []
    opened = [
        outbox.deliveries.open(
            Delivery(
                form=submission.form,
                submission_id=submission.id,
                target=target.name,
                expires_at=submission.expires_at,
            )
        )
        for target in form.targets
    ]
    return [
        Task(delivery.submission_id, delivery.target)
        for delivery in opened
        if delivery.sent == DeliveryState.PENDING and not delivery.attempts
    ]


def _seconds_until_due(delivery: Delivery, outbox: Outbox) -> float:
    due = delivery.next_try_at
    return (due - outbox.now()).total_seconds() if due else 0.0


def _next(
    delivery: Delivery, failure: DeliveryFailed | None, outbox: Outbox
) -> tuple[DeliveryState, float | None]:
    """Return the state after an attempt, and the seconds until the next one if there is one.

    The queue is told before the record is written: a crash in between makes one
    attempt more, where the other order would make none.
    """
    if failure is None:
        return DeliveryState.DELIVERED, None
    if isinstance(failure, DeliverySkipped):
        return DeliveryState.SKIPPED, None
    if isinstance(failure, DeliveryRefused):
        return DeliveryState.REFUSED, None
    next_task = Task(delivery.submission_id, delivery.target, len(delivery.attempts) + 1)
    wait_seconds = retries.wait_seconds(delivery, failure.retry_after_seconds, outbox.jitter())
    if wait_seconds is None:
        outbox.queue.bury(next_task)
        return DeliveryState.FAILED, None
    outbox.queue.put([next_task], delay_seconds=wait_seconds)
    return DeliveryState.PENDING, wait_seconds


def _record(delivery: Delivery, outbox: Outbox) -> None:
    outbox.deliveries.save(delivery)
    made = delivery.attempts[-1]
    is_well = delivery.sent in {DeliveryState.DELIVERED, DeliveryState.SKIPPED}
    line = {
        "level": "info" if is_well else "error",
        "event": "deliver",
        **log_line(delivery, made.at, delivery.sent, outbox),
        "attempt": len(delivery.attempts),
        "duration_ms": made.duration_ms,
    }
    if made.status is not None:
        line["status"] = made.status
    if made.next_try_at is not None:
        line["next_try_at"] = timestamp(made.next_try_at)
    outbox.write_log(line)
