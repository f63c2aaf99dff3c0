"""Ask AWS again until something is ready, for so long and no longer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from ops.deploying.problems import StepProblem

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# What is quick is seen at once; what takes minutes is not asked for hundreds of times.
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0
_GROWTH = 1.5


def until(what: str, ready: Callable[[], T | None], *, deadline_seconds: float) -> T:
    """Return what ``ready`` returns, once that is not None.

    Raises:
        StepProblem: it took longer than the deadline.
    """
    ends = time.monotonic() + deadline_seconds
    pause = _FIRST_PAUSE_SECONDS
    while (found := ready()) is None:
        if time.monotonic() > ends:
            raise StepProblem(
                f"{what} is not ready after {deadline_seconds:.0f} s. It may only be slow."
            )
        time.sleep(pause)
        pause = min(pause * _GROWTH, _LONGEST_PAUSE_SECONDS)
    return found
