"""Medians and their ratios, with the spread that chance gives them."""

from __future__ import annotations

from statistics import median, quantiles
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

# Of which the middle 95 % are shown.
RESAMPLES = 1_000
_TAIL = 0.025


class Spread(NamedTuple):
    """A median and its quartiles."""

    median: float
    lower_quartile: float
    upper_quartile: float


class Ratio(NamedTuple):
    """How much one is of another.

    Attributes:
        value: of the medians.
        low, high: between them is the middle 95 % of what resampled rounds give.
    """

    value: float
    low: float
    high: float


def spread(samples: Sequence[float]) -> Spread:
    """Return the median and quartiles of at least one sample."""
    if len(samples) == 1:
        return Spread(samples[0], samples[0], samples[0])
    lower, middle, upper = quantiles(samples, n=4, method="inclusive")
    return Spread(middle, lower, upper)


def ratio(samples: Sequence[float], of: Sequence[float], random: Random) -> Ratio:
    """Return the ratio of two medians with its bootstrap interval.

    Args:
        samples: one a round.
        of: of the same rounds, so that a slow round is drawn for both or for neither.
        random: draws the rounds.
    """
    rounds = range(len(samples))
    resampled = sorted(
        median([samples[n] for n in drawn]) / median([of[n] for n in drawn])
        for drawn in (random.choices(rounds, k=len(rounds)) for _ in range(RESAMPLES))
    )
    tail = int(RESAMPLES * _TAIL)
    return Ratio(median(samples) / median(of), resampled[tail], resampled[-1 - tail])
