"""The resolver of Powertools for AWS Lambda, and ``boto3.client``."""

from __future__ import annotations

import json
from typing import Any

import boto3
import contact
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response

dynamodb = boto3.client("dynamodb")
app = APIGatewayRestResolver(cors=CORSConfig(allow_origin="*", expose_headers=["X-Request-Id"]))


@app.post("/contact")
def submit() -> Response[str]:
    """Accept a form post."""
    request_id = app.lambda_context.aws_request_id
    status, document = accept()
    contact.log(status, request_id)
    headers = {**contact.HEADERS, "X-Request-Id": request_id}
    return Response(status, body=json.dumps(document), headers=headers)


def accept() -> tuple[int, Any]:
    """Return status and JSON."""
    event = app.current_event
    fields = contact.decoded(event.body or "")
    if errors := contact.mistakes(fields):
        return 422, {"errors": errors}
    item = contact.submission(
        fields,
        origin=event.headers.get("Origin"),
        agent=event.headers.get("User-Agent", ""),
        ip=event.request_context.identity.source_ip,
    )
    try:
        dynamodb.transact_write_items(TransactItems=contact.wire_puts(item))
    except dynamodb.exceptions.TransactionCanceledException:
        return 200, contact.receipt(item)
    return 201, contact.receipt(item)


def handler(event: Any, context: Any) -> Any:
    """Answer one request of API Gateway."""
    return app.resolve(event, context)
