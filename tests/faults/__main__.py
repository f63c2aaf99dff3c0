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
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    lost = _kill(options.kills, seed) if options.kills else _post(options, seed)
    sys.exit(lost > 0)


def _post(options: argparse.Namespace, seed: int) -> int:
    from tests.faults import campaign, report

    posts = options.posts or (campaign.QUICK_POSTS if options.quick else campaign.POSTS)
    print(f"seed {seed}: {posts:,} posts, {options.rate:.0%} faults", flush=True)
    result = campaign.run(posts=posts, seed=seed, rate=options.rate)
    print(report.of_campaign(result))
    return result.losses


def _kill(kills: int, seed: int) -> int:
    from tests.faults import container_kills, local_kills, report

    print(f"seed {seed}: the local system is killed {kills:,} times", flush=True)
    local = local_kills.run(kills=kills, seed=seed)
    print(report.of_local_kills(local))
    print(f"seed {seed}: the packaged app is killed {kills:,} times", flush=True)
    packaged = container_kills.run(kills=kills, seed=seed)
    print(report.of_container_kills(packaged))
    return local.losses + packaged.losses


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="80 posts, within a minute")
    parser.add_argument("--posts", type=int, help="visitors with one form each; 10,000")
    parser.add_argument("--rate", type=float, default=0.3, help="share of requests with a fault")
    parser.add_argument("--kills", type=int, help="kill local system and packaged app so often")
    parser.add_argument("--seed", type=int, help="draws the same visitors and faults again")
    return parser.parse_args()


if __name__ == "__main__":
    main()
