"""Ask the service of a form's captcha what a visitor's token is worth.

Turnstile, hCaptcha and reCAPTCHA are asked in one way, with secret and token, and answer
in one: JSON with ``success``. The visitor's IP address may go along to all three, and
does not: no third party learns from us who writes.

What is no fault of the visitor's, a service that is down or a secret that is wrong, is
"unanswered": the submission is kept with few points, and the log says what happened.
Source: https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
Source: https://docs.hcaptcha.com/#verify-the-user-response-server-side
Source: https://developers.google.com/recaptcha/docs/verify
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import urlencode, urlsplit

from chalicelib.errors import DeliveryFailed
from chalicelib.model import CaptchaState, timestamp
from chalicelib.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.model import Captcha, Form

ADDRESS_BY_SERVICE = {
    "turnstile": "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    "hcaptcha": "https://api.hcaptcha.com/siteverify",
    "recaptcha": "https://www.google.com/recaptcha/api/siteverify",
}
# Turnstile's have 2,048 characters at most; the others name no limit, and have a few thousand.
MAX_TOKEN_LENGTH = 16_384
# Of reCAPTCHA v3: 0 is a bot and 1 a person. Its makers begin with 0.5; v2 has no score.
# Source: https://developers.google.com/recaptcha/docs/v3#interpreting_the_score
MIN_SCORE = 0.5
_ABOUT_THE_TOKEN = frozenset(
    {
        "missing-input-response",
        "invalid-input-response",
        "timeout-or-duplicate",
        "expired-input-response",
        "already-seen-response",
        "invalid-or-already-seen-response",
    }
)
# What the owner mends, or waits for. An unknown code is none of the visitor's either.
_ABOUT_US = frozenset(
    {
        "missing-input-secret",
        "invalid-input-secret",
        "sitekey-secret-mismatch",
        "not-using-dummy-passcode",
        "bad-request",
        "internal-error",
    }
)
# What hCaptcha says in the place of a host when it is busy.
_NOT_PROVIDED = "not-provided"


class Reply(Protocol):
    """An HTTP answer."""

    @property
    def status(self) -> int:
        """Its status."""

    @property
    def body(self) -> bytes:
        """As much of it as was read."""


class Ask(Protocol):
    """The way out."""

    def __call__(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Post once and return what is answered; DeliveryFailed if nothing comes in time."""


class _Unanswered(Exception):
    """Nothing was said of the token; the message is for the log."""


class _Answer(NamedTuple):
    """What a service says.

    Attributes:
        host: of the page where the captcha was solved; None where that is not told.
        score: of reCAPTCHA v3; None without.
    """

    success: bool
    host: str | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Captchas:
    """Who asks.

    Attributes:
        read_secret: returns what a reference stands for; DeliveryFailed if it cannot.
        allowed_origins: may post to every form, besides the form's own list.
    """

    read_secret: Callable[[str], str]
    ask: Ask
    allowed_origins: tuple[str, ...]
    now: Callable[[], datetime]
    write_log: Callable[[Mapping[str, Any]], None]

    def state(self, captcha: Captcha, token: str | None, form: Form) -> CaptchaState:
        """Return what a visitor's token is worth; asked once, and never again."""
        if token is None:
            return CaptchaState.MISSING
        if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
            return CaptchaState.REJECTED
        try:
            answer = self._answer(captcha, token)
        except (_Unanswered, DeliveryFailed) as error:
            self._log(captcha, form, str(error))
            return CaptchaState.UNANSWERED
        is_passed = answer.success and self._is_ours(answer.host, form)
        is_person = answer.score is None or answer.score >= MIN_SCORE
        return CaptchaState.PASSED if is_passed and is_person else CaptchaState.REJECTED

    def _answer(self, captcha: Captcha, token: str) -> _Answer:
        reply = self.ask(
            ADDRESS_BY_SERVICE[captcha.service],
            body=urlencode(
                {"secret": self.read_secret(captcha.secret), "response": token}
            ).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        return _read(reply, captcha.service)

    def _is_ours(self, host: str | None, form: Form) -> bool:
        """Whether a captcha was solved where the form may be sent from, as far as is known.

        The services compare the host with the owner's list, too; it can be switched off there.
        """
        if host is None or not form.allowed_origins:
            return True
        allowed = (*form.allowed_origins, *self.allowed_origins)
        return host.lower() in {urlsplit(origin).hostname for origin in allowed}

    def _log(self, captcha: Captcha, form: Form, outcome: str) -> None:
        self.write_log(
            {
                "level": "error",
                "time": timestamp(self.now()),
                "event": "captcha",
                "form": form.id,
                "service": captcha.service,
                "outcome": outcome,
            }
        )


def _read(reply: Reply, service: str) -> _Answer:
    """Return what a service says of a token.

    Raises:
        _Unanswered: it says nothing of it.
    """
    try:
        said = json.loads(reply.body)
        success = said["success"] is True
        found = said.get("error-codes") or ()
        codes = {found} if isinstance(found, str) else set(found)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _Unanswered(f"{service} answered {reply.status}, not as documented.") from error
    # A no without a reason counts, unless the status speaks of a mistake or a breakdown.
    is_about_token = codes <= _ABOUT_THE_TOKEN and (codes or reply.status == HTTPStatus.OK)
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR or not (success or is_about_token):
        # Known words only: an answer may repeat what it was asked.
        reason = ", ".join(sorted(codes & _ABOUT_US)) or "no reason that is known here"
        raise _Unanswered(f"{service} answered {reply.status}: {reason}.")
    host, score = said.get("hostname"), said.get("score")
    return _Answer(
        success,
        host if isinstance(host, str) and host not in {"", _NOT_PROVIDED} else None,
        # hCaptcha has one for companies, in which 1 is a bot.
        score if isinstance(score, float | int) and service == "recaptcha" else None,
    )
