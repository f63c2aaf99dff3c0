"""Count what rules get right and wrong, against the folders in which the owner has things.

Nothing is gathered but counts and the newest of the mistakes: a million submissions need
no more memory than a thousand.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.model import Folder

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.model import Submission, Verdict

# Who loses more real messages than this looks at none of them, but for other rules.
MAX_LOST_LISTED = 1_000


@dataclass
class Outcomes:
    """What became of spam and of real messages.

    Attributes:
        caught: spam, and judged so.
        missed: spam, and not judged so.
        kept: real messages that were judged so.
        lost: real messages that were judged spam.
    """

    caught: int = 0
    missed: int = 0
    kept: int = 0
    lost: int = 0

    @property
    def precision(self) -> float | None:
        """How much of what is judged spam is spam, from 0 to 1; None where nothing is."""
        return _share(self.caught, self.caught + self.lost)

    @property
    def recall(self) -> float | None:
        """How much of the spam is judged spam, from 0 to 1; None without any."""
        return _share(self.caught, self.caught + self.missed)

    def count(self, *, is_spam: bool, is_judged_spam: bool) -> None:
        """Count one submission."""
        if is_spam:
            self.caught += is_judged_spam
            self.missed += not is_judged_spam
        else:
            self.lost += is_judged_spam
            self.kept += not is_judged_spam


@dataclass
class Spoken:
    """How often one check had something to say."""

    in_spam: int = 0
    in_real: int = 0
    points: float = 0.0

    @property
    def mean_points(self) -> float:
        """Points of one signal, on average."""
        return self.points / (self.in_spam + self.in_real)


class Lost(NamedTuple):
    """A real message that would be in the spam folder."""

    submission_id: str
    received_at: datetime
    verdict: Verdict


@dataclass
class Tally:
    """What is counted.

    Attributes:
        marked: how many the owner has judged by a move.
        first, last: when the first and the last of them were received.
        before: by the verdicts as they were stored.
        after: by the rules that are tried.
        to_spam, to_inbox: how many would have come elsewhere than they came then.
        spoken: by check.
        lost: the newest of them.
    """

    marked: int = 0
    first: datetime | None = None
    last: datetime | None = None
    before: Outcomes = field(default_factory=Outcomes)
    after: Outcomes = field(default_factory=Outcomes)
    to_spam: int = 0
    to_inbox: int = 0
    spoken: dict[str, Spoken] = field(default_factory=dict)
    lost: deque[Lost] = field(default_factory=lambda: deque(maxlen=MAX_LOST_LISTED))

    @property
    def judged(self) -> int:
        """How many submissions were counted."""
        return sum((self.after.caught, self.after.missed, self.after.kept, self.after.lost))

    @property
    def spam(self) -> int:
        """How many of them are in the spam folder."""
        return self.after.caught + self.after.missed

    def count(self, submission: Submission, verdict: Verdict, *, is_marked: bool) -> None:
        """Count one submission, which is newer than those before it."""
        is_spam = submission.folder == Folder.SPAM
        was_judged_spam = submission.verdict.is_spam
        self.first = self.first or submission.received_at
        self.last = submission.received_at
        self.marked += is_marked
        self.before.count(is_spam=is_spam, is_judged_spam=was_judged_spam)
        self.after.count(is_spam=is_spam, is_judged_spam=verdict.is_spam)
        self.to_spam += verdict.is_spam and not was_judged_spam
        self.to_inbox += was_judged_spam and not verdict.is_spam
        for signal in verdict.signals:
            spoken = self.spoken.setdefault(signal.check, Spoken())
            spoken.in_spam += is_spam
            spoken.in_real += not is_spam
            spoken.points += signal.points
        if verdict.is_spam and not is_spam:
            self.lost.append(Lost(submission.id, submission.received_at, verdict))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
