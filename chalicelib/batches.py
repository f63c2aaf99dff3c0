"""Many items of the table at once, read and put: DynamoDB's batches, until they are whole.

For the command line; nothing of an API's request comes by here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.errors import StoreUnavailable
from chalicelib.store_errors import store_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.items import Item

# DynamoDB's limits of one request: puts of a BatchWriteItem, keys of a BatchGetItem.
# Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
MAX_PUTS = 25
MAX_KEYS = 100
# What a request did not come to is asked for again, later and later: 13 s in all, in which
# an on-demand table grows to what is asked of it.
ATTEMPTS = 8
FIRST_PAUSE_SECONDS = 0.1


class Batches:
    """The items of one table.

    Args:
        client: returns the client, the same each time.
        table: its name.
        pause: waits for so many seconds.
    """

    def __init__(
        self,
        client: Callable[[], DynamoDBClient],
        *,
        table: str,
        pause: Callable[[float], None],
    ) -> None:
        self._client = client
        self._table = table
        self._pause = pause

    def there(self, keys: Sequence[Item]) -> Iterator[Item]:
        """Yield each of these keys under which there is something, expired or not."""
        for start in range(0, len(keys), MAX_KEYS):
            yield from self._there(keys[start : start + MAX_KEYS])

    def put(self, items: Sequence[Item]) -> None:
        """Put items, in the place of what is there.

        Raises:
            StoreUnavailable: some may be put; the same call again puts the rest.
        """
        for start in range(0, len(items), MAX_PUTS):
            puts = [{"PutRequest": {"Item": item}} for item in items[start : start + MAX_PUTS]]
            self._insist({self._table: puts}, self._write)

    def _there(self, keys: Sequence[Item]) -> list[Item]:
        found: list[Item] = []

        def read(request: dict[str, Any]) -> Any:
            answer = self._client().batch_get_item(RequestItems=request)
            found.extend(answer["Responses"].get(self._table, []))
            return answer.get("UnprocessedKeys")

        # Strongly consistent: the batch before may have stored one of them.
        wanted = {"Keys": keys, "ProjectionExpression": "pk, sk", "ConsistentRead": True}
        self._insist({self._table: wanted}, read)
        return found

    def _write(self, request: dict[str, Any]) -> Any:
        return self._client().batch_write_item(RequestItems=request).get("UnprocessedItems")

    def _insist(self, request: dict[str, Any], ask: Callable[[dict[str, Any]], Any]) -> None:
        """Ask for what was left undone until nothing is.

        Raises:
            StoreUnavailable: it did not answer, or never came to the end.
        """
        for attempt in range(ATTEMPTS):
            if attempt:
                self._pause(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
            with store_errors():
                request = ask(request)
            if not request:
                return
        cause = TimeoutError(f"the table took only part of a batch, {ATTEMPTS} times")
        raise StoreUnavailable from cause
