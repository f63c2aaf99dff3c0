"""The queue of local mode keeps SQS's promises, by a clock that the test turns."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.delivery import DeliveryState, Task
from chalicelib.errors import DeliveryFailed
from chalicelib.model import Target
from chalicelib.notify import deliver, relay
from chalicelib.outbox import Outbox
from ops.local.queue import LocalQueue, max_receives
from tests.builders import a_form, a_submission
from tests.fakes import Clock, MemoryDeliveries, MemoryNotices, RecordedOutbound

if TYPE_CHECKING:
    from pathlib import Path

A, B, C = (Task(f"submission-{letter}", "email") for letter in "abc")
OWNER = Target("email", "email", {"to": ["owner@example.com"], "from": "forms@example.com"})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log() -> list[Any]:
    return []


@pytest.fixture
def queue(clock: Clock, log: list[Any]) -> LocalQueue:
    return LocalQueue(
        now=clock, max_receives=3, write_log=log.append, visibility_timeout_seconds=5.0
    )


def received(queue: LocalQueue) -> list[Task]:
    """Take out everything that is due."""
    tasks = []
    while message := queue.receive():
        tasks.append(message.task)
    return tasks


def test_what_was_put_first_comes_out_first(queue: LocalQueue) -> None:
    queue.put([A, B])
    queue.put([C])

    assert received(queue) == [A, B, C]


def test_delayed_message_comes_out_when_its_delay_is_over(queue: LocalQueue, clock: Clock) -> None:
    queue.put([A], delay_seconds=10)
    queue.put([B])

    assert received(queue) == [B]
    clock.advance(seconds=9.9)
    assert received(queue) == []
    clock.advance(seconds=0.1)
    assert received(queue) == [A]


def test_no_delay_is_longer_than_a_quarter_of_an_hour(queue: LocalQueue, clock: Clock) -> None:
    """So is SQS's; deliver puts back what comes too early."""
    queue.put([A], delay_seconds=8 * 3600)

    clock.advance(minutes=14, seconds=59)
    assert received(queue) == []
    clock.advance(seconds=1)
    assert received(queue) == [A]


def test_delay_that_is_over_already_is_none(queue: LocalQueue) -> None:
    queue.put([A])
    queue.put([B], delay_seconds=-60)

    assert received(queue) == [A, B]


def test_message_that_is_put_back_comes_out_again_after_the_visibility_timeout(
    queue: LocalQueue, clock: Clock
) -> None:
    queue.put([A])
    first = queue.receive()
    assert first

    queue.put_back(first)

    assert received(queue) == []
    clock.advance(seconds=5)
    second = queue.receive()
    assert second
    assert (second.task, second.id, second.receives) == (A, first.id, 2)


def test_message_that_came_out_as_often_as_allowed_is_a_dead_letter_in_the_log(
    queue: LocalQueue, clock: Clock, log: list[Any]
) -> None:
    queue.put([Task("submission-a", "email", attempts=1)])
    came_out = 0
    for _ in range(10):
        if message := queue.receive():
            came_out += 1
            queue.put_back(message)
        clock.advance(seconds=5)

    assert came_out == 3
    assert log == [
        {
            "level": "error",
            "time": "2026-11-23T12:00:10.000Z",
            "event": "dead_letter",
            "submission_id": "submission-a",
            "target": "email",
            "attempts": 1,
        }
    ]


def test_what_deliver_gives_up_is_a_line_in_the_log_and_does_not_come_out(
    queue: LocalQueue, log: list[Any]
) -> None:
    queue.bury(A)

    assert received(queue) == []
    assert [(line["event"], line["submission_id"]) for line in log] == [
        ("dead_letter", "submission-a")
    ]


def test_worker_that_waits_is_woken_by_a_message(queue: LocalQueue) -> None:
    answers: list[bool] = []
    worker = threading.Thread(target=lambda: answers.append(queue.wait()))
    worker.start()

    queue.put([A])

    worker.join(10)
    assert answers == [True]


def test_worker_that_waits_is_woken_by_the_end(queue: LocalQueue) -> None:
    queue.put([A], delay_seconds=900)
    answers: list[bool] = []
    worker = threading.Thread(target=lambda: answers.append(queue.wait()))
    worker.start()

    queue.close()

    worker.join(10)
    assert answers == [False]


def test_notice_that_failed_is_sent_again_after_ten_seconds(
    clock: Clock, queue: LocalQueue
) -> None:
    """The first wait of the schedule in retries.py, through this queue."""
    outbound = RecordedOutbound(DeliveryFailed("The mail service answered Throttling."))
    submission = a_submission()
    submissions, deliveries = MemoryNotices(), MemoryDeliveries()
    submissions.by_id[submission.form, submission.id] = submission
    outbox = Outbox(
        forms={"contact": a_form(targets=(OWNER,))},
        submissions=submissions,
        deliveries=deliveries,
        queue=queue,
        outbound=outbound,
        read_secret=str,
        now=clock,
        jitter=lambda: 0.0,
        inbox_url=None,
        write_log=lambda _line: None,
    )

    relay([{"submission": submission}], outbox)
    for seconds in (0, 9, 1):
        clock.advance(seconds=seconds)
        for task in received(queue):
            deliver(task, outbox)

    [delivery] = deliveries.by_key.values()
    waited = delivery.attempts[1].at - delivery.attempts[0].at
    assert (len(outbound.mails), delivery.state) == (1, DeliveryState.DELIVERED)
    assert waited.total_seconds() == 10


def test_how_often_a_message_comes_out_is_read_where_the_real_queue_is_described(
    tmp_path: Path,
) -> None:
    policy = {"deadLetterTargetArn": "arn", "maxReceiveCount": 4}
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"RedrivePolicy": policy}}
    file = tmp_path / "resources.json"
    file.write_text(json.dumps({"Resources": {"DeliveryQueue": queue}}))

    assert max_receives(file) == 4
