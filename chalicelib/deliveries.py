"""Keep deliveries in DynamoDB, beside their submissions.

What an item looks like is in delivery_items.py, which nobody else imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib import delivery_items as items
from chalicelib.store_errors import store_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.delivery import Delivery, DeliveryList


class Deliveries:
    """The deliveries of one stage.

    Args:
        client: returns the client, the same each time.
        table: name of the table that .chalice/resources.json describes.
    """

    def __init__(self, client: Callable[[], DynamoDBClient], *, table: str) -> None:
        self._client = client
        self._table = table

    def open(self, delivery: Delivery) -> Delivery:
        """Keep a delivery unless it is there already; return the one that is kept."""
        there = self._put_unless(items.delivery_item(delivery), "attribute_exists(pk)")
        return items.delivery_from(there) if there else delivery

    def get(self, submission_id: str, target: str) -> Delivery | None:
        """Return a delivery; None when it was erased, or never opened."""
        item = self._item(items.delivery_key(submission_id, target))
        return items.delivery_from(item) if item else None

    def save(self, delivery: Delivery) -> None:
        """Replace what is kept of a delivery; one that was erased meanwhile stays erased."""
        self._put_unless(items.delivery_item(delivery), "attribute_not_exists(pk)")

    def of_submission(self, submission_id: str) -> tuple[Delivery, ...]:
        """Return every delivery of one submission, by target."""
        query = {
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :delivery)",
            "ExpressionAttributeValues": {
                ":pk": {"S": items.partition(submission_id)},
                ":delivery": {"S": "DELIVERY#"},
            },
            "ConsistentRead": True,
        }
        return tuple(self._query(query))

    def listed(self, listed: DeliveryList) -> Iterator[Delivery]:
        """Yield every delivery of a list, in no order, asking the store page by page."""
        for bucket in range(items.BUCKETS):
            yield from self._query(
                {
                    "IndexName": "by_folder",
                    "KeyConditionExpression": "folder_key = :list",
                    "ExpressionAttributeValues": {":list": {"S": items.list_key(bucket, listed)}},
                }
            )

    def claim_address(
        self, hashed: str, submission_id: str, *, now: datetime, expires_at: int
    ) -> bool:
        """Take a mail address for one submission; False if another one has it.

        Args:
            hashed: of the address and what it is claimed for.
            submission_id: who takes it; again is as good as once.
            now: claims that ended before are none.
            expires_at: unix s, from when another one may take it.
        """
        item = {
            **items.address_key(hashed),
            "submission_id": {"S": submission_id},
            "expires_at": {"N": str(expires_at)},
        }
        taken = self._put_unless(
            item,
            "attribute_exists(pk) AND expires_at > :now AND submission_id <> :own",
            {":now": {"N": str(int(now.timestamp()))}, ":own": {"S": submission_id}},
        )
        return taken is None

    def last_summary(self) -> datetime | None:
        """Return when the owner was last told of failures."""
        item = self._item(items.SUMMARY_KEY)
        return items.summary_time(item) if item else None

    def save_summary(self, at: datetime, *, since: datetime | None) -> bool:
        """Note a summary; False if somebody else noted one since the last that was seen."""
        expected = items.summary_item(since)["at"] if since else None
        changed = "attribute_exists(pk) AND #at <> :since" if expected else "attribute_exists(pk)"
        overtaken = self._put_unless(
            items.summary_item(at),
            changed,
            {":since": expected} if expected else None,
            {"#at": "at"} if expected else None,
        )
        return overtaken is None

    def _put_unless(
        self,
        item: items.Item,
        condition: str,
        values: items.Item | None = None,
        names: dict[str, str] | None = None,
    ) -> items.Item | None:
        """Put an item unless the condition holds; return what was in its way, {} for nothing."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": f"NOT ({condition})",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if values:
            request["ExpressionAttributeValues"] = values
        if names:
            request["ExpressionAttributeNames"] = names
        client = self._client()
        with store_errors():
            try:
                client.put_item(**request)
            except client.exceptions.ConditionalCheckFailedException as error:
                in_its_way: items.Item = cast("items.Item", error.response).get("Item", {})
                return in_its_way
        return None

    def _item(self, key: items.Item) -> items.Item | None:
        with store_errors():
            answer = self._client().get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return answer.get("Item")

    def _query(self, query: dict[str, Any]) -> Iterator[Delivery]:
        request = {"TableName": self._table, **query}
        while True:
            with store_errors():
                answer = self._client().query(**request)
            yield from map(items.delivery_from, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
