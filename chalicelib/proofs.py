"""Proof of work by ALTCHA: what a page is asked, and what its answer is worth.

A challenge asks for a number that only trying finds. Form and time are signed with it,
so none is kept here; the store keeps those that were used, until they would end anyway.
The protocol is ALTCHA's second, as its widget 3 speaks it.
Source: https://altcha.org/docs/v2/proof-of-work/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.claims import keyed_hash
from chalicelib.model import NO_PROOF, Proof, ProofState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

# An hour, for a long letter. Where it is over, formpost.js asks anew.
LIFETIME_SECONDS = 60 * 60
# Every browser has it built in, as fast as any program's: trying is no faster elsewhere.
ALGORITHM = "PBKDF2/SHA-256"
# One derivation is all that a challenge costs here: 0.4 ms.
ITERATIONS = 1_000
# 256 to 767 tries: in the middle 0.2 s of one fast core, 0.5 to 1 s of a phone's slow one,
# and never more than one and a half times that. The widget divides it among the cores.
LEAST_TRIES = 256
MORE_TRIES = 512
# One with the longest name of a form has 920.
MAX_PAYLOAD_LENGTH = 4_000


def challenge(
    form_id: str, now: datetime, secret: bytes, random_bytes: Callable[[int], bytes]
) -> dict[str, Any]:
    """Return what a page is to solve, as ALTCHA's widget reads it.

    Args:
        form_id: whose posts may carry the answer.
        now: from when it counts, aware.
        secret: this stage's key for hashes.
        random_bytes: returns that many bytes that nobody can guess.
    """
    # In the first request that needs it: other posts do not wait for its 4 ms.
    import altcha

    issued_at = now.timestamp()
    asked = altcha.create_challenge(
        ALGORITHM,
        ITERATIONS,
        counter=LEAST_TRIES + int.from_bytes(random_bytes(2)) % MORE_TRIES,
        # The end is not ALTCHA's own expiresAt: at that, its widget takes a proof back and
        # holds up the person who wrote for long.
        data={
            "form": form_id,
            "issued_at": issued_at,
            "expires_at": int(issued_at) + LIFETIME_SECONDS,
        },
        hmac_secret=_challenge_key(secret),
        hmac_key_secret=_solution_key(secret),
    )
    return asked.to_dict()


def verify(payload: str | None, form_id: str, now: datetime, secret: bytes) -> Proof:
    """Return what a payload is worth; whatever it is, this does not fail.

    Args:
        payload: as ALTCHA's widget writes it: base64 of JSON.
        form_id: to which it was sent.
        now: when it arrived, aware.
        secret: this stage's key for hashes.
    """
    if payload is None:
        return NO_PROOF
    if len(payload) > MAX_PAYLOAD_LENGTH:
        return Proof(ProofState.UNREADABLE)
    import altcha

    try:
        sent = altcha.Payload.from_base64(payload)
    except (ValueError, KeyError, TypeError, RecursionError):
        return Proof(ProofState.UNREADABLE)
    found = altcha.verify_solution(
        sent, _challenge_key(secret), hmac_key_secret=_solution_key(secret)
    )
    if not (found.verified or found.invalid_solution):
        return Proof(ProofState.FORGED)

    # From here on it is signed, so it is what ``challenge`` made.
    terms: dict[str, Any] = sent.challenge.parameters.data or {}
    return Proof(
        _state(terms, form_id, now, is_solved=found.verified),
        # JSON that is signed as the same can be sent as another kind of number.
        float(terms["issued_at"]),
        int(terms["expires_at"]),
        sent.challenge.signature,
    )


def _state(terms: dict[str, Any], form_id: str, now: datetime, *, is_solved: bool) -> ProofState:
    if terms["form"] != form_id:
        return ProofState.OTHER_FORM
    if now.timestamp() >= terms["expires_at"]:
        return ProofState.EXPIRED
    return ProofState.SOLVED if is_solved else ProofState.UNSOLVED


def _challenge_key(secret: bytes) -> str:
    return keyed_hash(secret, "challenge", "")


def _solution_key(secret: bytes) -> str:
    return keyed_hash(secret, "solution", "")
