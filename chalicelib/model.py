"""The nouns of Formpost: frozen values without I/O, clock or framework.

A submission's text is kept as ``Answer`` values, one per field name, in the
order in which the names first arrived, each with every value that was sent.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from chalicelib.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Crockford's base 32: no I, L, O or U, so that it can be read out on the phone.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# A ULID: 48 bits of milliseconds, then 80 random bits, five bits a character.
# Source: https://github.com/ulid/spec
SUBMISSION_ID_LENGTH = 26
RANDOM_BYTES = 10
# The store holds 400 kB of text, and a form's encoding makes up to three bytes of one:
# twice as much lets through what can be kept, and stops the rest before it is read.
DEFAULT_MAX_BODY_BYTES = 800_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FieldType = Literal["text", "email", "tel", "url", "number", "date", "checkbox", "select"]

Pair = tuple[str, str]
"""One name and one value, as a browser sends them."""


class Folder(StrEnum):
    """Where the owner finds a submission."""

    INBOX = "inbox"
    SPAM = "spam"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Field:
    """One named input that a form declares."""

    name: str
    label: str
    type: FieldType = "text"
    required: bool = False
    max_length: int | None = None
    pattern: str | None = None
    choices: tuple[str, ...] = ()
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Where one form's owner is told: one table below ``[form.notify]``.

    Attributes:
        name: unique in its form; it identifies the delivery.
        channel: the module in channels/ that sends there.
        settings: what that channel needs to know, as its SETTINGS describe it.
    """

    name: str
    channel: str
    settings: Mapping[str, Any]


class Captcha(NamedTuple):
    """Whose captcha a form's page shows, and a reference to the secret that verifies it."""

    service: Literal["turnstile", "hcaptcha", "recaptcha"]
    secret: str


class SpamRules(NamedTuple):
    """How one form's submissions are judged: its table ``[form.spam]``.

    Attributes:
        threshold: so many points are spam. A filled honeypot alone reaches the default; a
            browser that withholds its origin does not.
        weights: by check, what its points are multiplied by; 1 where it is not named.
        blocked_words: words and phrases that speak against a submission.
        languages: ISO 639-1 codes, e.g. ``en``, that are expected; empty is any.
        captcha: verified besides, where the page has one.
    """

    threshold: float = 5.0
    weights: Mapping[str, float] = {}
    blocked_words: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    captcha: Captcha | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One form of the owner's, as forms.toml declares it.

    Attributes:
        fields: declared inputs; empty means that any named input is accepted.
        allowed_origins: ``scheme://host[:port]`` each; empty means any page may post.
        thanks_url: where a visitor goes after success; None is the built-in page.
        strict: refuse names that ``fields`` does not declare.
        retention_days: None keeps submissions until the owner erases them.
        max_body_bytes: of the request body as sent, before decoding.
        shards: how many partitions its submissions are spread over.
        targets: where its owner is told of a submission.
        hourly_limit: how many one address may send in an hour.
    """

    id: str
    title: str
    fields: tuple[Field, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    thanks_url: str | None = None
    strict: bool = False
    closed: bool = False
    retention_days: int | None = None
    max_body_bytes: int = DEFAULT_MAX_BODY_BYTES
    shards: int = 1
    targets: tuple[Target, ...] = ()
    hourly_limit: int = 60
    spam: SpamRules = SpamRules()


class Answer(NamedTuple):
    """Everything that was sent under one name, in order."""

    name: str
    values: tuple[str, ...]


class ProofState(StrEnum):
    """What a proof of work is worth."""

    SOLVED = "solved"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    FORGED = "forged"
    OTHER_FORM = "other_form"
    EXPIRED = "expired"
    UNSOLVED = "unsolved"


class Proof(NamedTuple):
    """The proof of work that came along.

    Attributes:
        issued_at: unix s, when its page asked for it; None unless this stage signed it.
        expires_at: unix s, until when it counts; None likewise.
        key: names this very challenge; None likewise.
    """

    state: ProofState
    issued_at: float | None = None
    expires_at: int | None = None
    key: str | None = None


NO_PROOF = Proof(ProofState.MISSING)


class CaptchaState(StrEnum):
    """What a captcha's service says of a visitor's token."""

    PASSED = "passed"
    MISSING = "missing"
    REJECTED = "rejected"
    UNANSWERED = "unanswered"


class FieldError(NamedTuple):
    """What is wrong with one field; ``field`` is None for the form as a whole."""

    field: str | None
    code: str
    message: str


class Signal(NamedTuple):
    """One reason to believe that a submission is spam, or that it is not.

    Attributes:
        check: the module in spam/ that saw it, e.g. ``honeypot``.
        points: how much it weighs; below 0 speaks for the submission.
        reason: a sentence for the owner.
    """

    check: str
    points: float
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The sum of a submission's spam signals against the form's threshold."""

    signals: tuple[Signal, ...]
    threshold: float

    @property
    def points(self) -> float:
        """The sum of all signals."""
        return sum(signal.points for signal in self.signals)

    @property
    def is_spam(self) -> bool:
        """Whether the sum reaches the threshold."""
        return self.points >= self.threshold

    @property
    def reasons(self) -> tuple[str, ...]:
        """What the owner reads, e.g. ``("honeypot: _gotcha was filled in",)``."""
        return tuple(f"{signal.check}: {signal.reason}" for signal in self.signals)


@dataclass(frozen=True, slots=True)
class Sender:
    """What is kept of who sent a submission; the address itself never is.

    Attributes:
        ip_hash: keyed hash of the IP address, hexadecimal.
        origin: the page's origin, if its browser told.
    """

    ip_hash: str
    origin: str | None
    user_agent: str | None


@dataclass(frozen=True, slots=True)
class Submission:
    """One form post that was accepted and is stored.

    Attributes:
        id: a ULID; sorts by ``received_at``.
        received_at: aware UTC datetime, whole milliseconds.
        subject: ``_subject`` in one line, for the mail.
        reply_to: ``_replyto``, an e-mail address.
        expires_at: unix s; None is kept for good.
        is_read: whether its owner has marked it so.
    """

    id: str
    form: str
    received_at: datetime
    sender: Sender
    answers: tuple[Answer, ...] = ()
    folder: Folder = Folder.INBOX
    verdict: Verdict = Verdict((), 0.0)
    subject: str | None = None
    reply_to: str | None = None
    expires_at: int | None = None
    is_read: bool = False


class Quota(NamedTuple):
    """How many submissions one address may send to one form in one window of time.

    Attributes:
        key: of form, address and window; hashed.
        expires_at: unix s, when the window ends.
    """

    key: str
    limit: int
    expires_at: int


class Novelty(NamedTuple):
    """Something that should come for the first time: a proof of work, a text.

    Attributes:
        kind: ``proof`` or ``content``; what the judge is told if it came before.
        key: hashed.
        holder: who may send it again, hashed.
        expires_at: unix s, from when it is new again.
    """

    kind: Literal["proof", "content"]
    key: str
    holder: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What makes a repeat of a submission recognisable: the right to be stored once.

    Attributes:
        key: the visitor's idempotency key or, without one, the fingerprint; hashed.
        fingerprint: keyed hash of form and fields, hexadecimal.
        expires_at: unix s, from when the same claim is a new submission.
        quota: what a submission that is no repeat uses up.
        novelties: what it is the first to bring along.
    """

    key: str
    fingerprint: str
    expires_at: int
    quota: Quota | None = None
    novelties: tuple[Novelty, ...] = ()


class Stored(NamedTuple):
    """What the store holds for a claim: this submission, or the first one it repeats."""

    submission_id: str
    received_at: datetime
    is_repeat: bool


class Known(NamedTuple):
    """Nothing was stored: novelties of these kinds have come before."""

    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the visitor is told: the first result, also of a repeat.

    Attributes:
        is_spam: for the log only; a bot must not learn that it was caught.
        next_url: where the visitor goes on; None is the built-in thanks page.
    """

    submission_id: str
    form: str
    received_at: datetime
    is_repeat: bool
    is_spam: bool
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a folder, newest first; ``next_cursor`` is None on the last."""

    submissions: tuple[Submission, ...] = ()
    next_cursor: str | None = None


class Erased(NamedTuple):
    """How many items of each kind are gone: what a receipt says."""

    submissions: int = 0
    deliveries: int = 0
    pointers: int = 0


def answers_from(pairs: Iterable[Pair]) -> tuple[Answer, ...]:
    """Gather repeated names, keeping the order of names and of values."""
    values_by_name: dict[str, list[str]] = {}
    for name, value in pairs:
        values_by_name.setdefault(name, []).append(value)
    return tuple(Answer(name, tuple(values)) for name, values in values_by_name.items())


def new_submission_id(received_at: datetime, randomness: bytes) -> str:
    """Return a ULID for one moment and 10 random bytes."""
    milliseconds = (received_at - _EPOCH) // timedelta(milliseconds=1)
    return ulid(milliseconds << 80 | int.from_bytes(randomness))


def ulid(number: int) -> str:
    """Return a number of 128 bits as 26 characters that sort as it does."""
    return "".join(
        CROCKFORD[number >> shift & 31] for shift in range(5 * (SUBMISSION_ID_LENGTH - 1), -1, -5)
    )


def is_submission_id(text: str) -> bool:
    """Whether a text can be a submission's id; what cannot is not worth asking the store for."""
    return len(text) == SUBMISSION_ID_LENGTH and set(text) <= set(CROCKFORD)


def reference(submission_id: str) -> str:
    """Return what a visitor can read out, e.g. ``8F3K-2M9Q``: 40 of the id's random bits."""
    return f"{submission_id[-8:-4]}-{submission_id[-4:]}"


def timestamp(moment: datetime) -> str:
    """Return RFC 3339 in UTC, e.g. ``2026-11-23T12:00:00.000Z``."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
