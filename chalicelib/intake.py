"""Accept a submission: the only way one comes in.

form known and open -> origin allowed -> body readable -> fields valid -> judged
-> stored exactly once and within its sender's quota, by one request to the store.
Everything that a refusal needs to say is in the error; nothing is told to the owner
here, which is the stream's work once the submission is stored.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from chalicelib import bodies, claims, controls, proofs
from chalicelib.errors import FormClosed, FormNotFound, OriginNotAllowed
from chalicelib.model import (
    RANDOM_BYTES,
    Folder,
    Receipt,
    Sender,
    Stored,
    Submission,
    new_submission_id,
)
from chalicelib.origins import page_origin, safe_redirect
from chalicelib.reading import Reading
from chalicelib.retention import expiry
from chalicelib.spam import Context, judge
from chalicelib.validation import validate
from chalicelib.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.controls import Controls
    from chalicelib.learned import Learned
    from chalicelib.model import Answer, Captcha, CaptchaState, Claim, Form, Known

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

    def add(self, submission: Submission, form: Form, claim: Claim) -> Stored | Known:
        """Store the submission, unless its claim was made or a novelty has come before."""


class CaptchaService(Protocol):
    """Who knows what a captcha's token is worth."""

    def __call__(self, captcha: Captcha, token: str | None, form: Form, /) -> CaptchaState:
        """Return what the service says, or that it does not answer."""


def _no_lessons(_form: Form) -> None:
    """Return what an owner has taught who has taught nothing."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What accept_submission works with.

    Attributes:
        allowed_origins: may post to every form, besides the form's own list.
        now: returns the time as an aware UTC datetime.
        random_bytes: returns that many bytes that nobody can guess.
        ask_captcha: needed where a form has a captcha.
        lessons: returns what the owner's moves have taught of a form; it never fails.
    """

    forms: Mapping[str, Form]
    allowed_origins: tuple[str, ...]
    store: SubmissionStore
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]
    ask_captcha: CaptchaService | None = None
    lessons: Callable[[Form], Learned | None] = _no_lessons


def accept_submission(post: Post, intake: Intake) -> Receipt:
    """Store what one form post says, once, and return what its visitor is told.

    Raises:
        SubmissionRejected: one of its kinds, with what must change.
        StoreUnavailable: not known to be stored; the same post may be sent again.
    """
    form = open_form(post.form, intake)
    _check_origin(form, post, intake)
    body = bodies.decode(post.body, post.content_type, max_bytes=form.max_body_bytes)
    steering, pairs = controls.split(body.pairs)
    key = post.idempotency_key or steering.idempotency_key
    idempotency_key = controls.check_idempotency_key(key) if key else None
    answers = validate(form, pairs, (*body.errors, *steering.errors))

    secret = intake.store.signing_key()
    draft = _draft(post, form, answers, steering, intake)
    context = _context(draft, form, steering, intake)
    claim = replace(
        claims.claim_for(draft, idempotency_key, secret),
        quota=claims.quota_for(draft, form, post.ip, secret),
        novelties=tuple(claims.novelties_of(draft, context.proof, secret)),
    )
    submission, stored = _store(draft, form, context, claim, intake)
    return Receipt(
        submission_id=stored.submission_id,
        form=form.id,
        received_at=stored.received_at,
        is_repeat=stored.is_repeat,
        is_spam=submission.verdict.is_spam,
        next_url=next_url(post, form, steering.redirect, intake),
    )


def open_form(form_id: str, intake: Intake) -> Form:
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


def _draft(
    post: Post, form: Form, answers: tuple[Answer, ...], steering: Controls, intake: Intake
) -> Submission:
    """Return a submission before it is judged."""
    received_at = intake.now()
    received_at = received_at.replace(microsecond=received_at.microsecond // 1000 * 1000)
    return Submission(
        id=new_submission_id(received_at, intake.random_bytes(RANDOM_BYTES)),
        form=form.id,
        received_at=received_at,
        answers=answers,
        subject=steering.subject,
        reply_to=steering.reply_to,
        sender=Sender(
            ip_hash=claims.keyed_hash(intake.store.signing_key(), "ip", post.ip),
            origin=post.page,
            user_agent=post.user_agent[:MAX_USER_AGENT_LENGTH] if post.user_agent else None,
        ),
        expires_at=expiry(received_at, form),
    )


def _context(draft: Submission, form: Form, steering: Controls, intake: Intake) -> Context:
    """Return what is known of a submission beside what it says."""
    captcha = form.spam.captcha
    return Context(
        reading=Reading(draft),
        decoys=steering.decoys,
        proof=proofs.verify(steering.proof, form.id, draft.received_at, intake.store.signing_key()),
        captcha=intake.ask_captcha(captcha, steering.captchas.get(captcha.service), form)
        if captcha and intake.ask_captcha
        else None,
        learned=intake.lessons(form),
    )


def _store(
    draft: Submission, form: Form, context: Context, claim: Claim, intake: Intake
) -> tuple[Submission, Stored]:
    """Judge and store; where a novelty has come before, judge once more, knowing that."""
    while True:
        verdict = judge(draft, form, context)
        folder = Folder.SPAM if verdict.is_spam else Folder.INBOX
        submission = replace(draft, verdict=verdict, folder=folder)
        stored = intake.store.add(submission, form, claim)
        if isinstance(stored, Stored):
            return submission, stored
        # Fewer each time round, so this ends.
        known = context.known | stored.kinds
        context = replace(context, known=known)
        novelties = tuple(novelty for novelty in claim.novelties if novelty.kind not in known)
        claim = replace(claim, novelties=novelties)
