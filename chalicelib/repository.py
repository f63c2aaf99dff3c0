"""Keep submissions in DynamoDB, each exactly once.

Storing is one TransactWriteItems, see storing.py. A repeat fails on its claim and gets the
first result back in that same answer.
What an item looks like is in items.py, which nobody else imports.
"""

from __future__ import annotations

import threading
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib import items, storing
from chalicelib.errors import (
    StoreUnavailable,
    SubmissionNotFound,
    SubmissionTooLarge,
    TooManySubmissions,
)
from chalicelib.model import Page, Quota, Stored
from chalicelib.store_errors import store_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.model import Claim, Folder, Form, Known, Submission

# DynamoDB refuses an item over 409,600 bytes; what we count can be off by what it adds.
# Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
MAX_ITEM_BYTES = 400_000
# Two posts with one key at the same moment: the second one waits for the first to be done.
CONFLICT_ATTEMPTS = 4
CONFLICT_PAUSE_SECONDS = 0.05
SECRET_BYTES = 32
# Of UTF-8.
_MAX_CHARACTER_BYTES = 4
# A repeat is billed two writes for each kB that it did not write, and uses up no quota. Behind
# this size it is looked for first, which costs one read; hardly a person's post is as long.
MAX_BYTES_UNREAD = 64_000
# Addresses that are over their limit are remembered, some 200 bytes each: to refuse one again
# then costs the smallest of reads, however large the post.
MAX_REMEMBERED = 1_000


class Repository:
    """The submissions of one stage.

    Args:
        connect: makes the client, on first use.
        table: name of the table that .chalice/resources.json describes.
        random_bytes: returns that many bytes that nobody can guess.
        pause: waits for so many seconds.
    """

    def __init__(
        self,
        connect: Callable[[], DynamoDBClient],
        *,
        table: str,
        random_bytes: Callable[[int], bytes],
        pause: Callable[[float], None],
    ) -> None:
        self._connect = connect
        self._table = table
        self._random_bytes = random_bytes
        self._pause = pause
        self._lock = threading.Lock()
        self._made_client: DynamoDBClient | None = None
        self._secret: bytes | None = None
        # Keys of quotas, the oldest first; each is of one window, and no use after it.
        self._used_up: dict[str, None] = {}

    @property
    def client(self) -> DynamoDBClient:
        """The one client, with its one connection kept alive."""
        with self._lock:
            if self._made_client is None:
                self._made_client = self._connect()
            return self._made_client

    def ping(self) -> None:
        """Ask the store for an answer.

        Raises:
            StoreUnavailable: it gave none.
        """
        with store_errors():
            self.client.get_item(TableName=self._table, Key=items.SECRET_KEY)

    def signing_key(self) -> bytes:
        """Return the stage's secret; the first caller ever makes it, all others read it."""
        if self._secret is None:
            with store_errors():
                self._secret = self._read_secret() or self._make_secret()
        return self._secret

    def add(self, submission: Submission, form: Form, claim: Claim) -> Stored | Known:
        """Store a submission, unless its claim was made or one of its novelties came before.

        Raises:
            SubmissionTooLarge: more than one item can hold; nothing was asked of the store.
            IdempotencyKeyReused: the claim was made with other content.
            TooManySubmissions: its sender's quota is used up.
            StoreUnavailable: not known to be stored; the same call again stores one.
        """
        item = items.submission_item(submission, form, claim)
        is_long = _is_long(item)
        used_up = claim.quota if claim.quota and claim.quota.key in self._used_up else None
        if (is_long or used_up) and (repeated := self._repeated(submission, claim)):
            return repeated
        if used_up:
            raise _too_many(submission, used_up)
        writes = storing.transaction(self._table, item, submission, claim)
        for attempt in range(CONFLICT_ATTEMPTS):
            if attempt:
                self._pause(CONFLICT_PAUSE_SECONDS * attempt)
            with store_errors():
                try:
                    self.client.transact_write_items(TransactItems=writes)
                except ClientError as error:
                    outcome = storing.outcome(error, submission, claim)
                    if isinstance(outcome, Quota):
                        self._remember(outcome)
                        raise _too_many(submission, outcome) from error
                    if outcome is not None:
                        return outcome
                else:
                    return Stored(submission.id, submission.received_at, is_repeat=False)
        raise StoreUnavailable

    def get(self, form: Form, submission_id: str, *, now: datetime) -> Submission:
        """Return one submission.

        Raises:
            SubmissionNotFound: there is none, or its retention has ended.
        """
        for _, key in items.places(form, submission_id):
            with store_errors():
                answer = self.client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
            item = answer.get("Item")
            if item and not items.has_expired(item, now):
                return items.submission_from(item)
        raise SubmissionNotFound

    def list(
        self,
        form: Form,
        folder: Folder,
        *,
        now: datetime,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """Return a folder's submissions, newest first.

        A cursor is a place between two submissions, not a count, so what arrives
        meanwhile neither repeats nor hides one.

        Raises:
            InvalidCursor: not one of ours.
        """
        before = items.position(cursor)
        shards = [
            self._newest(items.folder_key(form, shard, folder), before, limit + 1, now)
            for shard in range(form.shards)
        ]
        found = list(islice(merge(*shards, key=lambda s: s.id, reverse=True), limit + 1))
        page = tuple(found[:limit])
        return Page(page, items.cursor_at(page[-1].id) if len(found) > limit else None)

    def move(self, form: Form, submission_id: str, folder: Folder) -> None:
        """Put a submission into another folder.

        Raises:
            SubmissionNotFound: there is none.
        """
        for shard, key in items.places(form, submission_id):
            if self._changed(
                self.client.update_item,
                Key=key,
                UpdateExpression="SET folder_key = :folder_key, last_change = :moved",
                ExpressionAttributeValues={
                    ":folder_key": {"S": items.folder_key(form, shard, folder)},
                    ":moved": {"S": "moved"},
                },
            ):
                return
        raise SubmissionNotFound

    def delete(self, form: Form, submission_id: str) -> None:
        """Erase a submission for good.

        Raises:
            SubmissionNotFound: there is none.
        """
        for _, key in items.places(form, submission_id):
            if self._changed(self.client.delete_item, Key=key):
                return
        raise SubmissionNotFound

    def submission_in(self, image: Mapping[str, Any]) -> Submission | None:
        """Return the submission that a stream record shows; None for what is no news of one.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: it is no item of ours.
        """
        is_news = items.is_submission(image) and items.is_news(image)
        return items.submission_from(image) if is_news else None

    def _read_secret(self) -> bytes | None:
        answer = self.client.get_item(
            TableName=self._table, Key=items.SECRET_KEY, ConsistentRead=True
        )
        item = answer.get("Item")
        return bytes(item["secret"]["B"]) if item else None

    def _make_secret(self) -> bytes:
        secret = self._random_bytes(SECRET_BYTES)
        try:
            self.client.put_item(
                TableName=self._table,
                Item={**items.SECRET_KEY, "secret": {"B": secret}},
                ConditionExpression="attribute_not_exists(pk)",
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            # Another container was first: its secret is the stage's.
            return self._read_secret() or secret
        return secret

    def _remember(self, quota: Quota) -> None:
        with self._lock:
            self._used_up[quota.key] = None
            if len(self._used_up) > MAX_REMEMBERED:
                del self._used_up[next(iter(self._used_up))]

    def _repeated(self, submission: Submission, claim: Claim) -> Stored | None:
        """Return what a post repeats, by the smallest of reads; None if it repeats nothing."""
        key = items.claim_key(submission.form, claim.key)
        with store_errors():
            answer = self.client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        made = answer.get("Item")
        if made and not items.has_expired(made, submission.received_at):
            return storing.first_result(made, submission, claim)
        return None

    def _newest(
        self, folder_key: str, before: str, page_size: int, now: datetime
    ) -> Iterator[Submission]:
        """Yield one shard's folder newest first, asking the store page by page."""
        query: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": "by_folder",
            "KeyConditionExpression": "folder_key = :folder_key AND sk < :before",
            # TTL deletes late; what has expired is gone for the reader at once.
            "FilterExpression": "attribute_not_exists(expires_at) OR expires_at > :now",
            "ExpressionAttributeValues": {
                ":folder_key": {"S": folder_key},
                ":before": {"S": before},
                ":now": {"N": str(int(now.timestamp()))},
            },
            "ScanIndexForward": False,
            "Limit": page_size,
        }
        while True:
            with store_errors():
                answer = self.client.query(**query)
            yield from map(items.submission_from, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _changed(self, operation: Callable[..., Any], **request: Any) -> bool:
        """Change one item if it is there; return whether it was."""
        with store_errors():
            try:
                operation(
                    TableName=self._table, ConditionExpression="attribute_exists(pk)", **request
                )
            except self.client.exceptions.ConditionalCheckFailedException:
                return False
        return True


def _is_long(item: items.Item) -> bool:
    """Return whether an item is looked for before it is written.

    Raises:
        SubmissionTooLarge: it cannot be kept.
    """
    # A character is at most four bytes, and the rest of this text makes up for what is not
    # written out: nearly every item is known to be short in a fraction of the time to add it up.
    if _MAX_CHARACTER_BYTES * len(repr(item)) <= MAX_BYTES_UNREAD:
        return False
    size = items.bytes_of({"M": item})
    if size > MAX_ITEM_BYTES:
        raise SubmissionTooLarge(
            f"The form's content has {size:,} bytes; {MAX_ITEM_BYTES:,} can be kept together. "
            "Please shorten the longest text."
        )
    return size > MAX_BYTES_UNREAD


def _too_many(submission: Submission, quota: Quota) -> TooManySubmissions:
    wait_seconds = quota.expires_at - int(submission.received_at.timestamp())
    return TooManySubmissions(limit=quota.limit, retry_after_seconds=wait_seconds)
