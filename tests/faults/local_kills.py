"""The local system is killed at random moments while visitors post, and started again.

``python -m ops run`` gets SIGKILL, at times while it is still reading its journal. What a
visitor was told must be there after the last start, once, and the owner told about it.
"""

from __future__ import annotations

import random
import signal
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.config import LOCAL_TABLE
from tests.faults import content, visitors
from tests.faults.forms import WEBHOOK_SECRET, WEBHOOK_SECRET_NAME, write_forms
from tests.faults.line import Answers, HttpLine
from tests.faults.receiver import Receiver
from tests.faults.store import Contents
from tests.faults.verdict import MAX_EXAMPLES, Kept, Told, by_mark, examples, losses
from tests.faults.visitors import Visitor
from tests.functional.local.running import local_environment, start_local

if TYPE_CHECKING:
    from tests.faults.store import Snapshot
    from tests.functional.local.running import Running

VISITORS_AT_ONCE = 6
# So many more come for each start, about as many as are served in half a second. Without a
# bound, each start would restore what none before it had the time to tell, and take a minute.
VISITORS_A_LIFE = 24
HASTE, PRESSES = 8.0, 1_000
# How long after it serves, or after its start, the process is killed.
SERVING_SECONDS, STARTING_SECONDS = (0.02, 1.0), (0.1, 1.5)
# Of all kills, those that do not wait until it serves.
WHILE_STARTING = 0.25
_READY = "Ctrl-C stops it"
# A start takes two seconds, and many times that on a machine that does much else.
_READY_SECONDS, _SETTLE_SECONDS = 180.0, 300.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Result:
    """What the kills did.

    Attributes:
        kills: how often the process was killed.
        while_starting: how many of them before it served.
        visitors: who posted.
        stored: how many submissions there are.
        posts: how often the receiver was told something.
        seconds: in all.
    """

    kills: int
    while_starting: int
    visitors: int
    answers: Answers
    stored: int
    posts: int
    seconds: float
    kept: Kept
    told: Told
    examples: list[str]

    @property
    def losses(self) -> int:
        return losses(self.kept, self.told) + self.answers.bare + self.answers.faults


class _InVain(Exception):
    """The system will not come back."""


class Crowd:
    """Visitors who come one after the other, several at once, until it is enough."""

    def __init__(self, seed: int, port: int) -> None:
        self.visitors: list[Visitor] = []
        self.answers = Answers()
        self._seed, self._port = seed, port
        self._numbers = count()
        self._places = threading.Semaphore(0)
        self._enough = threading.Event()
        self._is_in_vain = False
        self._threads = [threading.Thread(target=self._come) for _ in range(VISITORS_AT_ONCE)]
        for thread in self._threads:
            thread.start()

    def let_in(self, number: int) -> None:
        """Let so many more come."""
        self._places.release(number)

    def end(self, *, patiently: bool) -> None:
        """Let nobody come any more.

        Args:
            patiently: whether those who are there may come to an end.
        """
        self._enough.set()
        self._is_in_vain = not patiently
        for thread in self._threads:
            thread.join()

    def _pause(self, seconds: float) -> None:
        if self._is_in_vain:
            raise _InVain
        time.sleep(seconds / HASTE)

    def _come(self) -> None:
        while not self._enough.is_set():
            if not self._places.acquire(timeout=_POLL_SECONDS):
                continue
            number = next(self._numbers)
            # Chance here is a test's, and has to repeat.
            chance = random.Random(f"{self._seed}-visitor-{number}")  # noqa: S311
            mark = f"{self._seed}-{number}"
            visitor = Visitor(
                mark=mark,
                ip=visitors.address(number),
                pairs=content.pairs(mark, chance),
                chance=chance,
                line=HttpLine(self._port, self.answers),
                pause=self._pause,
                # It is away for seconds at a time, and everybody waits.
                presses=PRESSES,
            )
            self.visitors.append(visitor)
            with suppress(_InVain):
                visitors.KINDS[chance.choice(list(visitors.KINDS))](visitor)


def run(*, kills: int, seed: int) -> Result:
    """Kill and start again so many times, and look at what is left."""
    started = time.monotonic()
    chance = random.Random(f"{seed}-kills")  # noqa: S311  it has to repeat
    with tempfile.TemporaryDirectory() as name, Receiver() as receiver:
        data_dir = Path(name) / "data"
        data_dir.mkdir()
        secret = f'"{WEBHOOK_SECRET_NAME}" = "{WEBHOOK_SECRET}"\n'
        (data_dir / "secrets.toml").write_text(secret, "utf-8")
        forms_file = write_forms(Path(name), receiver.url)
        environment = {
            **local_environment(data_dir),
            "FORMPOST_FORMS": str(forms_file),
            "FORMPOST_ALLOW_LOOPBACK": "true",
        }
        crowd = Crowd(seed, int(environment["API_PORT"]))
        with ExitStack() as stack:
            stack.callback(crowd.end, patiently=False)
            while_starting = sum(_killed(environment, chance, crowd) for _ in range(kills))
            running = start_local(environment)
            stack.callback(running.end)
            _wait_until_ready(running)
            crowd.end(patiently=True)
            contents = Contents((data_dir / "dynamodb.url").read_text("ascii"), LOCAL_TABLE)
            held = _settled(contents)
            told = Told.of(held, receiver)
            running.stop(signal.SIGTERM)
        stored = by_mark(held.submissions)
        return Result(
            kills=kills,
            while_starting=while_starting,
            visitors=len(crowd.visitors),
            answers=crowd.answers,
            stored=len(held.submissions),
            posts=receiver.posts,
            seconds=time.monotonic() - started,
            kept=Kept.of(crowd.visitors, stored),
            told=told,
            examples=[*examples(crowd.visitors, stored), *held.unsettled[:MAX_EXAMPLES]],
        )


def _killed(environment: dict[str, str], chance: random.Random, crowd: Crowd) -> bool:
    """Start once and kill once; return whether it was killed before it served."""
    crowd.let_in(VISITORS_A_LIFE)
    running = start_local(environment)
    try:
        is_early = chance.random() < WHILE_STARTING
        if not is_early:
            _wait_until_ready(running)
        time.sleep(chance.uniform(*(STARTING_SECONDS if is_early else SERVING_SECONDS)))
        return _READY not in running.output
    finally:
        running.end()


def _wait_until_ready(running: Running) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while _READY not in running.output:
        if running.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The local system does not start:\n{running.output}")
        time.sleep(_POLL_SECONDS)


def _settled(contents: Contents) -> Snapshot:
    """Return what is stored once every delivery is settled, or once that is in vain."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while True:
        held = contents.read()
        if not held.unsettled or time.monotonic() > deadline:
            return held
        time.sleep(_POLL_SECONDS)
