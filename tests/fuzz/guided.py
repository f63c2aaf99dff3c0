"""Inputs that grow towards what no input has reached yet: atheris over the targets.

libfuzzer.py runs in a process of its own, since libFuzzer ends its process. Where atheris has
no wheel, the same corpora are mutated without it, see docs/decisions/0020.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz.dice import Dice
from tests.fuzz.tally import Slowest, Tally, measure_again
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Sequence

CORPORA = Path(__file__).parent / "corpora"
# Longer inputs are the business of the hostile events; short ones are quick, and combine.
MAX_INPUT_BYTES = 4_096
_DONE = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
# What libFuzzer's process may take beside its time: to import, instrument, and report.
_GRACE_SECONDS = 240
_TOKENS = (
    b"&",
    b"=",
    b"\r\n",
    b"--b",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b"%",
    b"\xff",
    b"\x00",
    b"\\u",
)


def fuzz(target: str, seed: int, *, seconds: float, inputs: int | None = None) -> Tally:
    """Run one target until the time is over, or for so many inputs."""
    if not _has_atheris():
        return mutate(target, seed, seconds=seconds, inputs=inputs)
    tally = Tally(f"atheris: {target}")
    with tempfile.TemporaryDirectory() as found:
        limit = f"-max_total_time={max(1, int(seconds))}" if inputs is None else f"-runs={inputs}"
        command = [sys.executable, "-m", "tests.fuzz.libfuzzer", target, f"-seed={seed}", limit]
        command += [f"-max_len={MAX_INPUT_BYTES}", f"-artifact_prefix={found}/", "-timeout=20"]
        command += ["-print_final_stats=1", "-rss_limit_mb=1024", found, str(CORPORA / target)]
        ended = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds + _GRACE_SECONDS,
        )
        text = ended.stdout + ended.stderr
        executed = _DONE.search(text)
        tally.inputs = int(executed[1]) if executed else 0
        if ended.returncode or not tally.inputs:
            tally.breaks(tally.inputs, text[-3_000:] + _artifacts(Path(found)))
        samples = [path.read_bytes() for path in sorted(Path(found).iterdir())]
    tally.counts["new in the corpus"] = len(samples)
    largest = sorted(samples, key=len)[-5:]
    if not tally.broken:
        measure_again(tally, range(len(largest)), lambda number: TARGETS[target](largest[number]))
    return tally


def mutate(target: str, seed: int, *, seconds: float, inputs: int | None = None) -> Tally:
    """Change what is in the corpus, without looking at what that reaches."""
    tally, slowest = Tally(f"mutated: {target}"), Slowest()
    corpus = seeds(target)
    ends_at = time.monotonic() + seconds
    while tally.inputs < inputs if inputs is not None else time.monotonic() < ends_at:
        data = _mutated(Dice(seed, target, tally.inputs), corpus)
        started = time.thread_time()
        try:
            TARGETS[target](data)
        except Exception as error:  # noqa: BLE001  whatever it is, it is what is looked for
            tally.breaks(tally.inputs, f"{error!r}: {data!r}")
        slowest.note(tally.inputs, time.thread_time() - started, len(data))
        tally.inputs += 1

    if not tally.broken:
        measure_again(
            tally,
            slowest.numbers(),
            lambda number: TARGETS[target](_mutated(Dice(seed, target, number), corpus)),
        )
    return tally


def seeds(target: str) -> list[bytes]:
    """Return the inputs that are kept: one of each kind, and every one that once found a fault."""
    return [path.read_bytes() for path in kept(target)]


def kept(target: str) -> list[Path]:
    """Return where they are."""
    return sorted((CORPORA / target).iterdir())


def _mutated(dice: Dice, corpus: Sequence[bytes]) -> bytes:
    data = dice.one_of(corpus)
    for _ in range(1 + dice.count(5)):
        at = dice.random.randrange(len(data) + 1)
        to = at + dice.count(20)
        new = dice.one_of(
            (dice.one_of(_TOKENS), dice.bytes(), dice.text().encode("utf-8", "replace"))
        )
        data = data[:at] + new + data[to if dice.chance(2) else at :]
        if dice.chance(5):
            other = dice.one_of(corpus)
            data = data[:at] + other[dice.random.randrange(len(other) + 1) :]
    return data[:MAX_INPUT_BYTES]


def _artifacts(found: Path) -> str:
    crashes = [path for path in found.iterdir() if path.name.startswith(("crash-", "timeout-"))]
    return "".join(f"\n{path.name}: {path.read_bytes()!r}" for path in crashes)


def _has_atheris() -> bool:
    return importlib.util.find_spec("atheris") is not None
