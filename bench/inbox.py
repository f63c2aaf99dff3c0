"""Ask the owner's API of a form with many submissions: ``python -m bench.inbox``.

The table is moto's, in this process: it looks through all it has for each query, so its
times say little of AWS's and grow where DynamoDB's do not. The number of requests is
what AWS would get, bill and wait for; what it does with a million is reckoned from that.

The peer is the same table with 100 submissions. ``--walk`` also lists all of them by
cursor while more arrive, and fails if one is missing or comes twice.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.inbox import Listing, list_submissions
from chalicelib.items import submission_item
from chalicelib.model import Folder
from chalicelib.walking import Stretch
from tests.builders import ADA, a_submission
from tests.functional.owner import owner
from tests.functional.stage import TABLE

if TYPE_CHECKING:
    from chalicelib.model import Submission
    from tests.functional.owner import Owner

FEW, MANY = 100, 10_000
# What DynamoDB puts in one batch.
_BATCH_SIZE = 25
# The most that a list can be asked for.
LIST_LIMIT = 200
# Larger than the API's, since each page costs moto a look at all it has.
WALK_LIMIT = 1_000
# How many arrive while a page is read.
ARRIVALS = 10
LIST = "/forms/contact/submissions"
ASKED: dict[str, tuple[Any, ...]] = {
    "forms with unread counts": ("GET", "/forms"),
    "first page": ("GET", f"{LIST}?limit=50"),
    "search, nothing found": ("GET", f"{LIST}?q=nowhere"),
    "counts of 30 days": ("GET", "/forms/contact/counts"),
    "first page of an export": ("POST", "/forms/contact/export", {"format": "jsonl"}),
    "find a person": ("POST", "/people/find", {"email": "nobody@example.com"}),
}


def fill(it: Owner, many: int) -> None:
    """Store so many, one a second, of some 700 bytes each."""
    client = it.stage.submissions.client
    for start in range(0, many, _BATCH_SIZE):
        puts: list[Any] = [
            {"PutRequest": {"Item": _item(it, number)}}
            for number in range(start, min(start + _BATCH_SIZE, many))
        ]
        client.batch_write_item(RequestItems={TABLE: puts})


def _item(it: Owner, number: int) -> dict[str, Any]:
    return submission_item(_submission(number), it.forms["contact"])


def _submission(number: int) -> Submission:
    return a_submission(seed=number, minutes=-number / 60, fields=ADA)


class Measured(NamedTuple):
    """What one verb took, its requests without that for the token."""

    seconds: float
    requests: int
    lines: int


def measured(many: int) -> dict[str, Measured]:
    """Return what each verb takes with so many stored."""
    with owner() as it:
        fill(it, many)
        found = {}
        for name, asked in ASKED.items():
            started = time.perf_counter()
            answer, requests = it.counted(*asked)
            seconds = time.perf_counter() - started
            if answer.status >= 400:  # noqa: PLR2004  an error of HTTP's
                raise SystemExit(f"{name}: {answer.status} {answer.text}")
            requests_for_it = requests.total() - requests["BatchGetItem"]
            found[name] = Measured(seconds, requests_for_it, answer.text.count("\n"))
        return found


class Walk(NamedTuple):
    """What listing all by cursor came to."""

    seconds: float
    pages: int
    arrived: int


def walked(many: int) -> Walk:
    """List so many by cursor, while more arrive; end the program if one is not there once."""
    with owner() as it:
        fill(it, many)
        form, cursor, seen = it.forms["contact"], None, Counter[str]()
        started, pages = time.perf_counter(), 0
        while pages == 0 or cursor is not None:
            listing = Listing(Stretch(Folder.INBOX, cursor=cursor), limit=WALK_LIMIT)
            page = list_submissions(form, listing, it.inbox)
            seen.update(submission.id for submission in page.submissions)
            cursor, pages = page.next_cursor, pages + 1
            for number in range(ARRIVALS):
                # Newer than all that are there.
                new = a_submission(seed=pages * ARRIVALS + number, minutes=pages)
                it.stage.submissions.client.put_item(
                    TableName=TABLE, Item=submission_item(new, form)
                )
        there = {_submission(number).id for number in range(many)}
        if set(seen) != there or seen.total() != many:
            raise SystemExit(
                f"of {many:,}, {len(there - set(seen)):,} are missing: {seen.total():,}"
            )
        return Walk(time.perf_counter() - started, pages, pages * ARRIVALS)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=MANY, help="how many submissions")
    parser.add_argument("--walk", action="store_true", help="list all by cursor, too")
    arguments = parser.parse_args()
    many = arguments.many
    few, much = measured(FEW), measured(many)
    print(f"{'':28}{FEW:>10,} stored{many:>15,} stored")
    for name in ASKED:
        print(
            f"{name:28}{few[name].requests:4} req. {few[name].seconds * 1000:6.0f} ms"
            f"{much[name].requests:9} req. {much[name].seconds * 1000:6.0f} ms"
        )
    exported = max(1, much["first page of an export"].lines)
    print(
        f"\nA million: the first page is {much['first page'].requests} request as above. All are"
        f" {1_000_000 // LIST_LIMIT:,} pages of a list, a request each, or"
        f" {1_000_000 // exported:,} pages of an export."
    )
    if arguments.walk:
        walk = walked(many)
        print(
            f"\n{many:,} by cursor: each once, in {walk.pages:,} pages of {WALK_LIMIT:,} and"
            f" {walk.seconds:,.0f} s, while {walk.arrived:,} more arrived."
        )


if __name__ == "__main__":
    main()
