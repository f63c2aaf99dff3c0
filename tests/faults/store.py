"""The table of a campaign: a DynamoDB of its own, and what it holds, asked for past the proxy."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3

from chalicelib.deliveries import Deliveries
from chalicelib.model import DeliveryState, Folder
from chalicelib.repository import Repository
from ops.local.database import Database
from ops.local.dynamodb_server import DynamoDBServer
from tests.faults.forms import TARGET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from chalicelib.model import Form, Submission

TABLE = "campaign"
REGION = "eu-west-1"
# What every client in these tests signs with; the embedded store asks for nothing.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
_PAGE_SIZE = 1_000


class Contents:
    """What a table holds.

    Args:
        url: of the DynamoDB.
        table: its name.
    """

    def __init__(self, url: str, table: str) -> None:
        client: Any = boto3.client(
            "dynamodb",
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  the embedded store asks for none
        )
        self.deliveries = Deliveries(lambda: client, table=table)
        self._submissions = Repository(
            lambda: client, table=table, random_bytes=_no_secret, pause=time.sleep
        )

    def submissions(self, form: Form) -> list[Submission]:
        return [submission for folder in Folder for submission in self._in_folder(form, folder)]

    def unsettled(self, submissions: Iterable[Submission]) -> int:
        """Return how many have no record of having been told about."""
        found = (self.deliveries.get(submission.id, TARGET) for submission in submissions)
        return sum(
            delivery is None or delivery.state != DeliveryState.DELIVERED for delivery in found
        )

    def _in_folder(self, form: Form, folder: Folder) -> Iterator[Submission]:
        cursor = None
        while True:
            page = self._submissions.list(
                form, folder, now=datetime.now(UTC), limit=_PAGE_SIZE, cursor=cursor
            )
            yield from page.submissions
            cursor = page.next_cursor
            if cursor is None:
                return


def _no_secret(_size: int) -> bytes:
    raise LookupError("whoever looks makes no secret")


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
