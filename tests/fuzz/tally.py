"""What an entrance did with its inputs: counts, the worst of them, and every broken promise."""

from __future__ import annotations

import heapq
import time
import tracemalloc
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Lambda has a sixth of a core at 256 MB and ends after 15 s: what takes longer than this here
# could end there without an answer.
MAX_SECONDS = 2.0
# Beside what a container holds anyway; the function has 512 MB.
MAX_PEAK_BYTES = 128 * 1024 * 1024
# So many of the slowest and of the largest are sent again, with their memory watched.
_WATCHED = 5
_SHOWN = 20


class Broken(NamedTuple):
    """A promise that one input made the system break."""

    number: int
    what: str


@dataclass
class Tally:
    """The counts of one entrance.

    Attributes:
        counts: whatever the entrance counts, by name.
        broken: what must not be, the first of it.
    """

    entrance: str
    inputs: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)
    worst_seconds: float = 0.0
    worst_input: str = "none"
    peak_bytes: int = 0
    peak_input: str = "none"

    def breaks(self, number: int, what: str) -> None:
        """Note a broken promise; all are counted, the first ones are kept."""
        self.counts["broken"] += 1
        if len(self.broken) < _SHOWN:
            self.broken.append(Broken(number, what))

    @property
    def holds(self) -> bool:
        """Whether there were inputs, and every one was answered well and in time."""
        return (
            self.inputs > 0
            and not self.broken
            and self.worst_seconds <= MAX_SECONDS
            and self.peak_bytes <= MAX_PEAK_BYTES
        )


class Slowest:
    """The numbers of the inputs that took longest, and of those that were largest."""

    def __init__(self) -> None:
        self._by_seconds: list[tuple[float, int]] = []
        self._by_size: list[tuple[float, int]] = []

    def note(self, number: int, seconds: float, size: int) -> None:
        for heap, value in ((self._by_seconds, seconds), (self._by_size, float(size))):
            if len(heap) < _WATCHED:
                heapq.heappush(heap, (value, number))
            elif value > heap[0][0]:
                heapq.heapreplace(heap, (value, number))

    def numbers(self) -> list[int]:
        return sorted({number for _, number in (*self._by_seconds, *self._by_size)})


def measure_again(tally: Tally, numbers: Iterable[int], send: Callable[[int], object]) -> None:
    """Send some inputs again, alone: how long each takes, and how much memory.

    Other programs on the machine make an input look slow once, but not three times; its own
    processor time counts, the least of three.
    """
    for number in numbers:
        seconds = min(_seconds(send, number) for _ in range(3))
        if seconds > tally.worst_seconds:
            tally.worst_seconds, tally.worst_input = seconds, f"number {number}"
        tracemalloc.start()
        try:
            send(number)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        if peak > tally.peak_bytes:
            tally.peak_bytes, tally.peak_input = peak, f"number {number}"


def _seconds(send: Callable[[int], object], number: int) -> float:
    started = time.thread_time()
    send(number)
    return time.thread_time() - started
