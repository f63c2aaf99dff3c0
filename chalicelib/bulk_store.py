"""Many submissions at once: those that are imported, and those whose retention has changed.

For the command line; nothing of an API's request comes by here. What is written here is no
news: the stream shows it to relay like every write, and relay passes it by, see
``items.is_news``. Nobody is told of five thousand old submissions.
"""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib import delivery_items, items
from chalicelib.batches import Batches
from chalicelib.store_errors import store_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.items import Item
    from chalicelib.model import Form, Submission


class Kept(NamedTuple):
    """Until when one submission is kept.

    Attributes:
        key: of its item.
        expires_at: unix s; None is for good.
    """

    key: Item
    submission_id: str
    received_at: datetime
    expires_at: int | None


class Marked(NamedTuple):
    """One submission, and whether its owner has judged it by a move."""

    submission: Submission
    is_marked: bool


class BulkStore:
    """The submissions of one stage.

    Args:
        client: returns the client, the same each time.
        table: name of the table that .chalice/resources.json describes.
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
        self._batches = Batches(client, table=table, pause=pause)

    def missing(self, submissions: Sequence[Submission], form: Form) -> list[Submission]:
        """Return those that are not stored, each id once; expired ones count as stored."""
        by_id = {submission.id: submission for submission in reversed(submissions)}
        keys = [key for each in by_id for _, key in items.places(form, each)]
        for key in self._batches.there(keys):
            by_id.pop(items.submission_id_of(key), None)
        return list(reversed(by_id.values()))

    def add_missing(self, submissions: Sequence[Submission], form: Form) -> int:
        """Store those that are not stored, and return how many that were.

        Not by one condition for each: a batch costs half of a transaction and a tenth of the
        time. Who stores the same submission between the look and the write, stores the same.

        Raises:
            StoreUnavailable: some may be stored; the same call again stores the rest.
        """
        new = self.missing(submissions, form)
        self._batches.put([imported_item(each, form) for each in new])
        return len(new)

    def kept(self, form: Form) -> Iterator[Kept]:
        """Yield until when each submission of a form is kept, those that have expired too."""
        for shard in range(form.shards):
            yield from self._kept_in(items.partition(form, shard))

    def keep(self, kept: Kept, expires_at: int | None) -> bool:
        """Keep a submission and its deliveries until then; False if it is gone.

        The submission goes last: if this ends halfway, the same call again ends it.
        """
        for key in self._delivery_keys(kept.submission_id):
            self._update(key, expires_at, {})
        return self._update(kept.key, expires_at, {"last_change": {"S": items.KEPT}})

    def oldest_first(self, form: Form, *, now: datetime) -> Iterator[Marked]:
        """Yield a form's submissions in the order in which they came, without expired ones."""
        by_shard = (
            self._query(_submissions(items.partition(form, shard))) for shard in range(form.shards)
        )
        for item in merge(*by_shard, key=items.submission_id_of):
            if not items.has_expired(item, now):
                yield Marked(items.submission_from(item), "taught" in item)

    def _kept_in(self, partition: str) -> Iterator[Kept]:
        little = {"ProjectionExpression": "pk, sk, received_at, expires_at"}
        for item in self._query({**_submissions(partition), **little}):
            expires_at = item.get("expires_at")
            yield Kept(
                {"pk": item["pk"], "sk": item["sk"]},
                items.submission_id_of(item),
                items.moment(item["received_at"]),
                int(expires_at["N"]) if expires_at else None,
            )

    def _delivery_keys(self, submission_id: str) -> Iterator[Item]:
        query: dict[str, Any] = {
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": delivery_items.partition(submission_id)}},
            "ProjectionExpression": "pk, sk",
            "ConsistentRead": True,
        }
        return self._query(query)

    def _query(self, query: dict[str, Any]) -> Iterator[Item]:
        request: dict[str, Any] = {"TableName": self._table, **query}
        while True:
            with store_errors():
                answer = self._client().query(**request)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _update(self, key: Item, expires_at: int | None, attributes: Item) -> bool:
        """Change when an item ends; one that is gone stays gone."""
        changed = dict(attributes)
        if expires_at is not None:
            changed["expires_at"] = {"N": str(expires_at)}
        expressions = []
        if changed:
            expressions.append("SET " + ", ".join(f"{name} = :{name}" for name in changed))
        if expires_at is None:
            expressions.append("REMOVE expires_at")
        request: dict[str, Any] = {
            "TableName": self._table,
            "Key": key,
            "ConditionExpression": "attribute_exists(pk)",
            "UpdateExpression": " ".join(expressions),
        }
        if changed:
            request["ExpressionAttributeValues"] = {
                f":{name}": value for name, value in changed.items()
            }
        client = self._client()
        with store_errors():
            try:
                client.update_item(**request)
            except client.exceptions.ConditionalCheckFailedException:
                return False
        return True


def _submissions(partition: str) -> dict[str, Any]:
    """Return the part of a query that says where the submissions of one shard are."""
    return {
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :submission)",
        "ExpressionAttributeValues": {
            ":pk": {"S": partition},
            ":submission": {"S": items.FIRST_SORT_KEY},
        },
    }


def imported_item(submission: Submission, form: Form) -> Item:
    """Return a submission as it is stored when it was received elsewhere."""
    return {**items.submission_item(submission, form), **items.IMPORTED}


def bytes_of(submission: Submission, form: Form) -> int:
    """Return how much of an item's 400 kB an imported submission takes."""
    return items.bytes_of({"M": imported_item(submission, form)})
