"""Hand what was written to relay, and what was queued to deliver, as AWS would.

The handlers are those of app.py. One thread each: a receiver that does not answer
keeps deliver waiting, but neither relay nor the API. A batch that relay cannot take
is tried again, later and later, and what was written after it waits; AWS gives up
after some hours, but here somebody looks and mends it. See queue.py for deliver.

Told at least once, also when the process is killed: the journal knows how far relay
has come, and the table which deliveries are pending.

The process that holds the data pumps, whoever writes: every write passes by there.
Another process's ``deliveries retry`` is seen in the stream like everything else, so
what that process puts into its own queue need not arrive anywhere.

Not pumped: bounces and complaints, as mail goes nowhere, and the daily summary.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib import failures
from chalicelib.model import timestamp
from ops.local.lambda_events import queue_event, stream_event
from ops.local.unfinished import asked_for_anew, pending_tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.outbox import DeliveryStore
    from ops.local.database import Database
    from ops.local.handlers import Handlers
    from ops.local.queue import LocalQueue
    from ops.local.stream import Batch

# Between two tries of what fails: a hiccup is over soon, and a fault waits for a person, who
# should not have to wait long afterwards.
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 1.0, 30.0
# An attempt that is under way when somebody presses Ctrl-C; later it is cut, and made again.
_STOP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Pump:
    """Two threads, from ``start`` to ``stop``.

    Attributes:
        handlers: of the app.
        database: which this process holds.
        queue: what relay and deliver put tasks into.
        deliveries: those in the database.
        now: the clock.
        write_log: writes one line.
    """

    handlers: Handlers
    database: Database
    queue: LocalQueue
    deliveries: DeliveryStore
    now: Callable[[], datetime]
    write_log: Callable[[Mapping[str, Any]], None]
    _stopping: threading.Event = field(default_factory=threading.Event, init=False)
    _threads: list[threading.Thread] = field(default_factory=list, init=False)

    def start(self) -> None:
        """Begin with what an earlier process has left undone."""
        for name, work in (("relay", self._relay_all), ("deliver", self._deliver_all)):
            thread = threading.Thread(target=work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let an attempt that is under way come to its end, if that is soon."""
        self._stopping.set()
        self.database.stream.close()
        self.queue.close()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)

    def _relay_all(self) -> None:
        stream = self.database.stream
        while batch := stream.wait_for_batch(self.handlers.batch_size):
            self._insist("relay", self._relay, batch)

    def _relay(self, batch: Batch) -> None:
        event = stream_event(batch.records, self.handlers.stream_arn)
        self.handlers.relay(event, None)
        self.queue.put(list(asked_for_anew(event)))
        self.database.mark_relayed(batch.writes)

    def _deliver_all(self) -> None:
        self._insist("resume", self._resume)
        while self.queue.wait():
            if message := self.queue.receive():
                try:
                    self.handlers.deliver(queue_event(message, self.handlers.queue), None)
                except Exception as error:  # noqa: BLE001  whatever it is, SQS would not know
                    self._report("deliver", error)
                    self.queue.put_back(message)

    def _resume(self) -> None:
        for task, delay_seconds in pending_tasks(self.deliveries, self.now()):
            self.queue.put([task], delay_seconds=delay_seconds)

    def _insist(self, what: str, step: Callable[..., None], *arguments: Any) -> None:
        """Do a step until it succeeds or the pump stops."""
        wait_seconds = _FIRST_WAIT_SECONDS
        while not self._stopping.is_set():
            try:
                step(*arguments)
            except Exception as error:  # noqa: BLE001  Lambda tries again whatever it was
                self._report(what, error)
                self._stopping.wait(wait_seconds)
                wait_seconds = min(2 * wait_seconds, _LONGEST_WAIT_SECONDS)
            else:
                return

    def _report(self, event: str, error: Exception) -> None:
        # Once the store is closed, what still runs can only fail; it is done after the next start.
        if not self._stopping.is_set():
            # Where it happened; a message could quote what a visitor sent.
            line = {"event": event, "outcome": "failed", "error": failures.describe(error, None)}
            self.write_log({"level": "error", "time": timestamp(self.now()), **line})
