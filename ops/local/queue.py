"""The delivery queue of local mode, in memory, with SQS's promises.

A message comes out when its delay is over; one that could not be worked off comes out
again after a while, and is a dead letter when that has happened too often. A message
may come twice. Nothing here survives the process: what has to be tried stands in the
table, and the pump puts it in again when it starts. A dead letter is a line in the log.
"""

from __future__ import annotations

import heapq
import json
import threading
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from chalicelib.delivery_queue import MAX_DELAY_SECONDS
from chalicelib.model import timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from chalicelib.delivery import Task

# SQS's is three minutes, so that no second worker starts while the first one is at it. Here is
# one worker, and a person who waits.
VISIBILITY_TIMEOUT_SECONDS = 5.0
# Delays are measured by the clock on the wall, which goes on while a laptop sleeps; a waiting
# thread does not, so it looks again this often.
_LOOK_AGAIN_SECONDS = 30.0


def max_receives(resources_file: Path) -> int:
    """Return how often the queue that ``resources_file`` declares hands a message out."""
    resources = json.loads(resources_file.read_text(encoding="utf-8"))["Resources"]
    return int(resources["DeliveryQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"])


class Message(NamedTuple):
    """A task as it comes out of the queue.

    Attributes:
        id: the same each time it comes out.
        receives: how often it came out, this time included.
    """

    id: str
    task: Task
    sent_at: datetime
    receives: int


class _Waiting(NamedTuple):
    """A message in the queue; the one that is due first is the smallest."""

    due_at: float
    order: int
    message: Message


class LocalQueue:
    """Takes tasks from any thread, and gives them to one worker.

    Args:
        now: the clock.
        max_receives: how often a message comes out before it is a dead letter.
        write_log: writes one line.
        visibility_timeout_seconds: until a message that was not worked off comes out again.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        max_receives: int,
        write_log: Callable[[Mapping[str, Any]], None],
        visibility_timeout_seconds: float = VISIBILITY_TIMEOUT_SECONDS,
    ) -> None:
        self._now = now
        self._max_receives = max_receives
        self._write_log = write_log
        self._visibility_timeout_seconds = visibility_timeout_seconds
        self._changed = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._order = count()
        self._is_closed = False

    def put(self, tasks: Sequence[Task], *, delay_seconds: float = 0) -> None:
        """Hand each task to deliver after the delay, or after 15 minutes if that is less."""
        for task in tasks:
            message = Message(str(uuid4()), task, self._now(), receives=0)
            self._hide(message, min(max(0.0, delay_seconds), MAX_DELAY_SECONDS))

    def bury(self, task: Task) -> None:
        """Say that a task was given up."""
        self._write_log(
            {
                "level": "error",
                "time": timestamp(self._now()),
                "event": "dead_letter",
                **task._asdict(),
            }
        )

    def wait(self) -> bool:
        """Wait until a message is due; False once the queue is closed."""
        with self._changed:
            while not self._is_closed:
                seconds = self._seconds_until_due()
                if seconds <= 0:
                    return True
                self._changed.wait(min(seconds, _LOOK_AGAIN_SECONDS))
            return False

    def receive(self) -> Message | None:
        """Take the message out that has been due longest; None when none is."""
        with self._changed:
            if self._seconds_until_due() > 0:
                return None
            message = heapq.heappop(self._waiting).message
            return message._replace(receives=message.receives + 1)

    def put_back(self, message: Message) -> None:
        """Let a message that was not worked off come out again, or be a dead letter."""
        if message.receives >= self._max_receives:
            self.bury(message.task)
        else:
            self._hide(message, self._visibility_timeout_seconds)

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _hide(self, message: Message, delay_seconds: float) -> None:
        due_at = self._now().timestamp() + delay_seconds
        with self._changed:
            heapq.heappush(self._waiting, _Waiting(due_at, next(self._order), message))
            self._changed.notify_all()

    def _seconds_until_due(self) -> float:
        if not self._waiting:
            return float("inf")
        return self._waiting[0].due_at - self._now().timestamp()
