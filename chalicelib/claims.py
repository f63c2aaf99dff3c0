"""Claims: how a repeated submission is recognised, so that it is stored once.

A visitor's idempotency key is a claim on everything sent under it. Without one,
the same words to the same form from the same sender are a repeat for a while:
a double click, a reload of the answer. What is stored of either is a keyed hash.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING

from chalicelib.model import Claim

if TYPE_CHECKING:
    from chalicelib.model import Submission

# A double click or a reload comes within minutes; the same words later are meant.
SAME_CONTENT_SECONDS = 10 * 60
# Automatic answers to one address: at most one a day and form, as RFC 3834 (section 2) advises.
ADDRESS_SECONDS = 24 * 60 * 60
# The draft of Idempotency-Key asks for a day; a phone that was offline may take two.
IDEMPOTENCY_KEY_SECONDS = 48 * 60 * 60


def claim_for(submission: Submission, idempotency_key: str | None, secret: bytes) -> Claim:
    """Return the claim that a submission makes.

    Args:
        submission: as it is to be stored.
        idempotency_key: what the client sent to mark its repeats, if it did.
        secret: this stage's key for hashes.
    """
    received_at = int(submission.received_at.timestamp())
    content = json.dumps(
        [submission.form, submission.answers, submission.subject, submission.reply_to]
    )
    fingerprint = keyed_hash(secret, "content", content)
    if idempotency_key is not None:
        key = keyed_hash(secret, "key", f"{submission.form}\n{idempotency_key}")
        return Claim(key, fingerprint, received_at + IDEMPOTENCY_KEY_SECONDS)
    sender = submission.sender
    key = keyed_hash(secret, "repeat", f"{sender.ip_hash}\n{sender.user_agent}\n{content}")
    return Claim(key, fingerprint, received_at + SAME_CONTENT_SECONDS)


def address_claim(form_id: str, address: str, secret: bytes) -> str:
    """Return the hash under which a form takes a mail address for today."""
    return keyed_hash(secret, "address", f"{form_id}\n{address}")


def keyed_hash(secret: bytes, purpose: str, text: str) -> str:
    """Return HMAC-SHA256 in hexadecimal; one purpose's hashes never meet another's."""
    return hmac.digest(secret, f"{purpose}\n{text}".encode(), "sha256").hex()
