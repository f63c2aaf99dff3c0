"""Accept a submission: the only way one comes in.

form known and open -> origin allowed -> body readable -> fields valid -> judged
-> stored exactly once, by one request to the store. Everything that a refusal
needs to say is in the error; nothing is told to the owner here, which is the
stream's work once the submission is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from chalicelib import bodies, claims, controls
from chalicelib.errors import FormClosed, FormNotFound, OriginNotAllowed
from chalicelib.model import (
    RANDOM_BYTES,
    Folder,
    Receipt,
    Sender,
    Submission,
    new_submission_id,
)
from chalicelib.origins import page_origin, safe_redirect
from chalicelib.retention import expiry
from chalicelib.spam import Evidence, judge
from chalicelib.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.controls import Controls
    from chalicelib.model import Claim, Form, Stored

# Longer ones are padding, by their makers or by attackers.
MAX_USER_AGENT_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Post:
    """One request to a form, as plain values.

    Attributes:
        own_origin: origin of this API, from which its own error page posts again.
        ip: address of the client, as API Gateway saw it; never stored or logged.
        origin, referer, idempotency_key: the headers, None where missing.
    """

    form: str
    body: bytes
    content_type: str | None
    own_origin: str
    ip: str
    origin: str | None = None
    referer: str | None = None
    user_agent: str | None = None
    idempotency_key: str | None = None

    @property
    def page(self) -> str | None:
        """Origin of the page that sent the form; None when its browser withheld it."""
        return page_origin(self.origin, self.referer)


class SubmissionStore(Protocol):
    """Where submissions are kept."""

    def ping(self) -> None:
        """Ask for an answer; StoreUnavailable if there is none."""

    def signing_key(self) -> bytes:
        """Return the secret of this stage for keyed hashes, 32 bytes."""

    def add(self, submission: Submission, form: Form, claim: Claim) -> Stored:
        """Store the submission unless its claim was made before."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What accept_submission works with.

    Attributes:
        allowed_origins: may post to every form, besides the form's own list.
        now: returns the time as an aware UTC datetime.
        random_bytes: returns that many bytes that nobody can guess.
    """

    forms: Mapping[str, Form]
    allowed_origins: tuple[str, ...]
    store: SubmissionStore
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]


def accept_submission(post: Post, intake: Intake) -> Receipt:
    """Store what one form post says, once, and return what its visitor is told.

    Raises:
        SubmissionRejected: one of its kinds, with what must change.
        StoreUnavailable: not known to be stored; the same post may be sent again.
    """
    form = _open_form(post.form, intake)
    _check_origin(form, post, intake)
    body = bodies.decode(post.body, post.content_type, max_bytes=form.max_body_bytes)
    steering, pairs = controls.split(body.pairs)
    key = post.idempotency_key or steering.idempotency_key
    idempotency_key = controls.check_idempotency_key(key) if key else None
    answers = validate(form, pairs, (*body.errors, *steering.errors))

    secret = intake.store.signing_key()
    draft = _draft(post, form, secret, intake)
    submission = _judged(
        replace(draft, answers=answers, subject=steering.subject, reply_to=steering.reply_to),
        form,
        steering,
    )
    stored = intake.store.add(
        submission, form, claims.claim_for(submission, idempotency_key, secret)
    )
    return Receipt(
        submission_id=stored.submission_id,
        form=form.id,
        received_at=stored.received_at,
        is_repeat=stored.is_repeat,
        is_spam=submission.verdict.is_spam,
        next_url=next_url(post, form, steering.redirect, intake),
    )


def _open_form(form_id: str, intake: Intake) -> Form:
    """Return a form that takes submissions.

    Raises:
        FormNotFound: no form has this id.
        FormClosed: its owner has closed it.
    """
    form = intake.forms.get(form_id)
    if form is None:
        raise FormNotFound
    if form.closed:
        raise FormClosed(title=form.title)
    return form


def next_url(post: Post, form: Form, requested: str | None, intake: Intake) -> str | None:
    """Return where the visitor goes after success; None is the built-in thanks page.

    Args:
        post: what the visitor's browser said of its page.
        form: whose ``thanks_url`` counts where the request asks for nothing usable.
        requested: ``_next``, as sent.
        intake: for the origins that every form may redirect to.
    """
    page = post.page
    # A path is one on the page's site. A browser that withheld its origin leaves that
    # unknown, and our own error page, from which a form is sent again, is not the site.
    is_site_unknown = page == post.own_origin or (page is None and post.origin is not None)
    allowed = {*form.allowed_origins, *intake.allowed_origins}
    for target, trusted in ((requested, allowed), (form.thanks_url, None)):
        if target is not None:
            url = safe_redirect(target, page=page, is_site_unknown=is_site_unknown, allowed=trusted)
            if url is not None:
                return url
    return None


def _check_origin(form: Form, post: Post, intake: Intake) -> None:
    origin = post.page
    if origin is None or not form.allowed_origins:
        return
    if origin not in (*form.allowed_origins, *intake.allowed_origins, post.own_origin):
        raise OriginNotAllowed(form=form.id, origin=origin)


def _draft(post: Post, form: Form, secret: bytes, intake: Intake) -> Submission:
    """Return who sent a submission and when, before what it says."""
    received_at = intake.now()
    received_at = received_at.replace(microsecond=received_at.microsecond // 1000 * 1000)
    return Submission(
        id=new_submission_id(received_at, intake.random_bytes(RANDOM_BYTES)),
        form=form.id,
        received_at=received_at,
        sender=Sender(
            ip_hash=claims.keyed_hash(secret, "ip", post.ip),
            origin=post.page,
            user_agent=post.user_agent[:MAX_USER_AGENT_LENGTH] if post.user_agent else None,
        ),
        expires_at=expiry(received_at, form),
    )


def _judged(submission: Submission, form: Form, steering: Controls) -> Submission:
    """Return the submission with its verdict, in the folder where that puts it."""
    evidence = Evidence(steering.decoys, submission.sender.origin)
    verdict = judge(submission, form, evidence)
    folder = Folder.SPAM if verdict.is_spam else Folder.INBOX
    return replace(submission, verdict=verdict, folder=folder)
