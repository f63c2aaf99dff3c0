"""The packaged app is killed when the table has a submission and its visitor has no answer yet.

Each visitor meets it once or twice, and tries again as visitors do. A new container must
answer with the first result, and nothing may be stored a second time.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.faults import content, visitors
from tests.faults.faults import no_faults
from tests.faults.line import Answers, GatewayLine
from tests.faults.packaged import packaged
from tests.faults.proxy import FaultProxy
from tests.faults.store import TABLE, Contents, embedded
from tests.faults.verdict import Kept, by_mark, examples, losses
from tests.faults.visitors import Visitor
from tests.gateway import FunctionFailed

if TYPE_CHECKING:
    from tests.faults.packaged import Packaged
    from tests.packaged.function import Function

# Containers take a second to start; a visitor's wait need not be longer.
HASTE = 10.0
_THE_WRITE = b"DynamoDB_20120810.TransactWriteItems\r\n"


@dataclass(frozen=True, slots=True)
class Result:
    """What the kills did.

    Attributes:
        kills: how many containers were killed.
        visitors: who posted.
        stored: how many submissions there are.
        seconds: in all.
    """

    kills: int
    visitors: int
    answers: Answers
    stored: int
    seconds: float
    kept: Kept
    examples: list[str]

    @property
    def losses(self) -> int:
        return losses(self.kept) + self.answers.bare + self.answers.faults


class Container:
    """A container and its own way to the table, on which it can be met."""

    def __init__(self, package: Packaged, store_url: str, fleet: DoomedFleet) -> None:
        self._fleet = fleet
        self._proxy = FaultProxy(store_url, no_faults(), self._interrupts)
        self._proxy.__enter__()
        self.function: Function = package.start(self._proxy.url)

    def end(self) -> None:
        self.function.end()
        self._proxy.__exit__()

    def _interrupts(self, head: bytes) -> bool:
        is_doomed = _THE_WRITE in head and self._fleet.takes_one()
        if is_doomed:
            self.function.kill()
        return is_doomed


class DoomedFleet:
    """As many containers as are needed at once; so many of them will be killed.

    Attributes:
        left: how many are to be killed, from the next write on.
        kills: how many were.
    """

    def __init__(self, package: Packaged, store_url: str) -> None:
        self._package, self._store_url = package, store_url
        self._free: list[Container] = []
        self._lock = threading.Lock()
        self.left = self.kills = 0

    def __call__(self, event: Any, context: Any) -> Any:
        with self._lock:
            container = self._free.pop() if self._free else None
        container = container or Container(self._package, self._store_url, self)
        try:
            answer = container.function(event, context)
        except (FunctionFailed, TimeoutError):
            container.end()
            raise
        with self._lock:
            self._free.append(container)
        return answer

    def takes_one(self) -> bool:
        with self._lock:
            if not self.left:
                return False
            self.left -= 1
            self.kills += 1
            return True

    def end(self) -> None:
        for container in self._free:
            container.end()


def run(*, kills: int, seed: int) -> Result:
    """Let visitors meet so many kills, and look at what is stored."""
    started = time.monotonic()
    chance = random.Random(f"{seed}-container-kills")  # noqa: S311  it has to repeat
    answers = Answers()
    everyone: list[Visitor] = []
    with ExitStack() as stack:
        package = stack.enter_context(packaged())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _, store_url = stack.enter_context(embedded(folder))
        fleet = DoomedFleet(package, store_url)
        stack.callback(fleet.end)
        gateway = package.gateway(fleet)
        while fleet.kills < kills:
            number = len(everyone)
            mark = f"{seed}-{number}"
            visitor = Visitor(
                mark=mark,
                ip=visitors.address(number),
                pairs=content.pairs(mark, chance),
                chance=chance,
                line=GatewayLine(gateway, answers, chance, loss=0.0),
                pause=lambda seconds: time.sleep(seconds / HASTE),
            )
            fleet.left = min(chance.choice((1, 1, 2)), kills - fleet.kills)
            visitors.KINDS[chance.choice(list(visitors.KINDS))](visitor)
            everyone.append(visitor)
        submissions = Contents(store_url, TABLE).read().submissions
        stored = by_mark(submissions)
        return Result(
            kills=fleet.kills,
            visitors=len(everyone),
            answers=answers,
            stored=len(submissions),
            seconds=time.monotonic() - started,
            kept=Kept.of(everyone, stored),
            examples=examples(everyone, stored),
        )
