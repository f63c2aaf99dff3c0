"""The submissions as their owner works with them: read on and on, marked, moved, counted, erased.

How one comes in, exactly once, is repository.py's. A walk asks DynamoDB for no page
that its reader does not get to, so the reader's bounds are the bounds of the cost.
"""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING, Any

from chalicelib import delivery_items, items
from chalicelib.errors import SubmissionNotFound
from chalicelib.model import Erased, Folder
from chalicelib.store_errors import store_errors
from chalicelib.walking import Placed, Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.items import Item
    from chalicelib.model import Form, Submission
    from chalicelib.walking import Stretch

# More than anybody reads today; past it, "1,000+" says the same, and counting ends.
MAX_UNREAD = 1_000


class OwnerStore:
    """The submissions of one stage, for their owner.

    Args:
        client: returns the client, the same each time.
        table: name of the table that .chalice/resources.json describes.
    """

    def __init__(self, client: Callable[[], DynamoDBClient], *, table: str) -> None:
        self._client = client
        self._table = table

    def walk(
        self, form: Form, stretch: Stretch, *, now: datetime, page_size: int
    ) -> Iterator[Seen]:
        """Yield submissions newest first, asking for so many at a time.

        A folder is read from the index, which is milliseconds behind; all of them
        are read from the table itself, as they are now.

        Raises:
            InvalidCursor: not one of ours.
        """
        for item in self._newest(form, stretch, {"Limit": page_size}):
            gone = items.has_expired(item, now)
            yield Seen(_cursor(item), None if gone else items.submission_from(item))

    def walk_places(self, form: Form, stretch: Stretch, *, now: datetime) -> Iterator[Placed]:
        """Yield where each submission is, newest first: DynamoDB sends nothing else of them.

        Raises:
            InvalidCursor: not one of ours.
        """
        little = {"ProjectionExpression": "sk, folder_key, received_at, expires_at"}
        for item in self._newest(form, stretch, little):
            folder = None if items.has_expired(item, now) else items.folder_of(item)
            yield Placed(_cursor(item), folder, items.moment(item["received_at"]))

    def change(
        self,
        form: Form,
        submission_id: str,
        *,
        folder: Folder | None,
        is_read: bool | None,
        now: datetime,
    ) -> Submission:
        """Move a submission, mark it, or both; None leaves a thing as it is.

        Raises:
            SubmissionNotFound: there is none, or its retention has ended.
        """
        client = self._client()
        for shard, key in items.places(form, submission_id):
            with store_errors():
                try:
                    answer = client.update_item(
                        TableName=self._table,
                        Key=key,
                        ConditionExpression="attribute_exists(pk)"
                        " AND (attribute_not_exists(expires_at) OR expires_at > :now)",
                        ReturnValues="ALL_NEW",
                        **_update(form, shard, folder=folder, is_read=is_read, now=now),
                    )
                except client.exceptions.ConditionalCheckFailedException:
                    continue
            return items.submission_from(answer["Attributes"])
        raise SubmissionNotFound

    def unread(self, form: Form, *, now: datetime) -> dict[Folder, int]:
        """Count what is unread in each folder, to 1,000 and no further."""
        counts = dict.fromkeys(Folder, 0)
        for shard in range(form.shards):
            for folder, count in self._unread_of(form, shard, now).items():
                counts[folder] = min(counts[folder] + count, MAX_UNREAD)
        return counts

    def erase(
        self, form: Form, submission_id: str, address_hash: Callable[[Submission], str | None]
    ) -> Erased:
        """Erase a submission, its deliveries and what points to it; nothing is no error.

        The submission goes last: if this ends halfway, the same call again ends it.

        Args:
            form: where it was sent.
            submission_id: which one.
            address_hash: returns the hash under which its automatic answer was noted.
        """
        for _, key in items.places(form, submission_id):
            with store_errors():
                answer = self._client().get_item(
                    TableName=self._table, Key=key, ConsistentRead=True
                )
            if item := answer.get("Item"):
                pointers = self._pointers(item, address_hash(items.submission_from(item)))
                return Erased(
                    pointers=sum(self._deleted_pointer(each, submission_id) for each in pointers),
                    deliveries=sum(map(self._deleted, self._delivery_keys(submission_id))),
                    submissions=self._deleted(key),
                )
        return Erased()

    def _newest(self, form: Form, stretch: Stretch, options: dict[str, Any]) -> Iterator[Item]:
        """Yield one form's items newest first, over all its shards."""
        low = items.sort_key_at(stretch.since) if stretch.since else items.FIRST_SORT_KEY
        high = items.sort_key_before(items.position(stretch.cursor))
        if stretch.until:
            high = min(high, items.sort_key_before(items.sort_key_at(stretch.until)))
        if low > high:  # DynamoDB refuses to look for nothing.
            return iter(())
        by_shard = [
            self._pages(
                {
                    **_place(form, shard, stretch.folder),
                    "ScanIndexForward": False,
                    **options,
                },
                {":low": {"S": low}, ":high": {"S": high}},
            )
            for shard in range(form.shards)
        ]
        return merge(*by_shard, key=items.submission_id_of, reverse=True)

    def _pages(self, query: dict[str, Any], values: Item) -> Iterator[Item]:
        """Yield what a query finds, asking for a page when the one before is used up."""
        request: dict[str, Any] = {"TableName": self._table, **query}
        request["ExpressionAttributeValues"] = {**query["ExpressionAttributeValues"], **values}
        while True:
            with store_errors():
                answer = self._client().query(**request)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _unread_of(self, form: Form, shard: int, now: datetime) -> dict[Folder, int]:
        """Count one shard's folders: by one request, unless they hold more than 1,000 together."""
        query: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": "by_unread",
            "KeyConditionExpression": "unread_key = :unread",
            "ExpressionAttributeValues": {":unread": {"S": items.partition(form, shard)}},
            "Limit": MAX_UNREAD,
        }
        with store_errors():
            answer = self._client().query(**query)
        if "LastEvaluatedKey" not in answer:
            folders = [
                items.folder_of(item)
                for item in answer["Items"]
                if not items.has_expired(item, now)
            ]
            return {folder: folders.count(folder) for folder in Folder}
        return {folder: self._unread_in(form, shard, folder, query, now) for folder in Folder}

    def _unread_in(
        self, form: Form, shard: int, folder: Folder, query: dict[str, Any], now: datetime
    ) -> int:
        request = {
            **query,
            "KeyConditionExpression": "unread_key = :unread AND folder_key = :folder_key",
            "FilterExpression": "attribute_not_exists(expires_at) OR expires_at > :now",
            "ExpressionAttributeValues": {
                **query["ExpressionAttributeValues"],
                ":folder_key": {"S": items.folder_key(form, shard, folder)},
                ":now": {"N": str(int(now.timestamp()))},
            },
            "Select": "COUNT",
        }
        with store_errors():
            return self._client().query(**request)["Count"]

    def _pointers(self, item: Item, address_hash: str | None) -> Iterator[Item]:
        yield from items.pointer_keys(item)
        if address_hash is not None:
            yield delivery_items.address_key(address_hash)

    def _delivery_keys(self, submission_id: str) -> Iterator[Item]:
        query = {
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": delivery_items.partition(submission_id)}},
            "ProjectionExpression": "pk, sk",
            "ConsistentRead": True,
        }
        return self._pages(query, {})

    def _deleted(self, key: Item) -> bool:
        with store_errors():
            answer = self._client().delete_item(
                TableName=self._table, Key=key, ReturnValues="ALL_OLD"
            )
        return "Attributes" in answer

    def _deleted_pointer(self, key: Item, submission_id: str) -> bool:
        """Delete a pointer, unless it has come to point to another submission."""
        client = self._client()
        with store_errors():
            try:
                client.delete_item(
                    TableName=self._table,
                    Key=key,
                    ConditionExpression="submission_id = :id",
                    ExpressionAttributeValues={":id": {"S": submission_id}},
                )
            except client.exceptions.ConditionalCheckFailedException:
                return False
        return True


def _cursor(item: Item) -> str:
    return items.cursor_at(items.submission_id_of(item))


def _place(form: Form, shard: int, folder: Folder | None) -> dict[str, Any]:
    """Return the part of a query that says where to look."""
    if folder is None:
        return {
            "KeyConditionExpression": "pk = :place AND sk BETWEEN :low AND :high",
            "ExpressionAttributeValues": {":place": {"S": items.partition(form, shard)}},
            "ConsistentRead": True,
        }
    return {
        "IndexName": "by_folder",
        "KeyConditionExpression": "folder_key = :place AND sk BETWEEN :low AND :high",
        "ExpressionAttributeValues": {":place": {"S": items.folder_key(form, shard, folder)}},
    }


def _update(
    form: Form, shard: int, *, folder: Folder | None, is_read: bool | None, now: datetime
) -> dict[str, Any]:
    """Return the part of an update that says what changes."""
    values: Item = {
        ":now": {"N": str(int(now.timestamp()))},
        # Relay tells of what was moved to the inbox, and of nothing that was only read.
        ":change": {"S": "read" if folder is None else "moved"},
    }
    changes = ["last_change = :change"]
    if folder is not None:
        changes.append("folder_key = :folder_key")
        values[":folder_key"] = {"S": items.folder_key(form, shard, folder)}
    if is_read is False:
        changes.append("unread_key = :unread_key")
        values[":unread_key"] = {"S": items.partition(form, shard)}
    removed = " REMOVE unread_key" if is_read else ""
    return {
        "UpdateExpression": f"SET {', '.join(changes)}{removed}",
        "ExpressionAttributeValues": values,
    }
