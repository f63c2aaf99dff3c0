"""Keep owner tokens, and the failures of who tries wrong ones, in DynamoDB.

What an item looks like is in token_items.py, which nobody else imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib import token_items as items
from chalicelib.errors import StoreUnavailable
from chalicelib.store_errors import store_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.tokens import Token, Window


class TokenStore:
    """The tokens of one stage.

    Args:
        client: returns the client, the same each time.
        table: name of the table that .chalice/resources.json describes.
    """

    def __init__(self, client: Callable[[], DynamoDBClient], *, table: str) -> None:
        self._client = client
        self._table = table

    def look_up(self, token_id: str | None, window: Window) -> tuple[Token | None, int]:
        """Return a token as it is now and the failures of a window, by one request.

        Raises:
            StoreUnavailable: it did not answer, or not for both.
        """
        keys = [items.window_key(window)]
        if token_id is not None:
            keys.append(items.token_key(token_id))
        with store_errors():
            answer = self._client().batch_get_item(
                RequestItems={self._table: {"Keys": keys, "ConsistentRead": True}}
            )
        if answer.get("UnprocessedKeys"):
            # A token that was not read must not look like one that is not there.
            raise StoreUnavailable
        by_key = {item["pk"]["S"]: item for item in answer["Responses"].get(self._table, [])}
        token = by_key.get(items.PARTITION)
        failures = by_key.get(items.window_key(window)["pk"]["S"])
        return (
            items.token_from(token) if token else None,
            int(failures["failures"]["N"]) if failures else 0,
        )

    def count_failure(self, window: Window) -> None:
        """Add one failure to a window; TTL takes it away behind the window's end."""
        with store_errors():
            self._client().update_item(
                TableName=self._table,
                Key=items.window_key(window),
                UpdateExpression="ADD failures :one SET expires_at = :end",
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":end": {"N": str(window.ends_at)},
                },
            )

    def keep(self, token: Token) -> None:
        """Keep a new token."""
        with store_errors():
            self._client().put_item(TableName=self._table, Item=items.token_item(token))

    def revoke(self, token_id: str) -> bool:
        """Take a token away; return whether it was there."""
        with store_errors():
            answer = self._client().delete_item(
                TableName=self._table, Key=items.token_key(token_id), ReturnValues="ALL_OLD"
            )
        return "Attributes" in answer

    def all(self) -> tuple[Token, ...]:
        """Return every token, also those whose time is over, oldest first."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :tokens",
            "ExpressionAttributeValues": {":tokens": {"S": items.PARTITION}},
            "ConsistentRead": True,
        }
        found: list[Token] = []
        while True:
            with store_errors():
                answer = self._client().query(**request)
            found += map(items.token_from, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return tuple(sorted(found, key=lambda token: token.created_at))
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
