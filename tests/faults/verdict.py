"""What visitors and the owner were told, compared with what the table holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from chalicelib.model import reference
from tests.faults.content import filled_in, filled_in_of
from tests.faults.receiver import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalicelib.model import Submission
    from tests.faults.receiver import Receiver
    from tests.faults.store import Snapshot
    from tests.faults.visitors import Visitor

MAX_EXAMPLES, MAX_EXAMPLE_LENGTH = 5, 1_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of what visitors sent; each is a number of losses.

    Attributes:
        missing: visitors who were told that it is stored under what is not there.
        doubled: visitors whose one form is stored more than once.
        altered: of whose form something else is stored.
        unanswered: who were never told anything final.
        refused: who were told that it will not be stored, though nothing was wrong with it.
        retold: who were told of two different submissions.
        unsent: what is stored and nobody sent.
    """

    missing: int
    doubled: int
    altered: int
    unanswered: int
    refused: int
    retold: int
    unsent: int

    @classmethod
    def of(cls, visitors: Sequence[Visitor], stored: Mapping[str, Sequence[Submission]]) -> Kept:
        """Compare what visitors were told with what is stored, by mark."""
        theirs = [(visitor, stored.get(visitor.mark, ())) for visitor in visitors]
        return cls(
            missing=sum(not _is_there(visitor, kept) for visitor, kept in theirs),
            doubled=sum(len(kept) > 1 for _, kept in theirs),
            altered=sum(
                any(filled_in_of(each) != filled_in(visitor.pairs) for each in kept)
                for visitor, kept in theirs
            ),
            unanswered=sum(not visitor.is_done for visitor in visitors),
            refused=sum(bool(visitor.refusals) for visitor in visitors),
            retold=sum(len(visitor.references) > 1 for visitor in visitors),
            unsent=len(stored.keys() - {visitor.mark for visitor in visitors}),
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What became of telling the owner; each is a number of losses.

    Attributes:
        untold: submissions that the owner was never told about.
        retold: what one visitor said, told under more than one id.
        invented: what the owner was told of and is not stored.
        unsettled: deliveries whose record does not say that they were made.
    """

    untold: int
    retold: int
    invented: int
    unsettled: int

    @classmethod
    def of(cls, held: Snapshot, receiver: Receiver) -> Told:
        """Compare what is stored with what the owner's receiver got."""
        stored = {submission.id for submission in held.submissions}
        return cls(
            untold=len(stored - receiver.submission_ids),
            retold=sum(len(ids) > 1 for ids in receiver.ids_by_mark.values()),
            invented=len(receiver.submission_ids - stored),
            unsettled=len(held.unsettled),
        )


def losses(*parts: object) -> int:
    """Return the sum of all losses."""
    return sum(getattr(part, each.name) for part in parts for each in fields(part))  # type: ignore[arg-type]


def in_words(part: object) -> str:
    """Return ``missing 0, doubled 0 ...``."""
    return ", ".join(f"{each.name} {getattr(part, each.name):,}" for each in fields(part))  # type: ignore[arg-type]


def by_mark(submissions: Iterable[Submission]) -> dict[str, list[Submission]]:
    """Return what is stored, by what its visitor marked it with."""
    stored: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        stored[dict(submission.answers)[MARK][0]].append(submission)
    return dict(stored)


def examples(visitors: Sequence[Visitor], stored: Mapping[str, Sequence[Submission]]) -> list[str]:
    """Return what is known of the first visitors to whom something went wrong."""
    wrong = []
    for visitor in visitors:
        kept = stored.get(visitor.mark, ())
        if losses(Kept.of([visitor], {visitor.mark: kept} if kept else {})):
            wrong.append(
                f"{visitor.mark} sent {visitor.pairs}; was told {visitor.references or 'nothing'}"
                f" {visitor.refusals}; stored: {[(each.id, each.answers) for each in kept]}"
            )
    return [text[:MAX_EXAMPLE_LENGTH] for text in wrong[:MAX_EXAMPLES]]


def _is_there(visitor: Visitor, stored: Sequence[Submission]) -> bool:
    return visitor.references <= {reference(submission.id) for submission in stored}
