"""How AWS invokes relay and deliver: a stream's shards with halving, a queue's messages.

The limits are those that ``python -m ops deploy`` sets.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from ops.deploying.event_sources import STREAM_RETRIES
from ops.local.lambda_events import queue_event, stream_event
from tests.faults.forms import SHARDS
from tests.faults.queues import QUEUE
from tests.gateway import FunctionFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ops.local.database import Database
    from ops.local.queue import Message
    from ops.local.stream import Record
    from tests.faults.queues import Queues

# batch_size of relay in app.py.
BATCH_SIZE = 100
# More than in a deployed stage, so that a campaign ends in minutes.
QUEUE_CONCURRENCY = 32
_STREAM_ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/campaign/stream/1"
_POLL_SECONDS = 0.02
# Between tries of one record. On AWS they grow longer than this.
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.05, 10.0
_STOP_SECONDS = 60.0


class EventSources:
    """Runs from ``start`` to ``stop``.

    Attributes:
        given_up: records that relay never took; on AWS an alarm rings, and they are in a queue.
        invocations: how often a function was invoked.
        failures: how often it raised.
    """

    def __init__(
        self,
        database: Database,
        queues: Queues,
        relay: Callable[[Any], Any],
        deliver: Callable[[Any], Any],
    ) -> None:
        self._database, self._queues = database, queues
        self._relay, self._deliver = relay, deliver
        self._shards: list[list[Record]] = [[] for _ in range(SHARDS)]
        self._changed = threading.Condition()
        # Records and messages that somebody is at, and records that wait.
        self._unfinished = 0
        self._is_stopping = False
        self._seen = 0
        self.given_up: list[Record] = []
        self.invocations = self.failures = 0
        self._threads = [
            threading.Thread(target=self._read_stream, name="stream"),
            *(threading.Thread(target=self._relay_shard, args=(s,)) for s in self._shards),
            *(threading.Thread(target=self._poll_queue) for _ in range(QUEUE_CONCURRENCY)),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let what is under way come to its end."""
        self._database.stream.close()
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)

    def wait_until_seen(self, submissions: int) -> None:
        """Wait until the stream has shown so many submissions."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._seen >= submissions, _STOP_SECONDS):
                raise TimeoutError(f"the stream shows {self._seen} of {submissions} submissions")

    def wait_until_idle(self) -> None:
        """Wait until nothing is left to be done now; what is due later may be in the queue."""
        with self._changed:
            self._changed.wait_for(
                lambda: not self._unfinished and self._queues.seconds_until_due > 0
            )

    def _read_stream(self) -> None:
        stream = self._database.stream
        while batch := stream.wait_for_batch(BATCH_SIZE):
            with self._changed:
                for record in batch.records:
                    image = record["dynamodb"].get("NewImage", {})
                    # The filter of the event source.
                    if image.get("sk", {}).get("S", "").startswith("SUB#"):
                        shard = int(image["pk"]["S"].rpartition("#")[2])
                        self._shards[shard].append(record)
                        self._unfinished += 1
                        self._seen += 1
                self._changed.notify_all()
            stream.drop(batch.writes)

    def _relay_shard(self, shard: list[Record]) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: shard or self._is_stopping)
                if self._is_stopping:
                    return
                batch = shard[:BATCH_SIZE]
                del shard[:BATCH_SIZE]
            self._relay_batch(batch)
            self._finish(len(batch))

    def _relay_batch(self, records: Sequence[Record]) -> None:
        """Hand records over; those that fail are halved first and repeated then."""
        if len(records) == 1:
            if not any(self._is_relayed(records) for _ in self._tries()):
                self.given_up += records
        elif not self._is_relayed(records):
            middle = len(records) // 2
            self._relay_batch(records[:middle])
            self._relay_batch(records[middle:])

    def _tries(self) -> Iterator[int]:
        """Yield the number of each try of one record, after a wait that grows, as Lambda waits."""
        for tries in range(1 + STREAM_RETRIES):
            if tries:
                time.sleep(min(_FIRST_WAIT_SECONDS * 2**tries, _LONGEST_WAIT_SECONDS))
            yield tries

    def _is_relayed(self, records: Sequence[Record]) -> bool:
        return self._is_done(self._relay, stream_event(records, _STREAM_ARN))

    def _poll_queue(self) -> None:
        while not self._is_stopping:
            message = self._taken()
            if message is None:
                time.sleep(_POLL_SECONDS)
                continue
            if not self._is_done(self._deliver, queue_event(message, QUEUE)):
                self._queues.put_back(message)
            self._finish(1)

    def _taken(self) -> Message | None:
        with self._changed:
            message = self._queues.receive()
            self._unfinished += message is not None
            return message

    def _finish(self, count: int) -> None:
        with self._changed:
            self._unfinished -= count
            self._changed.notify_all()

    def _is_done(self, function: Callable[[Any], Any], event: Any) -> bool:
        with self._changed:
            self.invocations += 1
        try:
            function(event)
        except (FunctionFailed, TimeoutError):
            with self._changed:
                self.failures += 1
            return False
        return True
