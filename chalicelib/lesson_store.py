"""Keep in DynamoDB what was learned of each form, and what each submission has taught.

Both are written by one TransactWriteItems: counts that somebody else has written meanwhile, or
a submission that was moved on, make all of it fail. What the items look like is in
lesson_items.py, which nobody else imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from botocore.exceptions import ClientError

from chalicelib import items, lesson_items
from chalicelib.lessons import Lesson, Model
from chalicelib.model import Folder
from chalicelib.store_errors import store_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from chalicelib.items import Item

# DynamoDB takes an item of 409,600 bytes.
# Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
MAX_MODEL_BYTES = 400_000
# Others write at the same moment; what they wrote is seen when it is read again.
_PASSING = frozenset({None, "None", "ConditionalCheckFailed", "TransactionConflict"})


class DynamoLessons:
    """What was learned in one stage.

    Args:
        client: returns the client, the same each time.
        table: name of the table that .chalice/resources.json describes.
    """

    def __init__(self, client: Callable[[], DynamoDBClient], *, table: str) -> None:
        self._client = client
        self._table = table

    def lesson_in(self, image: Mapping[str, Any]) -> Lesson | None:
        """Return what a stream record teaches; None if it is no move.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: it is no item of ours.
        """
        return _lesson(image) if lesson_items.is_move(image) else None

    def read(self, form_id: str, *, is_exact: bool = False) -> Model:
        """Return what is kept; without ``is_exact``, it may be a second old."""
        with store_errors():
            answer = self._client().get_item(
                TableName=self._table,
                Key=lesson_items.model_key(form_id),
                ConsistentRead=is_exact,
            )
        item = answer.get("Item")
        return lesson_items.model_from(item) if item else Model(None, 0)

    def write(
        self, form_id: str, packed: bytes, version: int, lessons: Sequence[Lesson]
    ) -> list[Lesson] | None:
        """Keep new counts and what each submission has taught, all or nothing.

        Returns:
            None if all is kept. Else nothing is, and these are the lessons that are left to
            teach, as their submissions are now.

        Raises:
            ValueError: the counts are more than an item can hold.
        """
        if len(packed) > MAX_MODEL_BYTES:
            raise ValueError(f"The counts have {len(packed)} bytes")
        writes = [self._put(form_id, packed, version), *map(self._mark, lessons)]
        with store_errors():
            try:
                self._client().transact_write_items(
                    TransactItems=writes,
                    # Where an answer is lost, the client's second try is the same transaction.
                    ClientRequestToken=str(uuid4()),
                )
            except ClientError as error:
                reasons = _reasons(error)
                if not reasons or not {reason.get("Code") for reason in reasons} <= _PASSING:
                    raise
                return list(_left(lessons, reasons[1:]))
        return None

    def _put(self, form_id: str, packed: bytes, version: int) -> TransactWriteItemTypeDef:
        return {
            "Put": {
                "TableName": self._table,
                "Item": lesson_items.model_item(form_id, packed, version + 1),
                "ConditionExpression": "attribute_not_exists(pk) OR version = :version",
                "ExpressionAttributeValues": {":version": {"N": str(version)}},
            }
        }

    def _mark(self, lesson: Lesson) -> TransactWriteItemTypeDef:
        """Return what notes in a submission what it has taught, while it is where it was."""
        values: Item = {
            ":folder_key": lesson.place["folder_key"],
            ":taught": lesson_items.taught_value(is_spam=lesson.is_spam),
            # The stream shows this, too: it is neither news nor another move.
            ":change": {"S": items.TAUGHT},
        }
        if lesson.taught is None:
            before = "attribute_not_exists(taught)"
        else:
            before = "taught = :before"
            values[":before"] = lesson_items.taught_value(is_spam=lesson.taught)
        return {
            "Update": {
                "TableName": self._table,
                "Key": {name: lesson.place[name] for name in ("pk", "sk")},
                "UpdateExpression": "SET taught = :taught, last_change = :change",
                "ConditionExpression": f"folder_key = :folder_key AND {before}",
                "ExpressionAttributeValues": values,
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }


def _lesson(item: Any) -> Lesson:
    submission = items.submission_from(item)
    place = {name: item[name] for name in ("pk", "sk", "folder_key")}
    return Lesson(submission, submission.folder == Folder.SPAM, lesson_items.taught_in(item), place)


def _reasons(error: ClientError) -> list[dict[str, Any]]:
    """Return why a transaction was cancelled; nothing if that is not what happened."""
    response = cast("dict[str, Any]", error.response)
    reasons: list[dict[str, Any]] = response.get("CancellationReasons", [])
    return reasons


def _left(lessons: Sequence[Lesson], reasons: Sequence[dict[str, Any]]) -> Iterator[Lesson]:
    """Yield the lessons whose submissions are still where they were, with what they have taught.

    One that was moved on comes by again, and one that is gone teaches nothing more.
    """
    for lesson, reason in zip(lessons, reasons, strict=True):
        if reason.get("Code") != "ConditionalCheckFailed":
            yield lesson
        elif (item := reason.get("Item")) and item["folder_key"] == lesson.place["folder_key"]:
            yield lesson._replace(taught=lesson_items.taught_in(item))
