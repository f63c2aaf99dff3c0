"""Send a form a thousand posts from one address: ``python -m bench.flood``.

Prints how many are stored, and what the store is asked for each post that is refused
beside each that is accepted. The whole app answers; the table is moto's, in this process.
Another address posts afterwards, and must not notice.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tests.functional.flood import flood
from tests.functional.owner import owner

if TYPE_CHECKING:
    from collections import Counter

POSTS = 1_000
# As many as there can be before they, too, reach the limit.
OTHERS = 50
# Source: RFC 5737, addresses for examples.
FLOODING, OTHER = "203.0.113.66", "192.0.2.1"


def main() -> None:
    """Measure and print; end with 1 if the limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=POSTS, help="how many from one address")
    posts = parser.parse_args().posts
    with owner() as it:
        limit = it.forms["contact"].hourly_limit
        found = flood(it, FLOODING, range(posts))
        others = flood(it, OTHER, range(OTHERS))
    accepted, refused = found.statuses[201], found.statuses[429]
    print(f"{posts:,} posts from one address to a form with a limit of {limit} an hour:\n")
    print(f"{'':10}{'posts':>8}  requests to the store for each")
    print(f"{'accepted':10}{accepted:8,}  {_each(found.accepted_requests, accepted)}")
    print(f"{'refused':10}{refused:8,}  {_each(found.refused_requests, refused)}")
    print(
        f"\nOther addresses: {others.statuses[201]} of {OTHERS} accepted."
        "\nThe limit holds in each window of an hour; any hour lies across two, so its error"
        f" is at most {limit} more."
    )
    if accepted > limit or others.statuses[201] != OTHERS:
        raise SystemExit(1)


def _each(requests: Counter[str], posts: int) -> str:
    if not posts:
        return "none"
    by_operation = (f"{count / posts:.3f} {name}" for name, count in requests.items())
    return f"{requests.total() / posts:.3f}: {', '.join(by_operation)}"


if __name__ == "__main__":
    main()
