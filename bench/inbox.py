"""Ask the owner's API of a form with many submissions: ``python -m bench.inbox``.

The table is moto's, in this process: it looks through all it has for each query, so its
times say little of AWS's and grow where DynamoDB's do not. The number of requests is
what AWS would get, bill and wait for; what it does with a million is reckoned from that.

The peer is the same table with 100 submissions.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.items import submission_item
from tests.builders import ADA, a_submission
from tests.functional.owner import owner
from tests.functional.stage import TABLE

if TYPE_CHECKING:
    from tests.functional.owner import Owner

FEW, MANY = 100, 10_000
# What DynamoDB puts in one batch.
_BATCH_SIZE = 25
# The most that a list can be asked for.
LIST_LIMIT = 200
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
    submission = a_submission(seed=number, minutes=-number / 60, fields=ADA)
    return submission_item(submission, it.forms["contact"])


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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=MANY, help="how many submissions")
    many = parser.parse_args().many
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


if __name__ == "__main__":
    main()
