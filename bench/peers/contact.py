"""What every peer does with a form post: the steps of Formpost's submit path, by hand.

Decode, check seven fields, look at the decoy and the page's origin, hash the sender,
make a claim so that a repeat is stored once, put both in one transaction, write one
log line. A peer's app.py has only what its framework asks for; this file ships with
each. The secret for hashes is in the environment: one request less than Formpost's.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
import sys
import time
from typing import Any
from urllib.parse import parse_qsl

TABLE = os.environ["TABLE"]
SECRET = os.environ["SECRET"].encode()
HEADERS = {
    "Content-Type": "application/json",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "X-Request-Id",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
# Name: is it required, and how many characters it may have.
FIELDS = {
    "first_name": (True, 100),
    "last_name": (True, 100),
    "email": (True, 254),
    "job_title": (False, 100),
    "phone_number": (False, 50),
    "company": (False, 200),
    "message": (False, 20_000),
}
EMAIL = r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*"
DECOY = "_gotcha"
# A second click is a repeat for so long.
REPEAT_SECONDS = 600
_EMAIL = re.compile(EMAIL)


def decoded(body: str) -> dict[str, str]:
    """Return the fields of a URL-encoded body."""
    return dict(parse_qsl(body, keep_blank_values=True))


def mistakes(fields: dict[str, str]) -> list[dict[str, str]]:
    """Return what is wrong with each field."""
    found = []
    for name, (required, max_length) in FIELDS.items():
        value = fields.get(name, "").strip()
        if required and not value:
            found.append({"field": name, "code": "REQUIRED_FIELD_MISSING"})
        elif len(value) > max_length:
            found.append({"field": name, "code": "TOO_LONG"})
        elif name == "email" and not _EMAIL.fullmatch(value):
            found.append({"field": name, "code": "TYPE_EMAIL"})
    return found


def submission(fields: dict[str, str], *, origin: str | None, agent: str, ip: str) -> Any:
    """Return what is stored of a post whose fields are right."""
    now = time.time()
    decoy = fields.pop(DECOY, "")
    signals = ["honeypot"] if decoy else [] if origin else ["page_origin"]
    ip_hash = _keyed(f"ip\n{ip}")
    return {
        "pk": "FORM#contact#0",
        "sk": f"SUB#{int(now * 1000):012x}{secrets.token_hex(10)}",
        "folder_key": f"FORM#contact#0#{'spam' if decoy else 'inbox'}",
        "received_at": int(now * 1000),
        "fields": [{"name": name, "value": value} for name, value in fields.items()],
        "signals": signals,
        "ip_hash": ip_hash,
        "user_agent": agent,
        "claim": _keyed(f"repeat\n{ip_hash}\n{agent}\n{json.dumps(fields)}"),
    }


def puts(item: Any) -> list[Any]:
    """Return the transaction in Python's types: the claim and the submission, or neither."""
    now = item["received_at"] // 1000
    claim = {
        "pk": f"CLAIM#contact#{item['claim']}",
        "sk": "CLAIM",
        "submission_id": item["sk"],
        "expires_at": now + REPEAT_SECONDS,
    }
    return [
        {
            "Put": {
                "TableName": TABLE,
                "Item": claim,
                "ConditionExpression": "attribute_not_exists(pk) OR expires_at <= :now",
                "ExpressionAttributeValues": {":now": now},
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        },
        {"Put": {"TableName": TABLE, "Item": item}},
    ]


def wire_puts(item: Any) -> list[Any]:
    """Return the same in DynamoDB's wire types, for clients that do not convert."""
    found = puts(item)
    for put in (each["Put"] for each in found):
        put["Item"] = wire(put["Item"])["M"]
        if "ExpressionAttributeValues" in put:
            put["ExpressionAttributeValues"] = wire(put["ExpressionAttributeValues"])["M"]
    return found


def wire(value: Any) -> dict[str, Any]:
    """Return a value as DynamoDB writes it."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, list):
        return {"L": [wire(each) for each in value]}
    return {"M": {name: wire(each) for name, each in value.items()}}


def receipt(item: Any) -> dict[str, Any]:
    """Return what the visitor is told."""
    return {"id": item["sk"][4:], "form": "contact", "received_at": item["received_at"]}


def log(status: int, request_id: str) -> None:
    """Write the request's one line."""
    line = {"level": "info", "request_id": request_id, "route": "/contact", "status": status}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _keyed(text: str) -> str:
    return hmac.digest(SECRET, text.encode(), "sha256").hex()
