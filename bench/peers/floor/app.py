"""The floor: no SDK and no framework, one request signed by hand over one connection.

Nobody should ship this: no retries, no credentials that are renewed, no endpoints
of other partitions. It shows what is left when everything else is gone.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import ssl
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import contact

TARGET = "DynamoDB_20120810.TransactWriteItems"
SIGNED = "content-type;host;x-amz-date;x-amz-security-token;x-amz-target"
REGION = os.environ["AWS_REGION"]
endpoint = urlsplit(os.environ["AWS_ENDPOINT_URL_DYNAMODB"])
# Amazon's roots only, as in Formpost's package.
roots = os.environ.get("AWS_CA_BUNDLE") or str(Path(__file__).with_name("roots.pem"))
connection: HTTPConnection = HTTPSConnection(
    endpoint.hostname or "", endpoint.port, context=ssl.create_default_context(cafile=roots)
)


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
    body = json.dumps({"TransactItems": contact.wire_puts(item)}).encode()
    connection.request("POST", "/", body, signed(body))
    response = connection.getresponse()
    answer = response.read()
    if response.status == 200:  # noqa: PLR2004  HTTP's OK
        return 201, contact.receipt(item)
    if b"TransactionCanceledException" in answer:
        return 200, contact.receipt(item)
    raise HTTPException(answer)


def signed(body: bytes) -> dict[str, str]:
    """Return the headers of a request, Signature Version 4."""
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "host": endpoint.netloc,
        "x-amz-date": now,
        "x-amz-security-token": os.environ["AWS_SESSION_TOKEN"],
        "x-amz-target": TARGET,
    }
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"POST\n/\n\n{lines}\n{SIGNED}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{now[:8]}/{REGION}/dynamodb/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"AWS4{os.environ['AWS_SECRET_ACCESS_KEY']}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{digest}"
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    credential = f"{os.environ['AWS_ACCESS_KEY_ID']}/{scope}"
    return {
        **headers,
        "authorization": (
            f"AWS4-HMAC-SHA256 Credential={credential}, "
            f"SignedHeaders={SIGNED}, Signature={signature}"
        ),
    }
