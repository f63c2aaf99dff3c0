"""A table that keeps what the store writes, and says what AWS would count."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from bench.scaling.partitions import Index, read_units, writes
from chalicelib.config import PROJECT_DIR

if TYPE_CHECKING:
    from bench.scaling.partitions import Write

_SECRET = {"Item": {"pk": {"S": "KEYS"}, "sk": {"S": "SIGNING"}, "secret": {"B": bytes(32)}}}


def indexes() -> list[Index]:
    """Return the table's indexes, as .chalice/resources.json declares them."""
    resources = json.loads((PROJECT_DIR / ".chalice" / "resources.json").read_bytes())
    table = resources["Resources"]["Table"]["Properties"]
    return [
        Index(
            it["IndexName"],
            it["KeySchema"][0]["AttributeName"],
            None
            if it["Projection"]["ProjectionType"] == "ALL"
            else (
                *("pk", "sk", *(key["AttributeName"] for key in it["KeySchema"])),
                *it["Projection"]["NonKeyAttributes"],
            ),
        )
        for it in table["GlobalSecondaryIndexes"]
    ]


class RecordingTable:
    """A DynamoDB client, as far as the submit path and the first page of the inbox go.

    Attributes:
        written: of the last transaction, what each partition has to give.
        queries: the units of each query.
    """

    def __init__(self) -> None:
        self.written: list[Write] = []
        self.queries: list[float] = []
        self._indexes = indexes()
        self._by_folder: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def get_item(self, **_request: Any) -> dict[str, Any]:
        """Return the stage's secret."""
        return _SECRET

    def transact_write_items(self, *, TransactItems: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        """Take a transaction, and note what it costs."""
        # An update, e.g. of a counter, writes an item of its key.
        puts = [
            each["Put"]["Item"] if "Put" in each else next(iter(each.values()))["Key"]
            for each in TransactItems
        ]
        self.written = [write for item in puts for write in writes(item, self._indexes)]
        for item in puts:
            if "folder_key" in item:
                self._by_folder[item["folder_key"]["S"]].append(item)
        return {}

    def query(
        self,
        *,
        ExpressionAttributeValues: dict[str, Any],  # noqa: N803
        Limit: int,  # noqa: N803
        **_request: Any,
    ) -> dict[str, Any]:
        """Return a folder's newest."""
        folder = self._by_folder[ExpressionAttributeValues[":folder_key"]["S"]]
        found = sorted(folder, key=lambda item: item["sk"]["S"], reverse=True)[:Limit]
        self.queries.append(read_units(found))
        return {"Items": found}
