"""Relay a backlog: ``python -m bench.backlog``.

Stores submissions, takes the stream in batches as Lambda does, and relays them; then
looks whether each has one delivery and one message. The table is moto's and the queue
a list that takes 5 ms a request, so of the times only the ratio says something. The number of
requests is what AWS would get and bill, and what relay waits for there.

The peer does what a first version does: one message a request.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.delivery import DeliveryList
from chalicelib.delivery_queue import DeliveryQueue
from chalicelib.model import Target
from tests.functional.stage import SENDER, stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.delivery import Task

# batch_size of relay in app.py.
BATCH_SIZE = 100
# What a request to SQS takes within its region, about; the list here answers at once.
SQS_SECONDS = 0.005
OWNER = Target("email", "email", {"to": ["ada@owner.example"], "from": SENDER})


class Result(NamedTuple):
    """What relaying took."""

    seconds: float
    requests: Counter[str]
    deliveries: int
    messages: int


class OneByOne(DeliveryQueue):
    """The peer: a request for each message."""

    def put(self, tasks: Sequence[Task], *, delay_seconds: float = 0) -> None:
        """Put them one by one."""
        for task in tasks:
            super().put([task], delay_seconds=delay_seconds)


class KeptMessages:
    """An SQS that keeps what it is sent; moto's takes longer with each message it has."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.requests = 0

    def get_queue_url(self, **_request: Any) -> dict[str, str]:
        """Return an address."""
        return {"QueueUrl": "https://sqs.example/deliveries"}

    def send_message_batch(self, *, Entries: list[Any], **_request: Any) -> dict[str, Any]:  # noqa: N803
        """Keep every message."""
        self.requests += 1
        time.sleep(SQS_SECONDS)
        self.bodies += [entry["MessageBody"] for entry in Entries]
        return {}


def relayed(count: int, queue: type[DeliveryQueue]) -> Result:
    """Store a backlog and relay it."""
    sqs: Any = KeptMessages()
    with stage(OWNER, queue=lambda _connect, **names: queue(lambda: sqs, **names)) as it:
        for number in range(count):
            it.store(seed=number, minutes=number / 60)
        # The event source's filter lets submissions by, and no claims.
        records = [
            record
            for record in it.stream_event()["Records"]
            if record["dynamodb"]["Keys"]["sk"]["S"].startswith("SUB#")
        ]
        requests: Counter[str] = Counter()
        it.count_requests(requests)
        started = time.perf_counter()
        for first in range(0, len(records), BATCH_SIZE):
            it.relay({"Records": records[first : first + BATCH_SIZE]})
        seconds = time.perf_counter() - started
        return Result(
            seconds,
            requests + Counter({"SendMessageBatch": sqs.requests}),
            len(list(it.deliveries.listed(DeliveryList.PENDING))),
            len({json.loads(body)["submission_id"] for body in sqs.bodies}),
        )


def main() -> None:
    """Print the figures; fail if one submission is lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--submissions", type=int, default=10_000)
    count = parser.parse_args().submissions
    results = {
        "relay": relayed(count, DeliveryQueue),
        "one message a request": relayed(count, OneByOne),
    }
    for name, result in results.items():
        if not result.deliveries == result.messages == count:
            sys.exit(f"{name}: of {count:,} submissions some are lost: {result}")
        calls = sum(result.requests.values()) / count
        shown = ", ".join(f"{operation} {n:,}" for operation, n in sorted(result.requests.items()))
        print(
            f"{name}: {count:,} submissions, {count / result.seconds:,.0f}/s, "
            f"{calls:.2f} requests each ({shown})"
        )
    ours, peer = results.values()
    print(
        f"none lost; {peer.seconds / ours.seconds:.2f} times as fast as the peer, with "
        f"{sum(ours.requests.values()) / sum(peer.requests.values()):.2f} times its requests"
    )


if __name__ == "__main__":
    main()
