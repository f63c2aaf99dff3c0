"""Many visitors and many faults, and whether anything was lost.

The verdict compares what visitors were told with what the table holds, and what the
owner's receiver got with what is stored.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.faults import content, visitors
from tests.faults.line import Answers, GatewayLine
from tests.faults.system import system
from tests.faults.verdict import MAX_EXAMPLES, Kept, Told, by_mark, examples, losses
from tests.faults.visitors import Visitor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.faults.faults import Fault
    from tests.faults.system import System

POSTS, QUICK_POSTS = 10_000, 80
# Answers that were made and do not reach the visitor.
LINE_LOSS = 0.05
# More visitors than containers: some always wait.
VISITORS_AT_ONCE = 20
# Visitors' waits, in seconds of the campaign for one of the machine.
HASTE = 50.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a campaign found.

    Attributes:
        faults: by service, how many requests met which fault.
        sent: by kind of visitor, how many there were.
        answers: to all posts.
        stored: how many submissions the table holds.
        posts: how often the receiver was told something.
        invocations, failures: of relay and deliver.
        given_up: records that relay never took.
        dead_letters: how many the owner moved back.
        skipped_seconds: what was waited for without waiting.
        examples: of visitors and of notices with which something went wrong.
    """

    faults: Mapping[str, Counter[Fault | None]]
    sent: Counter[str]
    answers: Answers
    stored: int
    posts: int
    invocations: int
    failures: int
    given_up: int
    dead_letters: int
    skipped_seconds: float
    seconds: float
    kept: Kept
    told: Told
    examples: list[str]

    @property
    def losses(self) -> int:
        answers = self.answers
        # No container ends by itself.
        return losses(self.kept, self.told) + answers.bare + answers.faults + answers.cut_off


def run(*, posts: int, seed: int, rate: float) -> Result:
    """Run one campaign to its end."""
    started = time.monotonic()
    with system(seed, rate) as it:
        answers = Answers()
        sent = _sent(posts, seed, it, answers)
        dead_letters = it.settle()
        held = it.contents.read()
        stored = by_mark(held.submissions)
        everyone = [visitor for _, visitor in sent]
        return Result(
            faults={name: proxy.faults.drawn for name, proxy in it.proxies.items()},
            sent=Counter(kind for kind, _ in sent),
            answers=answers,
            stored=len(held.submissions),
            posts=it.receiver.posts,
            invocations=it.sources.invocations,
            failures=it.sources.failures,
            given_up=len(it.sources.given_up),
            dead_letters=dead_letters,
            skipped_seconds=it.clock.skipped_seconds.value,
            seconds=time.monotonic() - started,
            kept=Kept.of(everyone, stored),
            told=Told.of(held, it.receiver),
            examples=[*examples(everyone, stored), *held.unsettled[:MAX_EXAMPLES]],
        )


def _sent(posts: int, seed: int, it: System, answers: Answers) -> list[tuple[str, Visitor]]:
    """Let every visitor send until it is told something final; return them with their kinds."""
    kinds = list(visitors.KINDS)

    def visit(number: int) -> tuple[str, Visitor]:
        # Chance here is a test's, and has to repeat.
        chance = random.Random(f"{seed}-visitor-{number}")  # noqa: S311
        kind = chance.choice(kinds)
        mark = f"{seed}-{number}"
        visitor = Visitor(
            mark=mark,
            ip=visitors.address(number),
            pairs=content.pairs(mark, chance),
            chance=chance,
            line=GatewayLine(it.gateway, answers, chance, LINE_LOSS),
            pause=lambda seconds: time.sleep(seconds / HASTE),
        )
        visitors.KINDS[kind](visitor)
        return kind, visitor

    with ThreadPoolExecutor(VISITORS_AT_ONCE) as threads:
        return list(threads.map(visit, range(posts)))
