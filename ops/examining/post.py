"""Send a test post, see it arrive in the store, and remove it again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

from chalicelib.errors import FormpostError, SubmissionNotFound
from ops.examining.api import UNREACHABLE, ask
from ops.examining.finding import Finding

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.model import Field, Form
    from chalicelib.repository import Repository

_VALUE_BY_TYPE = {
    "email": "doctor@example.com",
    "url": "https://example.com",
    "number": "1",
    "tel": "+1 555 0100",
    "date": "2026-01-01",
}
_CREATED = 201


def examine_post(
    url: str, form: Form, origin: str | None, store: Repository, now: datetime
) -> Finding:
    """Return how a post has fared.

    It fills in the honeypot, so that it goes to spam and nobody is told of it.
    """
    check = f"Test post to {form.id}"
    fields = {field.name: _value(field) for field in form.fields if field.required}
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Idempotency-Key": f"doctor-{uuid4()}",
        **({"Origin": origin} if origin else {}),
    }
    body = {**fields, "_gotcha": "python -m ops doctor"}
    reply = ask("POST", f"{url}/f/{form.id}", headers, json.dumps(body).encode())
    if not reply.status:
        return Finding(check, healthy=False, seen=reply.text, advice=UNREACHABLE)
    if reply.status != _CREATED:
        advice = "The answer says why; its request id finds the line in the log."
        return Finding(
            check, healthy=False, seen=f"{reply.status}: {reply.text[:300]}", advice=advice
        )
    submission_id = json.loads(reply.text)["id"]
    try:
        store.get(form, submission_id, now=now)
    except SubmissionNotFound:
        advice = "The API uses another table than this stage's: look at FORMPOST_TABLE."
        seen = f"{submission_id} was accepted, but is not stored"
        return Finding(check, healthy=False, seen=seen, advice=advice)
    except FormpostError as error:
        advice = "Allow this user to read the table."
        return Finding(check, healthy=False, seen=str(error), advice=advice)
    try:
        store.delete(form, submission_id)
    except FormpostError as error:
        advice = f"Delete {submission_id} from the folder spam."
        seen = f"arrived, but was not removed: {error}"
        return Finding(check, healthy=False, seen=seen, advice=advice)
    return Finding(check, healthy=True, seen="arrived, and was removed again", advice="")


def _value(field: Field) -> str:
    if field.choices:
        return str(field.choices[0])
    return _VALUE_BY_TYPE.get(field.type, "Test of the doctor")
