"""Claims: how a repeated submission is recognised, so that it is stored once.

A visitor's idempotency key is a claim on everything sent under it. Without one,
the same words to the same form from the same sender are a repeat for a while:
a double click, a reload of the answer. Beside it stand what a new submission uses
up of its sender's quota, and what it should be the first to bring along.
What is stored of any of them is a keyed hash.
"""

from __future__ import annotations

import hmac
import json
from ipaddress import IPv6Address
from typing import TYPE_CHECKING

from chalicelib.model import Claim, Novelty, Quota

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.model import Answer, Form, Proof, Submission

# A double click or a reload comes within minutes; the same words later are meant.
SAME_CONTENT_SECONDS = 10 * 60
# Automatic answers to one address: at most one a day and form, as RFC 3834 (section 2) advises.
ADDRESS_SECONDS = 24 * 60 * 60
# The draft of Idempotency-Key asks for a day; a phone that was offline may take two.
IDEMPOTENCY_KEY_SECONDS = 48 * 60 * 60
QUOTA_SECONDS = 60 * 60
# The part of an IPv6 address, in bits, that one subscriber has: all below it is free to choose.
# Source: RFC 6177
_SUBSCRIBER_BITS = 64
# Shorter ones, such as "Please call me back.", are sent by many people who mean it.
MIN_REPEATED_LENGTH = 60
MAX_REPEATED_LENGTH = 16_000
# A wave of the same advertisement goes on for days.
SAME_TEXT_SECONDS = 7 * 24 * 60 * 60


def claim_for(submission: Submission, idempotency_key: str | None, secret: bytes) -> Claim:
    """Return the claim that a submission makes.

    Args:
        submission: as it is to be stored.
        idempotency_key: what the client sent to mark its repeats, if it did.
        secret: this stage's key for hashes.
    """
    received_at = int(submission.received_at.timestamp())
    content = json.dumps(
        [submission.form, _words(submission), submission.subject, submission.reply_to]
    )
    fingerprint = keyed_hash(secret, "content", content)
    if idempotency_key is not None:
        key = keyed_hash(secret, "key", f"{submission.form}\n{idempotency_key}")
        return Claim(key, fingerprint, received_at + IDEMPOTENCY_KEY_SECONDS)
    sender = submission.sender
    key = keyed_hash(secret, "repeat", f"{sender.ip_hash}\n{sender.user_agent}\n{content}")
    return Claim(key, fingerprint, received_at + SAME_CONTENT_SECONDS)


def _words(submission: Submission) -> list[Answer]:
    """Return the answers by name, without those that are blank.

    The page that shows a form again has the order of forms.toml, and fields that the
    visitor's own page has not.
    """
    return sorted(
        answer for answer in submission.answers if any(value.strip() for value in answer.values)
    )


def quota_for(submission: Submission, form: Form, ip: str, secret: bytes) -> Quota:
    """Return what one address has left in this window, as a key to count under.

    Windows are an hour long and begin at another moment for each address, so that an
    hour that lies across two of them can hold twice the limit and no more.

    Args:
        submission: which uses one up.
        form: with its ``hourly_limit``.
        ip: as API Gateway saw it; of IPv6 the subscriber's network counts.
        secret: this stage's key for hashes.
    """
    hashed = keyed_hash(secret, "quota", f"{form.id}\n{_subscriber(ip)}")
    shift = int(hashed[:8], 16) % QUOTA_SECONDS
    window = (int(submission.received_at.timestamp()) + shift) // QUOTA_SECONDS
    return Quota(f"{hashed}#{window}", form.hourly_limit, (window + 1) * QUOTA_SECONDS - shift)


def novelties_of(submission: Submission, proof: Proof, secret: bytes) -> Iterator[Novelty]:
    """Yield what a submission should be the first to bring: its proof of work, its longest text.

    Who sent a text may send it to the same form again: that is no wave of advertisements.
    """
    if proof.key and proof.expires_at:
        key = keyed_hash(secret, "proof", proof.key)
        yield Novelty("proof", key, submission.id, proof.expires_at)
    longest = max((v for answer in submission.answers for v in answer.values), key=len, default="")
    text = " ".join(longest[:MAX_REPEATED_LENGTH].casefold().split())
    if len(text) >= MIN_REPEATED_LENGTH:
        holder = keyed_hash(secret, "holder", f"{submission.form}\n{submission.sender.ip_hash}")
        expires_at = int(submission.received_at.timestamp()) + SAME_TEXT_SECONDS
        yield Novelty("content", keyed_hash(secret, "text", text), holder, expires_at)


def address_claim(form_id: str, address: str, secret: bytes) -> str:
    """Return the hash under which a form takes a mail address for today."""
    return keyed_hash(secret, "address", f"{form_id}\n{address}")


def _subscriber(ip: str) -> str:
    """Return what of an address one subscriber keeps: of IPv6 its network, else all of it."""
    # One of IPv4 can be written in one way.
    if ":" not in ip:
        return ip
    try:
        address = IPv6Address(ip)
    except ValueError:
        return ip
    return f"{int(address) >> (address.max_prefixlen - _SUBSCRIBER_BITS):x}"


def keyed_hash(secret: bytes, purpose: str, text: str) -> str:
    """Return HMAC-SHA256 in hexadecimal; one purpose's hashes never meet another's."""
    return hmac.digest(secret, f"{purpose}\n{text}".encode(), "sha256").hex()
