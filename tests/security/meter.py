"""Count what AWS would bill for what a stage on moto is asked: units, requests, mails.

Of the store, the units are computed from what is sent and comes back, by DynamoDB's rules:
a write takes one for each kB, twice in a transaction, and again in each index that has the
item; a consistent read takes one for each 4 kB. A transaction that is refused takes as much.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from chalicelib.items import bytes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.owner import Owner

WRITE_BYTES, READ_BYTES = 1_024, 4_096
# Dollars of us-east-1, as in docs/operations.md: for a unit, for a mail, for a GB-second.
WRITE_PRICE, READ_PRICE = 0.625e-6, 0.125e-6
MAIL_PRICE = 0.1e-3
COMPUTE_PRICE = 13.3334e-6
REQUEST_PRICE = 3.50e-6 + 0.20e-6
API_GIGABYTES = 0.5
# A function of 512 MB has this part of a core, where one of 1,769 MB has all of it.
# Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
CORE = 512 / 1_769


@dataclass
class Bill:
    """What was taken.

    Attributes:
        writes, reads: DynamoDB's units.
        requests: to the table and to the queue.
        cpu_seconds: of one core of this machine.
    """

    writes: int = 0
    reads: int = 0
    requests: int = 0
    mails: int = 0
    cpu_seconds: float = 0.0

    @property
    def dollars(self) -> float:
        """What it costs, one request to API Gateway and one call of the function included."""
        return (
            self.writes * WRITE_PRICE
            + self.reads * READ_PRICE
            + self.mails * MAIL_PRICE
            + self.cpu_seconds / CORE * API_GIGABYTES * COMPUTE_PRICE
            + REQUEST_PRICE
        )


@contextmanager
def billed(it: Owner) -> Iterator[Bill]:
    """Yield what is billed meanwhile; it is all there at the end."""
    bill = Bill()
    client = it.stage.submissions.client
    mails = len(it.stage.mails)

    def asked(params: dict[str, Any], model: Any, **_: Any) -> None:
        bill.requests += 1
        bill.writes += _written(model.name, params)

    def answered(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        bill.reads += _read(model.name, parsed)

    def queued(**_: Any) -> None:
        bill.requests += 1

    client.meta.events.register("provide-client-params.dynamodb", asked)
    client.meta.events.register("after-call.dynamodb", answered)
    it.stage.sqs.meta.events.register("before-call.sqs", queued)
    started = time.thread_time()
    try:
        yield bill
    finally:
        bill.cpu_seconds = time.thread_time() - started
        bill.mails = len(it.stage.mails) - mails
        client.meta.events.unregister("provide-client-params.dynamodb", asked)
        client.meta.events.unregister("after-call.dynamodb", answered)
        it.stage.sqs.meta.events.unregister("before-call.sqs", queued)


def _written(operation: str, params: dict[str, Any]) -> int:
    if operation == "TransactWriteItems":
        writes = [write for each in params["TransactItems"] for write in each.values()]
        return sum(2 * _units(write) + _index_units(write) for write in writes)
    if operation in {"PutItem", "UpdateItem", "DeleteItem"}:
        return _units(params) + _index_units(params)
    return 0


def _units(write: dict[str, Any]) -> int:
    return _kilobytes(write["Item"]) if "Item" in write else 1


def _index_units(write: dict[str, Any]) -> int:
    """Return what by_folder takes, which has all of an item, and by_unread, which has its keys."""
    item = write.get("Item", {})
    return ("folder_key" in item and _kilobytes(item)) + ("unread_key" in item)


def _kilobytes(item: dict[str, Any]) -> int:
    return ceil(bytes_of({"M": item}) / WRITE_BYTES)


def _read(operation: str, parsed: dict[str, Any]) -> int:
    found = [parsed["Item"]] if "Item" in parsed else parsed.get("Items", [])
    if operation == "BatchGetItem":
        found = [each for table in parsed["Responses"].values() for each in table]
    if operation not in {"GetItem", "BatchGetItem", "Query"}:
        return 0
    return max(1, sum(ceil(_bytes_read(item) / READ_BYTES) for item in found))


def _bytes_read(item: dict[str, Any]) -> int:
    # The stage's secret is the one item with bytes in it, and has 32.
    return bytes_of({"M": {name: value for name, value in item.items() if "B" not in value}})
