"""The containers of one function, as Lambda has them: one event each, the others wait."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from itertools import count
from queue import Queue
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.faults import container
from tests.gateway import FunctionFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext, ForkServerProcess
    from multiprocessing.sharedctypes import Synchronized

# What Lambda gives relay, its slowest function; a busy machine is slow with the others, too.
TIMEOUT_SECONDS = 60.0


def context() -> ForkServerContext:
    """Return what starts processes that have read all but app.py already."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.faults.warm"])
    return found


class Container(NamedTuple):
    """A process, and the line to it."""

    process: ForkServerProcess
    connection: Connection

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class Fleet:
    """A function; called by many threads.

    Args:
        handler: a name in app.py.
        size: how many containers; what comes when all are busy waits.
        environment: the function's variables.
        skipped_seconds: of the campaign's clock.
    """

    def __init__(
        self,
        handler: str,
        size: int,
        environment: Mapping[str, str],
        skipped_seconds: Synchronized[float],
    ) -> None:
        self._arguments = (handler, dict(environment), skipped_seconds)
        self._number = count(1)
        self._free: Queue[Container] = Queue()
        for started in [self._started() for _ in range(size)]:
            started.connection.recv()
            self._free.put(started)

    def __call__(self, event: Any, _context: Any = None) -> Any:
        """Return what the function answers.

        Raises:
            FunctionFailed: it raised.
            TimeoutError: it takes longer than it may; its container has ended.
        """
        taken = self._free.get()
        taken.connection.send((event, f"request-{next(self._number)}"))
        if not taken.connection.poll(TIMEOUT_SECONDS):
            taken.end()
            taken = self._started()
            taken.connection.recv()
            self._free.put(taken)
            raise TimeoutError
        succeeded, answer = taken.connection.recv()
        self._free.put(taken)
        if not succeeded:
            raise FunctionFailed(answer)
        return answer

    def end(self) -> None:
        while not self._free.empty():
            self._free.get().end()

    def _started(self) -> Container:
        """Return a container that will say so when it is ready."""
        starter = context()
        ours, theirs = starter.Pipe()
        process = starter.Process(
            target=container.serve, args=(theirs, *self._arguments), daemon=True
        )
        process.start()
        theirs.close()
        return Container(process, ours)


@contextmanager
def fleet(*arguments: Any) -> Iterator[Fleet]:
    """Yield a fleet, as Fleet takes it, and end it."""
    it = Fleet(*arguments)
    try:
        yield it
    finally:
        it.end()
