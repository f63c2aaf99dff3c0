"""The table of a campaign: a DynamoDB of its own, and what it holds, asked for past the proxy."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3

from chalicelib import delivery_items, items
from chalicelib.delivery import DeliveryState
from ops.local.database import Database
from ops.local.dynamodb_server import DynamoDBServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chalicelib.delivery import Delivery
    from chalicelib.model import Submission

TABLE = "campaign"
REGION = "eu-west-1"
# What every client in these tests signs with; the embedded store asks for nothing.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


class Contents:
    """What a table holds.

    Args:
        url: of the DynamoDB.
        table: its name.
    """

    def __init__(self, url: str, table: str) -> None:
        self._table = table
        self._client: Any = boto3.client(
            "dynamodb",
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  the embedded store asks for none
        )

    def read(self) -> Snapshot:
        """Return everything; by one scan, since moto looks through all for each query."""
        submissions: list[Submission] = []
        deliveries: dict[str, Delivery] = {}
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table, ConsistentRead=True
        )
        for item in (item for page in pages for item in page["Items"]):
            if items.is_submission(item):
                submissions.append(items.submission_from(item))
            elif delivery_items.is_delivery(item):
                delivery = delivery_items.delivery_from(item)
                deliveries[delivery.submission_id] = delivery
        return Snapshot(submissions, deliveries)


class Snapshot(NamedTuple):
    """What a table holds at one moment.

    Attributes:
        deliveries: by the id of the submission that they tell of.
    """

    submissions: list[Submission]
    deliveries: dict[str, Delivery]

    @property
    def unsettled(self) -> list[str]:
        """What is known of submissions without a record of having been told about."""
        found = ((each.id, self.deliveries.get(each.id)) for each in self.submissions)
        return [
            f"{submission_id}: {delivery}"
            for submission_id, delivery in found
            if delivery is None or delivery.state != DeliveryState.DELIVERED
        ]


@contextmanager
def embedded(folder: Path) -> Iterator[tuple[Database, str]]:
    """Yield a new DynamoDB and its address."""
    database = Database(folder / "dynamodb.jsonl", TABLE)
    server = DynamoDBServer(database, folder)
    server.start()
    try:
        yield database, server.url
    finally:
        server.shutdown()
        server.server_close()
        database.close()
