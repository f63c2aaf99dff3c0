"""What was written to the table and relay has not seen yet: the table's stream.

DynamoDB's keeps records for a day. This one keeps them until relay has taken them,
in memory; the journal has what is needed to make them again after a restart.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

Record = dict[str, Any]
"""One changed item, as a Lambda is handed it."""


class Batch(NamedTuple):
    """What relay is handed at once.

    Attributes:
        writes: how many of the journal's writes relay has seen after it.
        records: oldest first.
    """

    writes: int
    records: list[Record]


class _Write(NamedTuple):
    """What one request changed, and the number that it has in the journal."""

    number: int
    records: Sequence[Record]


class Stream:
    """Records in the order of their writes; many threads add, one takes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._writes: deque[_Write] = deque()
        self._is_closed = False

    def add(self, number: int, records: Sequence[Record]) -> None:
        """Add what the journal's write of this number changed."""
        if records:
            with self._changed:
                self._writes.append(_Write(number, records))
                self._changed.notify_all()

    def wait_for_batch(self, max_records: int) -> Batch | None:
        """Return the oldest records, once there are any; None when the stream is closed.

        A write is not cut in two, so that one number says how far relay has come.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._writes or self._is_closed)
            return None if self._is_closed else self._oldest(max_records)

    def drop(self, writes: int) -> None:
        """Forget the records of the journal's first so many writes."""
        with self._changed:
            while self._writes and self._writes[0].number <= writes:
                self._writes.popleft()

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _oldest(self, max_records: int) -> Batch:
        batch = Batch(0, [])
        for write in self._writes:
            if batch.records and len(batch.records) + len(write.records) > max_records:
                break
            batch = Batch(write.number, [*batch.records, *write.records])
        return batch
