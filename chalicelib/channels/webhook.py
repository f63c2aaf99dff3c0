"""Send each submission to the owner's own URL, whole and as a signed webhook.

Follows Standard Webhooks 1.0.0 (https://www.standardwebhooks.com), so receivers can
verify us with any of its libraries and none of our code. Nothing is left out, so a
body can be larger than the 20 kB that it recommends: up to 400 kB of answers, as JSON.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import re
from datetime import UTC
from typing import TYPE_CHECKING, Any

from chalicelib.channels import Setting, is_secret_reference
from chalicelib.documents import as_json, submission_document
from chalicelib.errors import DeliveryRefused
from chalicelib.model import timestamp
from chalicelib.origins import origin_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from chalicelib.channels import Notice, Outbound, Sent
    from chalicelib.model import Submission

EVENT_TYPE = "submission.created"
# A secret has 192 to 512 bits.
# Source: Standard Webhooks 1.0.0, "Signature scheme".
MIN_SECRET_BYTES, MAX_SECRET_BYTES = 24, 64
_SECRET_PREFIX = "whsec_"  # noqa: S105 - it announces a secret and is none.
_LOOPBACK = re.compile(r"http://(?:localhost|127\.0\.0\.1)(?::\d+)?")


def _is_url(value: Any) -> bool:
    if is_secret_reference(value):
        return True
    origin = origin_of(value) if isinstance(value, str) else None
    return origin is not None and (
        origin.startswith("https://") or bool(_LOOPBACK.fullmatch(origin))
    )


def _is_reference_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_secret_reference, value))


SETTINGS: Mapping[str, Setting] = {
    "url": Setting(
        _is_url,
        'an https URL or a reference to one, e.g. "ssm:/formpost/prod/webhook-url"; '
        "http://localhost where FORMPOST_ALLOW_LOOPBACK is true",
        is_secret=True,
    ),
    "secrets": Setting(
        _is_reference_list,
        "a list of references to secrets, the oldest first, e.g. "
        '["ssm:/formpost/prod/webhook"]; a secret itself never stands here',
        is_secret=True,
    ),
}


def send(notice: Notice, outbound: Outbound) -> Sent:
    """Post the submission once, signed with every secret."""
    settings = notice.target.settings
    # The same at every try and at no other delivery, so the receiver can drop repeats.
    # Without a full stop, which separates what is signed: ids and names have none.
    message_id = f"msg_{notice.submission.id}_{notice.target.name}"
    body = as_json(event(notice.submission))
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(notice.now.timestamp())),
        "webhook-signature": _signatures(settings["secrets"], message_id, notice.now, body),
    }
    return outbound.post(settings["url"], body=body, headers=headers)


def event(submission: Submission) -> dict[str, Any]:
    """Return what is posted: when the submission came, and its document."""
    return {
        "type": EVENT_TYPE,
        "timestamp": timestamp(submission.received_at),
        "data": submission_document(submission),
    }


def _signatures(secrets: Sequence[str], message_id: str, now: datetime, body: bytes) -> str:
    """Return one signature for each secret, so that a receiver has either while they change.

    Raises:
        DeliveryRefused: a secret cannot be used.
    """
    from standardwebhooks import Webhook

    keys = [_key(secret, number) for number, secret in enumerate(secrets, start=1)]
    # The library takes any time for UTC, whatever its time zone says.
    at = now.astimezone(UTC)
    return " ".join(Webhook(key).sign(message_id, at, body.decode()) for key in keys)


def _key(secret: str, number: int) -> bytes:
    """Return the bytes of a secret.

    Checked here because the libraries differ: Python's skips what is not base64 and signs
    with the rest, others refuse it, and the owner would search long.
    """
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not MIN_SECRET_BYTES <= len(key) <= MAX_SECRET_BYTES:
        raise DeliveryRefused(
            f"Secret {number} of the webhook cannot be used. It is {_SECRET_PREFIX} followed by "
            f"base64 of {MIN_SECRET_BYTES} to {MAX_SECRET_BYTES} random bytes; "
            'make one with: echo "whsec_$(openssl rand -base64 32)"'
        )
    return key
