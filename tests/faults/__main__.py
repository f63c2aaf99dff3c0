"""The campaigns: ``python -m tests.faults``, or ``make faults``.

What is imported here, every container of a campaign would import again.
"""

from __future__ import annotations

import argparse
import secrets
import sys


def main() -> None:
    """Run what is asked for, print what came of it, and exit with 1 on any loss."""
    options = _options()
    from tests.faults import campaign, report

    posts = options.posts or (campaign.QUICK_POSTS if options.quick else campaign.POSTS)
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    rate = campaign.FAULT_RATE if options.rate is None else options.rate
    print(f"seed {seed}: {posts:,} posts, {rate:.0%} faults", flush=True)
    result = campaign.run(posts=posts, seed=seed, rate=rate)
    print(report.of_campaign(result))
    sys.exit(result.losses > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=(__doc__ or ""))
    parser.add_argument("--quick", action="store_true", help="80 posts, within a minute")
    parser.add_argument("--posts", type=int, help="visitors with one form each; 10,000")
    parser.add_argument("--rate", type=float, help="share of requests that meet a fault; 0.3")
    parser.add_argument("--seed", type=int, help="draws the same visitors and faults again")
    return parser.parse_args()


if __name__ == "__main__":
    main()
