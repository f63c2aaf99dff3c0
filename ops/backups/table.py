"""Every item of one table as it is, whatever it holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib import items
from chalicelib.batches import Batches
from chalicelib.store_errors import store_errors
from chalicelib.token_items import PARTITION as TOKENS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.config import Settings
    from chalicelib.items import Item


class Table:
    """The items of one table.

    Args:
        client: returns the client, the same each time.
        name: of the table.
        pause: waits for so many seconds.
    """

    def __init__(
        self, client: Callable[[], DynamoDBClient], *, name: str, pause: Callable[[float], None]
    ) -> None:
        self._client = client
        self._name = name
        self._batches = Batches(client, table=name, pause=pause)

    def items(self) -> Iterator[Item]:
        """Yield every item, asking for a page when the one before is used up.

        No picture of one moment: what is written meanwhile can be in it or not.
        """
        request: dict[str, Any] = {"TableName": self._name, "ConsistentRead": True}
        while True:
            with store_errors():
                answer = self._client().scan(**request)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def missing(self, wanted: Sequence[Item]) -> list[Item]:
        """Return those under whose keys there is nothing, each key once."""
        by_key = {_key(item): item for item in reversed(wanted)}
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in by_key.values()]
        for there in self._batches.there(keys):
            del by_key[_key(there)]
        return list(reversed(by_key.values()))

    def put(self, added: Sequence[Item]) -> None:
        """Put items; StoreUnavailable if it cannot be said that all of them are."""
        self._batches.put(added)

    def signing_key(self) -> bytes | None:
        """Return the secret for keyed hashes; None before the first post."""
        with store_errors():
            answer = self._client().get_item(TableName=self._name, Key=items.SECRET_KEY)
        return bytes(answer["Item"]["secret"]["B"]) if "Item" in answer else None

    def has_tokens(self) -> bool:
        """Whether an owner can sign in."""
        with store_errors():
            answer = self._client().query(
                TableName=self._name,
                KeyConditionExpression="pk = :tokens",
                ExpressionAttributeValues={":tokens": {"S": TOKENS}},
                Limit=1,
                ConsistentRead=True,
            )
        return bool(answer["Items"])


def table_of(settings: Settings, name: str | None = None) -> Table:
    """Return the table of a stage, or another one beside it; it connects on first use."""
    import time

    from chalicelib.wiring import submission_store

    there = replace(settings, table=name or settings.table)
    store = submission_store(there, publish=False)
    return Table(lambda: store.client, name=there.table, pause=time.sleep)


def kind_of(item: Item) -> str:
    """Return what an item is, for a person."""
    if items.is_submission(item):
        return "submissions"
    if item["sk"]["S"].startswith("DELIVERY#"):
        return "deliveries"
    return "tokens" if item["pk"]["S"] == TOKENS else "others"


def _key(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]
