"""The containers of one function, as Lambda has them: one event each, the others wait."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from itertools import count
from queue import Queue
from typing import TYPE_CHECKING, Any

from tests.faults import container
from tests.gateway import FunctionFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext
    from multiprocessing.sharedctypes import Synchronized

# What API Gateway waits for Lambda.
TIMEOUT_SECONDS = 29.0


def context() -> ForkServerContext:
    """Return what starts processes that have imported everything but app.py already."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.faults.warm"])
    return found


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
        self._free: Queue[Connection] = Queue()
        self._processes = []
        self._number = count(1)
        self.name = handler
        starter = context()
        for _ in range(size):
            ours, theirs = starter.Pipe()
            process = starter.Process(
                target=container.serve,
                args=(theirs, handler, dict(environment), skipped_seconds),
                daemon=True,
            )
            process.start()
            theirs.close()
            self._processes.append(process)
            self._free.put(ours)
        for connection in self._free.queue:
            assert connection.recv() == container.READY

    def __call__(self, event: Any, _context: Any = None) -> Any:
        """Return what the function answers.

        Raises:
            FunctionFailed: it raised.
            TimeoutError: it takes longer than API Gateway waits.
        """
        connection = self._free.get()
        connection.send((event, f"{self.name}-{next(self._number)}"))
        if not connection.poll(TIMEOUT_SECONDS):
            # Its container is not free yet, and nobody waits for it.
            raise TimeoutError(self.name)
        succeeded, answer = connection.recv()
        self._free.put(connection)
        if not succeeded:
            raise FunctionFailed(answer)
        return answer

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.join()


@contextmanager
def fleet(*arguments: Any) -> Iterator[Fleet]:
    """Yield a fleet, as Fleet takes it, and end it."""
    it = Fleet(*arguments)
    try:
        yield it
    finally:
        it.end()
