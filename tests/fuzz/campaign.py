"""One campaign: every entrance gets its share of the time, and its line in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.fuzz import guided, machine, openapi, whole_app
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.tally import Tally

# What a minute is good for, measured; the rest of an entrance's share is its slack.
_EXAMPLES_A_MINUTE = 6
_RUNS_A_MINUTE = 8


class Entrance(NamedTuple):
    """One way in.

    Attributes:
        share: of the campaign's time, of 1.
        send: takes the seed and the seconds that it has.
    """

    name: str
    share: float
    send: Callable[[int, float], Tally]


def entrances() -> Iterator[Entrance]:
    """Yield every entrance; the shares add up to 1."""
    yield Entrance("events", 0.45, lambda s, t: whole_app.fuzz("memory", s, seconds=t))
    yield Entrance("store", 0.1, lambda s, t: whole_app.fuzz("dynamodb", s, seconds=t))
    yield Entrance("openapi", 0.15, _openapi)
    yield Entrance("machine", 0.1, _machine)
    for target in TARGETS:
        yield Entrance(target, 0.2 / len(TARGETS), _guided(target))


def _openapi(seed: int, seconds: float) -> Tally:
    examples = max(2, int(seconds / 60 * _EXAMPLES_A_MINUTE))
    return openapi.fuzz(seed, seconds=seconds, examples=examples)


def _machine(seed: int, seconds: float) -> Tally:
    return machine.fuzz(seed, runs=max(2, int(seconds / 60 * _RUNS_A_MINUTE)))


def _guided(target: str) -> Callable[[int, float], Tally]:
    return lambda seed, seconds: guided.fuzz(target, seed, seconds=seconds)
