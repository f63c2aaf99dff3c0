"""No request looks further than it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.walking import MAX_SECONDS, Budget, Seen, gather
from tests.builders import a_submission
from tests.inbox_fakes import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.model import Submission


def a_walk(length: int, looked_at: list[int] | None = None) -> Iterator[Seen]:
    for number in range(length):
        if looked_at is not None:
            looked_at.append(number)
        # Every third one has expired.
        yield Seen(str(number), a_submission(seed=number) if number % 3 else None)


def everything(_submission: Submission) -> bool:
    return True


def test_a_walk_to_the_end_has_no_cursor() -> None:
    assert gather(a_walk(7), everything, Budget(Stopwatch())) is None
    assert gather(a_walk(0), everything, Budget(Stopwatch())) is None


def test_it_stops_after_so_many_places_also_where_nothing_is() -> None:
    looked_at: list[int] = []

    cursor = gather(a_walk(100, looked_at), everything, Budget(Stopwatch(), looked_at=10))

    assert (cursor, len(looked_at)) == ("9", 10)


def test_it_stops_when_its_time_is_over() -> None:
    # The first look is where the time begins.
    budget = Budget(Stopwatch(step_seconds=1.0))

    cursor = gather(a_walk(100), everything, budget)

    assert cursor == str(int(MAX_SECONDS) - 1)


def test_what_was_refused_comes_first_the_next_time() -> None:
    taken: list[Submission] = []

    def take(submission: Submission) -> bool:
        if len(taken) == 2:
            return False
        taken.append(submission)
        return True

    cursor = gather(a_walk(100), take, Budget(Stopwatch()))

    # 1 and 2 were taken, 3 has expired, 4 was refused.
    assert cursor == "3"
