"""A bare handler and ``boto3.client``: what needs no framework."""

from __future__ import annotations

import json
from typing import Any

import boto3
import contact

dynamodb = boto3.client("dynamodb")


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Accept a form post."""
    status, document = accept(event)
    contact.log(status, context.aws_request_id)
    headers = {**contact.HEADERS, "X-Request-Id": context.aws_request_id}
    return {"statusCode": status, "headers": headers, "body": json.dumps(document)}


def accept(event: Any) -> tuple[int, Any]:
    """Return status and JSON."""
    fields = contact.decoded(event["body"] or "")
    if errors := contact.mistakes(fields):
        return 422, {"errors": errors}
    headers = {name.lower(): value for name, value in event["headers"].items()}
    item = contact.submission(
        fields,
        origin=headers.get("origin"),
        agent=headers.get("user-agent", ""),
        ip=event["requestContext"]["identity"]["sourceIp"],
    )
    try:
        dynamodb.transact_write_items(TransactItems=contact.wire_puts(item))
    except dynamodb.exceptions.TransactionCanceledException:
        return 200, contact.receipt(item)
    return 201, contact.receipt(item)
