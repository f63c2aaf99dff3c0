"""How long the request at hand has waited for the store, over all calls, tries and failures."""

from __future__ import annotations

from contextvars import ContextVar

# Of the request at hand: local mode answers several at once, each in a thread of its own.
_waited_seconds: ContextVar[float] = ContextVar("waited_seconds", default=0.0)


def begin() -> None:
    """Count from here on."""
    _waited_seconds.set(0.0)


def add(seconds: float) -> None:
    """Count one call."""
    _waited_seconds.set(_waited_seconds.get() + seconds)


def waited_ms() -> float:
    """Return how long it was since ``begin``, in tenths of a millisecond; 0.0 for no call."""
    return round(_waited_seconds.get() * 1000, 1)
