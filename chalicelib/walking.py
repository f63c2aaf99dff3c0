"""Walk over submissions within bounds, and say where to go on.

Lambda ends after 15 s and answers 6 MB, so nothing here reads to the end because it
was asked to: a walk stops when it has looked at so many, or for so long, and the next
request goes on from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from chalicelib.model import Folder, Submission

# Some 1 MB of usual submissions: few requests to DynamoDB, and an answer while one types.
MAX_LOOKED_AT = 1_000
# One request to DynamoDB can take 2 s on top, and the rest of an answer as long again.
MAX_SECONDS = 4.0


class Seen(NamedTuple):
    """One place in a walk over submissions.

    Attributes:
        cursor: of what stands behind it.
        submission: None where its retention has ended.
    """

    cursor: str
    submission: Submission | None


class Placed(NamedTuple):
    """One place in a walk that counts.

    Attributes:
        cursor: of what stands behind it.
        folder: None where the submission's retention has ended.
    """

    cursor: str
    folder: Folder | None
    received_at: datetime


class Stretch(NamedTuple):
    """Which submissions of a form to walk over.

    Attributes:
        folder: None is all of them.
        since: none that were received before.
        until: none that were received at this time or later.
        cursor: behind which one to go on.
    """

    folder: Folder | None = None
    since: datetime | None = None
    until: datetime | None = None
    cursor: str | None = None


class Budget:
    """How much one request may look at.

    Args:
        seconds: returns the time on a clock that only goes on.
        looked_at: how many places.
    """

    def __init__(self, seconds: Callable[[], float], looked_at: int = MAX_LOOKED_AT) -> None:
        self._seconds = seconds
        self._left = looked_at
        self._ends_at = seconds() + MAX_SECONDS

    def is_spent(self) -> bool:
        """Count one more place, and tell whether it was the last."""
        self._left -= 1
        return self._left <= 0 or self._seconds() >= self._ends_at


def gather(walk: Iterable[Seen], take: Callable[[Submission], bool], budget: Budget) -> str | None:
    """Hand on each submission until one is refused or the budget is spent.

    Args:
        walk: the places, each with what stands there.
        take: returns False for a submission that has no room any more; never for the first.
        budget: of this request.

    Returns:
        The cursor of what to go on with; None at the end.
    """
    cursor: str | None = None
    for seen in walk:
        if seen.submission is not None and not take(seen.submission):
            return cursor
        cursor = seen.cursor
        if budget.is_spent():
            return cursor
    return None
