"""The one request that stores a submission: what it asks for, and what its refusal says.

All or nothing: the claim, the submission, one more in its sender's hour, and what should
come once. repository.py alone imports this.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING, Any, cast

from chalicelib import items
from chalicelib.errors import IdempotencyKeyReused
from chalicelib.model import Known, Stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.exceptions import ClientError
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from chalicelib.items import Item
    from chalicelib.model import Claim, Novelty, Quota, Submission

_CONDITION_FAILED = "ConditionalCheckFailed"
_CONFLICTS = frozenset({"TransactionConflict", "TransactionInProgressException"})


def transaction(
    table: str, item: Item, submission: Submission, claim: Claim
) -> list[TransactWriteItemTypeDef]:
    """Return what is written together; ``outcome`` knows its order."""
    now: Item = {":now": {"N": str(int(submission.received_at.timestamp()))}}
    return [
        {
            "Put": {
                "TableName": table,
                "Item": items.claim_item(claim, submission),
                "ConditionExpression": "attribute_not_exists(pk) OR expires_at <= :now",
                "ExpressionAttributeValues": now,
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        },
        {"Put": {"TableName": table, "Item": item}},
        *(_use(table, quota) for quota in (claim.quota,) if quota),
        *(_first(table, novelty, submission, now) for novelty in claim.novelties),
    ]


def outcome(
    error: ClientError, submission: Submission, claim: Claim
) -> Stored | Known | Quota | None:
    """Return what a refused transaction comes to, or None where trying again can help.

    Returns:
        Stored: what the claim refers to.
        Quota: it is used up.
        Known: novelties that have come before.

    Raises:
        IdempotencyKeyReused: the claim was made with other content.
        ClientError: the store failed in another way.
    """
    response = cast("dict[str, Any]", error.response)
    reasons = response.get("CancellationReasons") or [{}]
    # A repeat is none of the sender's next submissions, nor does it bring anything new.
    if made := reasons[0].get("Item"):
        return first_result(made, submission, claim)
    codes = [reason.get("Code") for reason in reasons]
    if claim.quota and codes[2:3] == [_CONDITION_FAILED]:
        return claim.quota
    if kinds := frozenset(_known(codes, claim)):
        return Known(kinds)
    if {*codes, response["Error"]["Code"]} & _CONFLICTS:
        return None
    raise error


def first_result(made: Any, submission: Submission, claim: Claim) -> Stored:
    """Return what a claim that was made before refers to.

    Raises:
        IdempotencyKeyReused: it was made with other content.
    """
    if not compare_digest(made["fingerprint"]["S"], claim.fingerprint):
        raise IdempotencyKeyReused
    submission_id = made["submission_id"]["S"]
    # Our own id: an earlier try of this very call was stored, and its answer was lost.
    is_repeat = submission_id != submission.id
    return Stored(submission_id, items.moment(made["received_at"]), is_repeat)


def _use(table: str, quota: Quota) -> TransactWriteItemTypeDef:
    return {
        "Update": {
            "TableName": table,
            "Key": items.quota_key(quota),
            "UpdateExpression": "ADD sent :one SET expires_at = :ends",
            "ConditionExpression": "attribute_not_exists(sent) OR sent < :limit",
            "ExpressionAttributeValues": {
                ":one": {"N": "1"},
                ":ends": {"N": str(quota.expires_at)},
                ":limit": {"N": str(quota.limit)},
            },
        }
    }


def _first(
    table: str, novelty: Novelty, submission: Submission, now: Item
) -> TransactWriteItemTypeDef:
    return {
        "Put": {
            "TableName": table,
            "Item": items.novelty_item(novelty, submission.id),
            "ConditionExpression": (
                "attribute_not_exists(pk) OR expires_at <= :now OR holder = :holder"
            ),
            "ExpressionAttributeValues": {**now, ":holder": {"S": novelty.holder}},
        }
    }


def _known(codes: list[str | None], claim: Claim) -> Iterator[str]:
    start = 3 if claim.quota else 2
    for novelty, code in zip(claim.novelties, codes[start:], strict=False):
        if code == _CONDITION_FAILED:
            yield novelty.kind
