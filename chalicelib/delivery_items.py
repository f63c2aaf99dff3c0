"""What a delivery looks like in the table: keys and wire types.

    pk                      sk                   what
    SUB#<id>                DELIVERY#<target>    one delivery and its attempts
    ADDRESS#<hash>          CLAIM                which submission's answer a mail address got
    SUMMARY                 LAST                 when the owner was last told of failures

A delivery that is not settled well stands in the index ``by_folder`` under
``DELIVERIES#<bucket>#<list>``, so that nobody has to look through all of them.
deliveries.py is the only one in chalicelib to import this.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.delivery import Attempt, Delivery, DeliveryState, Feedback

if TYPE_CHECKING:
    from chalicelib.delivery import DeliveryList

Item = dict[str, Any]

SUMMARY_KEY: Item = {"pk": {"S": "SUMMARY"}, "sk": {"S": "LAST"}}
# One key of an index takes about 1,000 writes/s; a burst of submissions opens as many deliveries.
BUCKETS = 8


def partition(submission_id: str) -> str:
    """Return the partition key of a submission's deliveries."""
    return f"SUB#{submission_id}"


def delivery_key(submission_id: str, target: str) -> Item:
    """Return the key of one delivery."""
    return {"pk": {"S": partition(submission_id)}, "sk": {"S": f"DELIVERY#{target}"}}


def list_key(bucket: int, listed: DeliveryList) -> str:
    """Return the index key of one bucket of a list."""
    return f"DELIVERIES#{bucket}#{listed}"


def address_key(hashed: str) -> Item:
    """Return the key of the claim on one mail address."""
    return {"pk": {"S": f"ADDRESS#{hashed}"}, "sk": {"S": "CLAIM"}}


def is_delivery(item: Any) -> bool:
    """Whether an item is a delivery, by its key."""
    return bool(item["sk"]["S"].startswith("DELIVERY#"))


def delivery_item(delivery: Delivery) -> Item:
    """Return a delivery as it is stored."""
    item = {
        **delivery_key(delivery.submission_id, delivery.target),
        "form": {"S": delivery.form},
        "state": {"S": str(delivery.sent)},
        "attempts": {"L": [_attempt_item(attempt) for attempt in delivery.attempts]},
    }
    if delivery.listed_in is not None:
        bucket = zlib.crc32(delivery.submission_id.encode()) % BUCKETS
        item["folder_key"] = {"S": list_key(bucket, delivery.listed_in)}
    if delivery.earlier_attempts:
        item["earlier_attempts"] = {"N": str(delivery.earlier_attempts)}
    if delivery.feedback is not None:
        item["feedback"] = {
            "M": {
                "at": _milliseconds(delivery.feedback.at),
                "state": {"S": str(delivery.feedback.state)},
                "outcome": {"S": delivery.feedback.outcome},
            }
        }
    if delivery.expires_at is not None:
        item["expires_at"] = {"N": str(delivery.expires_at)}
    return item


def delivery_from(item: Any) -> Delivery:
    """Return the delivery that an item holds."""
    return Delivery(
        form=item["form"]["S"],
        submission_id=item["pk"]["S"].removeprefix("SUB#"),
        target=item["sk"]["S"].removeprefix("DELIVERY#"),
        sent=DeliveryState(item["state"]["S"]),
        attempts=tuple(_attempt_from(entry["M"]) for entry in item["attempts"]["L"]),
        earlier_attempts=_number(item, "earlier_attempts") or 0,
        feedback=_feedback_from(item["feedback"]["M"]) if "feedback" in item else None,
        expires_at=_number(item, "expires_at"),
    )


def summary_time(item: Any) -> datetime:
    """Return when the last summary was."""
    return _moment(item["at"])


def summary_item(at: datetime) -> Item:
    """Return the note that a summary was sent."""
    return {**SUMMARY_KEY, "at": _milliseconds(at)}


def _attempt_item(attempt: Attempt) -> Item:
    content: Item = {
        "at": _milliseconds(attempt.at),
        "outcome": {"S": attempt.outcome},
        "duration_ms": {"N": str(attempt.duration_ms)},
    }
    if attempt.status is not None:
        content["status"] = {"N": str(attempt.status)}
    if attempt.next_try_at is not None:
        content["next_try_at"] = _milliseconds(attempt.next_try_at)
    return {"M": content}


def _attempt_from(entry: Item) -> Attempt:
    return Attempt(
        at=_moment(entry["at"]),
        outcome=entry["outcome"]["S"],
        duration_ms=int(entry["duration_ms"]["N"]),
        status=_number(entry, "status"),
        next_try_at=_moment(entry["next_try_at"]) if "next_try_at" in entry else None,
    )


def _feedback_from(entry: Item) -> Feedback:
    return Feedback(
        at=_moment(entry["at"]),
        state=DeliveryState(entry["state"]["S"]),
        outcome=entry["outcome"]["S"],
    )


def _number(entry: Item, name: str) -> int | None:
    return int(entry[name]["N"]) if name in entry else None


def _milliseconds(moment: datetime) -> Item:
    return {"N": str(round(moment.timestamp() * 1000))}


def _moment(number: Item) -> datetime:
    return datetime.fromtimestamp(int(number["N"]) / 1000, tz=UTC)
