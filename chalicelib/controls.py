"""Take the control fields out of a submission: they steer, and are never stored as answers.

Their names are the ones that people already have in their HTML from Formspree,
FormSubmit and Web3Forms. Recipient, sender, webhook and template are not among
them: those never come from a request.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.errors import InvalidIdempotencyKey
from chalicelib.model import FieldError
from chalicelib.validation import is_email

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.model import Pair

REDIRECT_NAMES = ("_next", "_redirect")
DECOY_NAMES = ("_gotcha", "_honey", "botcheck")
# By service, the name under which its widget adds the visitor's token.
CAPTCHA_NAMES = {
    "turnstile": "cf-turnstile-response",
    "hcaptcha": "h-captcha-response",
    "recaptcha": "g-recaptcha-response",
}
PROOF_NAME = "altcha"
OTHER_NAMES = ("_subject", "_replyto", "_idempotency_key", PROOF_NAME, "_charset_")
CONTROL_NAMES = frozenset({*REDIRECT_NAMES, *DECOY_NAMES, *CAPTCHA_NAMES.values(), *OTHER_NAMES})
# What fits one line of a mail program; RFC 5322 advises 78 characters a line.
MAX_SUBJECT_LENGTH = 200
MAX_KEY_LENGTH = 255

_KEY = rf"[\x21-\x7e]{{1,{MAX_KEY_LENGTH}}}"


class Controls(NamedTuple):
    """The control fields that were filled in; None or empty where they were blank.

    Attributes:
        redirect: as sent; origins.py decides whether it is followed.
        decoys: names of the honeypot fields that were filled in.
        proof: a proof of work, as ALTCHA's widget writes it.
        captchas: a captcha's token by its service.
    """

    redirect: str | None
    subject: str | None
    reply_to: str | None
    idempotency_key: str | None
    decoys: tuple[str, ...]
    proof: str | None
    captchas: dict[str, str]
    errors: tuple[FieldError, ...]


def split(pairs: Iterable[Pair]) -> tuple[Controls, list[Pair]]:
    """Return the control fields and everything else, in order.

    The first filled-in value of a control counts; blank ones are ignored.
    """
    value_by_control: dict[str, str] = {}
    fields: list[Pair] = []
    for name, value in pairs:
        if name not in CONTROL_NAMES:
            fields.append((name, value))
        elif value.strip():
            value_by_control.setdefault(name, value.strip())
    return _controls(value_by_control), fields


def check_idempotency_key(key: str) -> str:
    """Return the key, without the quotes of a structured header (RFC 8941).

    Raises:
        InvalidIdempotencyKey: not 1 to 255 printable ASCII characters.
    """
    bare = key.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        bare = bare[1:-1]
    if not re.fullmatch(_KEY, bare):
        raise InvalidIdempotencyKey(max_length=MAX_KEY_LENGTH)
    return bare


def _controls(value_by_control: dict[str, str]) -> Controls:
    get = value_by_control.get
    # A subject is one line, whatever was sent: it becomes a mail header.
    subject = " ".join((get("_subject") or "").split()) or None
    reply_to = get("_replyto")
    return Controls(
        redirect=next((value_by_control[n] for n in REDIRECT_NAMES if n in value_by_control), None),
        subject=subject,
        reply_to=reply_to,
        idempotency_key=get("_idempotency_key"),
        decoys=tuple(name for name in DECOY_NAMES if name in value_by_control),
        proof=get(PROOF_NAME),
        captchas={
            service: value_by_control[name]
            for service, name in CAPTCHA_NAMES.items()
            if name in value_by_control
        },
        errors=tuple(_errors(subject, reply_to)),
    )


def _errors(subject: str | None, reply_to: str | None) -> Iterable[FieldError]:
    if subject and len(subject) > MAX_SUBJECT_LENGTH:
        message = f"The subject has {len(subject)} characters; at most {MAX_SUBJECT_LENGTH} fit."
        yield FieldError("_subject", "TOO_LONG", message)
    if reply_to and not is_email(reply_to):
        message = "The address to reply to should be one such as name@example.com."
        yield FieldError("_replyto", "TYPE_EMAIL", message)
