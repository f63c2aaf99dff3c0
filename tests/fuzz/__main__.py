"""Run the campaign: ``make fuzz MINUTES=n``, or one entrance with ``ARGS='--only events'``.

Prints the seed first, so that a run that is interrupted can be repeated too; then a line for
each entrance, what broke, and the verdict. Ends with 1 if anything broke.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

# As the tests: the settings of a developer's machine, whatever the shell has.
import tests.conftest  # noqa: F401
from tests.fuzz import whole_app
from tests.fuzz.campaign import entrances
from tests.fuzz.tally import MAX_PEAK_BYTES, MAX_SECONDS

if TYPE_CHECKING:
    from tests.fuzz.tally import Tally

_SHOWN_CHARACTERS = 2_000
_PROMISES = ("5xx", "dropped", "the store's own 503")


def main() -> int:
    """Run what the command line says, and return the exit code."""
    arguments = _parser().parse_args()
    seed = secrets.randbelow(2**31) if arguments.seed is None else arguments.seed
    if arguments.number is not None:
        return _show(seed, arguments.number)
    print(f"seed {seed}", flush=True)
    started = time.monotonic()
    tallies = []
    for entrance in entrances():
        if arguments.only in {None, entrance.name}:
            tally = entrance.send(seed, arguments.minutes * 60 * _share(entrance.share, arguments))
            tallies.append(tally)
            _print(tally)
    return _verdict(tallies, seed, time.monotonic() - started)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0, help="for all entrances together")
    parser.add_argument("--seed", type=int, help="of an earlier run; without it, another one")
    parser.add_argument("--only", help="the name of one entrance, which gets all of the time")
    parser.add_argument("--number", type=int, help="send one event of that number, and show it")
    return parser


def _share(share: float, arguments: argparse.Namespace) -> float:
    return 1.0 if arguments.only else share


def _print(tally: Tally) -> None:
    print(f"\n{tally.entrance}: {tally.inputs:,} inputs; {'holds' if tally.holds else 'BROKEN'}")
    print(
        f"  slowest {tally.worst_seconds:.4f} s of processor time ({tally.worst_input}), "
        f"most memory {tally.peak_bytes / 1e6:.1f} MB ({tally.peak_input})"
    )
    for name, count in sorted(tally.counts.items()):
        print(f"  {count:12,} {name}")
    for broken in tally.broken:
        text = broken.what[-_SHOWN_CHARACTERS:].encode("ascii", "backslashreplace").decode()
        print(f"  number {broken.number}: {text}")
    sys.stdout.flush()


def _verdict(tallies: list[Tally], seed: int, seconds: float) -> int:
    counts: Counter[str] = Counter()
    for tally in tallies:
        counts.update({name: tally.counts[name] for name in (*_PROMISES, "broken")})
    inputs = sum(tally.inputs for tally in tallies)
    worst = max(tallies, key=lambda tally: tally.worst_seconds)
    largest = max(tallies, key=lambda tally: tally.peak_bytes)
    print(f"\n{inputs:,} inputs in {seconds / 60:.1f} minutes, seed {seed}")
    print(f"  {counts['5xx']} answers 5xx, beside {counts[_PROMISES[2]]} of the store's own 503")
    print(f"  {counts['dropped']} dropped; {counts['broken']} broken promises in all")
    print(f"  slowest {worst.worst_seconds:.4f} s (at most {MAX_SECONDS}): {worst.entrance}")
    print(
        f"  most memory {largest.peak_bytes / 1e6:.1f} MB "
        f"(at most {MAX_PEAK_BYTES / 1e6:.0f}): {largest.entrance}"
    )
    holds = bool(tallies) and all(tally.holds for tally in tallies)
    print("verdict: every promise holds" if holds else "verdict: BROKEN")
    return 0 if holds else 1


def _show(seed: int, number: int) -> int:
    """Show one event of the entrance ``events``, and its answer."""
    sent, answer = whole_app.shown(seed, number)
    print(ascii(sent))
    print(ascii(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
