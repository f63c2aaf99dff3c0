"""Flask behind serverless-wsgi, and ``boto3.resource``: the design that Formpost replaces."""

from __future__ import annotations

from typing import Any

import boto3
import contact
import serverless_wsgi
from flask import Flask, Response, jsonify, request

app = Flask(__name__)
table = boto3.resource("dynamodb").Table(contact.TABLE)


@app.post("/contact")
def submit() -> Response:
    """Accept a form post."""
    request_id = request.environ["serverless.context"].aws_request_id
    status, document = accept()
    contact.log(status, request_id)
    response = jsonify(document)
    response.status_code = status
    response.headers.update({**contact.HEADERS, "X-Request-Id": request_id})
    return response


def accept() -> tuple[int, Any]:
    """Return status and JSON."""
    fields = request.form.to_dict()
    if errors := contact.mistakes(fields):
        return 422, {"errors": errors}
    item = contact.submission(
        fields,
        origin=request.headers.get("Origin"),
        agent=request.headers.get("User-Agent", ""),
        ip=request.remote_addr or "",
    )
    client = table.meta.client
    try:
        client.transact_write_items(TransactItems=contact.puts(item))
    except client.exceptions.TransactionCanceledException:
        return 200, contact.receipt(item)
    return 201, contact.receipt(item)


def handler(event: Any, context: Any) -> Any:
    """Answer one request of API Gateway."""
    return serverless_wsgi.handle_request(app, event, context)
