"""Wait for what the emulator does by itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# It takes a second; a failed attempt is repeated after two more, or after 11.
DEADLINE_SECONDS = 60.0
# The emulator answers in milliseconds, and most waits are short.
_POLL_SECONDS = 0.05


def wait_for(what: str, ready: Callable[[], T | None]) -> T:
    """Return what ``ready`` returns, once that is not None."""
    ends = time.monotonic() + DEADLINE_SECONDS
    while (found := ready()) is None:
        assert time.monotonic() < ends, f"{what}: not there after {DEADLINE_SECONDS:.0f} s"
        time.sleep(_POLL_SECONDS)
    return found
