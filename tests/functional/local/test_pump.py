"""The pump calls its handlers as AWS does: in order, at least once, and again when they fail."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.delivery import Delivery, Task
from chalicelib.errors import StoreUnavailable
from ops.local.database import Database
from ops.local.handlers import Handlers
from ops.local.pump import Pump
from ops.local.queue import LocalQueue
from tests.fakes import MemoryDeliveries
from tests.functional.local.running import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chalicelib.delivery import DeliveryList

TABLE = "formpost-test"
A_VISITORS_WORD = "xyzzy"


class StoreThatIsAwayAtFirst(MemoryDeliveries):
    """Answers from the second question on."""

    def __init__(self) -> None:
        super().__init__()
        self.questions = 0

    def listed(self, listed: DeliveryList) -> Iterator[Delivery]:
        self.questions += 1
        if self.questions == 1:
            raise StoreUnavailable
        return super().listed(listed)


class Office:
    """A pump whose handlers keep what they are handed, and fail as often as they are told to."""

    def __init__(self, folder: Path, deliveries: MemoryDeliveries | None = None) -> None:
        self.relayed: list[list[str]] = []
        self.delivered: list[str] = []
        self.relay_failures = self.deliver_failures = 0
        self.log: list[Any] = []
        self.database = Database(folder / "dynamodb.jsonl", TABLE)
        self.queue = LocalQueue(
            now=now,
            max_receives=3,
            write_log=self.log.append,
            visibility_timeout_seconds=0.0,
        )
        self.pump = Pump(
            Handlers(self.relay, 2, "arn:aws:dynamodb:stream", self.deliver, "deliveries"),
            database=self.database,
            queue=self.queue,
            deliveries=deliveries or MemoryDeliveries(),
            now=now,
            write_log=self.log.append,
        )

    def relay(self, event: dict[str, Any], _context: object) -> None:
        self.relayed.append([record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"]])
        if self.relay_failures:
            self.relay_failures -= 1
            raise ValueError(A_VISITORS_WORD)

    def deliver(self, event: dict[str, Any], _context: object) -> None:
        [record] = event["Records"]
        self.delivered.append(json.loads(record["body"])["submission_id"])
        if self.deliver_failures:
            self.deliver_failures -= 1
            raise ValueError(A_VISITORS_WORD)

    def write(self, *keys: str) -> None:
        for key in keys:
            item = {"pk": {"S": key}, "sk": {"S": "X"}}
            request = json.dumps({"TableName": TABLE, "Item": item}).encode()
            assert self.database.answer("PutItem", request).status == 200

    def close(self) -> None:
        self.pump.stop()
        self.database.close()

    @property
    def outcomes(self) -> list[tuple[str, str | None]]:
        return [(line["event"], line.get("outcome")) for line in self.log]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()


def a_task(name: str) -> Task:
    return Task(name, "email")


def test_records_come_in_order_in_batches_of_the_size_that_app_py_says(office: Office) -> None:
    office.write("a", "b", "c")

    office.pump.start()
    wait_until(lambda: len(office.relayed) == 2, lambda: str(office.relayed))
    office.write("d")

    wait_until(lambda: len(office.relayed) == 3, lambda: str(office.relayed))
    assert office.relayed == [["a", "b"], ["c"], ["d"]]


def test_batch_that_relay_cannot_take_is_tried_again_and_later_records_wait(
    office: Office,
) -> None:
    office.relay_failures = 1
    office.write("a", "b", "c")

    office.pump.start()

    wait_until(lambda: len(office.relayed) == 3, lambda: str(office.relayed))
    assert office.relayed == [["a", "b"], ["a", "b"], ["c"]]
    assert office.outcomes == [("relay", "failed")]


def test_what_relay_has_taken_is_not_handed_to_the_next_process(tmp_path: Path) -> None:
    first = Office(tmp_path)
    first.write("a")
    first.pump.start()
    wait_until(lambda: first.relayed == [["a"]], lambda: str(first.relayed))
    first.close()

    again = Office(tmp_path)
    again.write("b")
    again.pump.start()

    wait_until(lambda: bool(again.relayed), lambda: "a batch")
    again.close()
    assert again.relayed == [["b"]]


def test_what_relay_could_not_take_is_handed_to_the_next_process(tmp_path: Path) -> None:
    first = Office(tmp_path)
    first.relay_failures = 1
    first.write("a")
    first.pump.start()
    wait_until(lambda: bool(first.log), lambda: "a failure")
    first.close()

    again = Office(tmp_path)
    again.pump.start()

    wait_until(lambda: bool(again.relayed), lambda: "a batch")
    again.close()
    assert again.relayed == [["a"]]


def test_message_that_deliver_cannot_work_off_comes_again(office: Office) -> None:
    office.deliver_failures = 2
    office.pump.start()

    office.queue.put([a_task("a")])

    wait_until(lambda: len(office.delivered) == 3, lambda: str(office.delivered))
    assert office.delivered == ["a", "a", "a"]
    assert office.outcomes == [("deliver", "failed")] * 2


def test_message_that_deliver_can_never_work_off_is_given_up_and_the_next_one_made(
    office: Office,
) -> None:
    office.deliver_failures = 3
    office.pump.start()

    office.queue.put([a_task("a")])
    wait_until(lambda: len(office.log) == 4, lambda: str(office.log))
    office.queue.put([a_task("b")])

    wait_until(lambda: "b" in office.delivered, lambda: str(office.delivered))
    assert office.delivered == ["a", "a", "a", "b"]
    assert office.outcomes == [("deliver", "failed")] * 3 + [("dead_letter", None)]


def test_what_failed_is_logged_with_its_place_and_not_a_word_of_a_visitor_s(
    office: Office,
) -> None:
    office.relay_failures = office.deliver_failures = 1
    office.pump.start()

    office.write("a")
    office.queue.put([a_task("a")])

    wait_until(lambda: len(office.log) == 2, lambda: str(office.log))
    assert {line["error"]["type"] for line in office.log} == {"ValueError"}
    assert A_VISITORS_WORD not in json.dumps(office.log)
    assert all("test_pump.py" in line["error"]["stack"][-1] for line in office.log)


def test_pending_deliveries_of_an_earlier_process_are_made_even_if_the_store_is_late(
    tmp_path: Path,
) -> None:
    deliveries = StoreThatIsAwayAtFirst()
    deliveries.open(Delivery("contact", "a", "email"))
    office = Office(tmp_path, deliveries)

    office.pump.start()

    wait_until(lambda: bool(office.delivered), lambda: "a delivery")
    office.close()
    assert office.delivered == ["a"]
    assert office.outcomes == [("resume", "failed")]


def test_end_waits_for_an_attempt_and_starts_no_other(office: Office) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def deliver(event: dict[str, Any], _context: object) -> None:
        begun.set()
        may_end.wait(10)
        office.delivered.append(json.loads(event["Records"][0]["body"])["submission_id"])

    handlers = Handlers(office.relay, 2, "arn", deliver, "deliveries")
    pump = Pump(handlers, office.database, office.queue, MemoryDeliveries(), now, office.log.append)
    office.queue.put([a_task("a"), a_task("b")])
    pump.start()
    begun.wait(10)

    stopping = threading.Thread(target=pump.stop)
    stopping.start()
    wait_until(lambda: not office.queue.wait(), lambda: "the queue's end")
    may_end.set()
    stopping.join(10)

    assert office.delivered == ["a"]


def test_app_of_this_project_has_both_handlers() -> None:
    from app import app

    handlers = Handlers.of(app)

    assert handlers.batch_size == 100
    assert handlers.queue == "formpost-local-deliveries"
    assert "stream" in handlers.stream_arn
    handlers.relay({"Records": []}, None)
