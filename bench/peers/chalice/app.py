"""Chalice as its documentation has it, and ``boto3.resource``."""

from __future__ import annotations

from typing import Any

import boto3
from chalice import Chalice, CORSConfig, Response

from chalicelib import contact

app = Chalice(app_name="contact")
table = boto3.resource("dynamodb").Table(contact.TABLE)
FORM = "application/x-www-form-urlencoded"
CORS = CORSConfig(allow_origin="*", expose_headers=["X-Request-Id"])


@app.route("/contact", methods=["POST"], content_types=[FORM], cors=CORS)
def submit() -> Response:
    """Accept a form post."""
    request_id = app.lambda_context.aws_request_id
    status, document = accept()
    contact.log(status, request_id)
    headers = {**contact.HEADERS, "X-Request-Id": request_id}
    return Response(document, headers, status)


def accept() -> tuple[int, Any]:
    """Return status and JSON."""
    request = app.current_request
    fields = contact.decoded(request.raw_body.decode())
    if errors := contact.mistakes(fields):
        return 422, {"errors": errors}
    item = contact.submission(
        fields,
        origin=request.headers.get("origin"),
        agent=request.headers.get("user-agent", ""),
        ip=request.context["identity"]["sourceIp"],
    )
    client = table.meta.client
    try:
        client.transact_write_items(TransactItems=contact.puts(item))
    except client.exceptions.TransactionCanceledException:
        return 200, contact.receipt(item)
    return 201, contact.receipt(item)
