"""A thousand posts in flight against the packaged app: ``python -m tests.faults.load``.

Each container takes one post at a time, as in Lambda; what comes when all are busy waits.
On AWS it would not wait, but start another container. So what a visitor waits here tells
of this machine, and what a container takes tells of the app.
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any

from tests.faults import content, visitors
from tests.faults.line import Answers, GatewayLine
from tests.faults.packaged import packaged
from tests.faults.report import of_load
from tests.faults.store import TABLE, Contents, embedded
from tests.faults.verdict import Kept, by_mark, examples, losses
from tests.faults.visitors import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.conversion import Answer
    from tests.packaged.function import Function

POSTS, IN_FLIGHT, CONTAINERS = 3_000, 1_000, 8


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a load.

    Attributes:
        in_flight: the most posts that were sent and not answered at one moment.
        seconds: from the first post to the last answer.
        waits_seconds: of every post, from its visitor's click to the answer, sorted.
        container_seconds: of every post, while a container was at it, sorted.
    """

    posts: int
    in_flight: int
    containers: int
    seconds: float
    waits_seconds: list[float]
    container_seconds: list[float]
    answers: Answers
    stored: int
    kept: Kept
    examples: list[str]

    @property
    def losses(self) -> int:
        answers = self.answers
        return losses(self.kept) + answers.bare + answers.faults + answers.cut_off


class Containers:
    """A function with so many containers; what waits for one is taken in its order.

    Attributes:
        seconds: of every invocation.
    """

    def __init__(self, start: Callable[[], Function], size: int) -> None:
        self.seconds: list[float] = []
        self._free: Queue[Function] = Queue()
        for _ in range(size):
            self._free.put(start())
        self._waiting = ThreadPoolExecutor(size)

    def __call__(self, event: Any, context: Any) -> Any:
        return self._waiting.submit(self._invoke, event, context).result()

    def _invoke(self, event: Any, context: Any) -> Any:
        function = self._free.get()
        started = time.perf_counter()
        try:
            return function(event, context)
        finally:
            self.seconds.append(time.perf_counter() - started)
            self._free.put(function)

    def end(self) -> None:
        self._waiting.shutdown()
        while not self._free.empty():
            self._free.get().end()


class MeasuredLine:
    """A visitor's line that keeps how long each answer took."""

    def __init__(self, line: visitors.Line, measured: Measured) -> None:
        self._line = line
        self._measured = measured

    def post(self, headers: Mapping[str, str], body: bytes, ip: str) -> Answer | None:
        with self._measured:
            return self._line.post(headers, body, ip)


class Measured:
    """How long posts take, and how many are under way."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.most_in_flight = 0
        self._in_flight = 0
        self._lock = threading.Lock()
        self._own = threading.local()

    def __enter__(self) -> None:
        self._own.started = time.perf_counter()
        with self._lock:
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._in_flight -= 1
            self.seconds.append(time.perf_counter() - self._own.started)


def run(*, posts: int, in_flight: int, containers: int, seed: int) -> Result:
    """Post so often, with so many posts in flight."""
    answers, measured = Answers(), Measured()
    everyone: list[Visitor] = []
    with ExitStack() as stack:
        package = stack.enter_context(packaged())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _, store_url = stack.enter_context(embedded(folder))
        function = Containers(lambda: package.start(store_url), containers)
        stack.callback(function.end)
        gateway = package.gateway(function)

        def visit(number: int) -> Visitor:
            # Chance here is a test's, and has to repeat.
            chance = random.Random(f"{seed}-visitor-{number}")  # noqa: S311
            mark = f"{seed}-{number}"
            visitor = Visitor(
                mark=mark,
                ip=visitors.address(number),
                pairs=content.pairs(mark, chance),
                chance=chance,
                line=MeasuredLine(GatewayLine(gateway, answers, chance, loss=0.0), measured),
                pause=time.sleep,
            )
            visitors.scripted_page(visitor)
            return visitor

        started = time.perf_counter()
        with ThreadPoolExecutor(in_flight) as threads:
            everyone = list(threads.map(visit, range(posts)))
        seconds = time.perf_counter() - started
        stored = Contents(store_url, TABLE).read().submissions
    return Result(
        posts=posts,
        in_flight=measured.most_in_flight,
        containers=containers,
        seconds=seconds,
        waits_seconds=sorted(measured.seconds),
        container_seconds=sorted(function.seconds),
        answers=answers,
        stored=len(stored),
        kept=Kept.of(everyone, by_mark(stored)),
        examples=examples(everyone, by_mark(stored)),
    )


def main() -> None:
    """Print the distribution and the losses; exit with 1 on any."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.load", description=__doc__)
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--in-flight", type=int, default=IN_FLIGHT)
    parser.add_argument("--containers", type=int, default=CONTAINERS)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    options = parser.parse_args()
    print(f"seed {options.seed}: {options.posts:,} posts, {options.in_flight:,} in flight")
    result = run(**vars(options))
    print(of_load(result))
    sys.exit(result.losses > 0)


if __name__ == "__main__":
    main()
