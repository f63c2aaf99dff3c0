"""Simulate one form at up to 10,000 submissions/s: ``python -m bench.scale``.

Every submission goes through the real submit path and the real store; the table under it
keeps account of DynamoDB's partitions, 1,000 writes/s and 3,000 reads/s each, without
adaptive capacity. An index that cannot follow throttles the table's writes.

The peer is the same form with one shard. docs/scaling.md has what follows from it.
"""

from __future__ import annotations

import argparse
import time
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.scaling.partitions import READS_A_SECOND, Second
from bench.scaling.table import RecordingTable
from chalicelib.forms import MAX_SHARDS
from chalicelib.intake import Intake, accept_submission
from chalicelib.model import Folder
from chalicelib.repository import Repository
from tests.builders import ADA, NOON, a_form, a_post

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.scaling.partitions import Write

RATES = (100, 500, 1_000, 2_000, 5_000, 10_000)
SHARDS = (1, 2, 4, 8, 16, 32, MAX_SHARDS)
SEED = 7
# What the inbox asks for first.
PAGE = 50
# Enough that each shard has a page.
_STORED_A_SHARD = 60


class Reads(NamedTuple):
    """What one page of the inbox costs.

    Attributes:
        units: of all queries.
        pages_a_second: until the busiest partition has no more.
    """

    queries: int
    units: float
    pages_a_second: float


class Visitors:
    """Posts to one form with so many shards, each by another visitor, and what they write."""

    def __init__(self, shards: int, seed: int = SEED) -> None:
        self.table = RecordingTable()
        self.form = a_form(shards=shards)
        client: Any = self.table
        self.store = Repository(
            lambda: client, table="formpost", random_bytes=bytes, pause=time.sleep
        )
        self._now = NOON
        self._random = Random(seed)
        self._intake = Intake(
            forms={"contact": self.form},
            allowed_origins=(),
            store=self.store,
            now=lambda: self._now,
            random_bytes=self._random.randbytes,
        )

    def second(self, rate: int) -> Iterator[list[Write]]:
        """Yield what each submission of a second writes."""
        for number in range(rate):
            self._now += timedelta(seconds=1 / rate)
            address = ".".join(map(str, self._random.randbytes(4)))
            post = a_post({**ADA, "message": f"{ADA['message']} {number}"}, ip=address)
            accept_submission(post, self._intake)
            yield self.table.written


def throttled(rate: int, shards: int, *, seconds: int) -> float:
    """Return which part of so many submissions a second is throttled."""
    visitors = Visitors(shards)
    refused = 0
    for _ in range(seconds):
        second = Second()
        refused += sum(not second.takes(written) for written in visitors.second(rate))
    return refused / (rate * seconds)


def reads(shards: int) -> Reads:
    """Return what the first page of the inbox costs."""
    visitors = Visitors(shards)
    for _ in visitors.second(_STORED_A_SHARD * shards):
        pass
    visitors.store.list(visitors.form, Folder.INBOX, now=NOON, limit=PAGE)
    units = visitors.table.queries
    return Reads(len(units), sum(units), READS_A_SECOND / max(units))


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=1, help="how long each rate lasts")
    seconds = parser.parse_args().seconds
    print(f"Throttled submissions to one form, {seconds} s each, by rate and shards:\n")
    print(f"{'submissions/s':>14}" + "".join(f"{shards:>8}" for shards in SHARDS))
    for rate in RATES:
        parts = (throttled(rate, shards, seconds=seconds) for shards in SHARDS)
        print(f"{rate:>14,}" + "".join(f"{part:>8.1%}" for part in parts))
    print(f"\nThe inbox's first page of {PAGE}, by shards:\n")
    for shards in SHARDS:
        cost = reads(shards)
        print(
            f"{shards:>4} shards: {cost.queries:>3} queries, {cost.units:>6.1f} read units, "
            f"{cost.pages_a_second:>6,.0f} pages/s until a partition has no more"
        )


if __name__ == "__main__":
    main()
