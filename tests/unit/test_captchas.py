"""A captcha's service is asked once, told little, and believed as it is documented.

The answers are those of the services' own documentation, see captchas.py.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs

import pytest

from chalicelib.captchas import Captchas
from chalicelib.errors import DeliveryFailed
from chalicelib.model import Captcha, CaptchaState, SpamRules
from chalicelib.reading import Reading
from chalicelib.spam import CHECKS, Context, judge
from tests.builders import a_form, a_submission
from tests.fakes import Clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.model import Form, Verdict

SECRET = "0x4AAA-the-secret"  # noqa: S105  it opens nothing
TOKEN = "0.the-token-of-a-visitor"  # noqa: S105  nor does it
REFERENCE = "ssm:/formpost/captcha/contact"
ADDRESS_BY_SERVICE = {
    "turnstile": "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    "hcaptcha": "https://api.hcaptcha.com/siteverify",
    "recaptcha": "https://www.google.com/recaptcha/api/siteverify",
}
PASSED = {
    "turnstile": {
        "success": True,
        "challenge_ts": "2022-02-28T15:14:30.096Z",
        "hostname": "example.com",
        "error-codes": [],
        "action": "login",
        "cdata": "sessionid-123456789",
    },
    "hcaptcha": {
        "success": True,
        "challenge_ts": "2026-11-23T12:00:00.000000Z",
        "hostname": "example.com",
    },
    "recaptcha": {
        "success": True,
        "challenge_ts": "2026-11-23T12:00:00Z",
        "hostname": "example.com",
    },
}
# Of reCAPTCHA v3.
SCORED = {**PASSED["recaptcha"], "score": 0.9, "action": "submit"}


class Sent(NamedTuple):
    url: str
    fields: dict[str, list[str]]
    headers: Mapping[str, str]


class Answered(NamedTuple):
    status: int
    body: bytes


class Services:
    """All three services, which give one answer and keep what they were asked."""

    def __init__(self, said: Any = None, *, status: int = 200, failure: str | None = None) -> None:
        self.asked: list[Sent] = []
        self.said = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.status = status
        self.failure = failure

    def ask(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answered:
        self.asked.append(Sent(url, parse_qs(body.decode()), headers))
        if self.failure:
            raise DeliveryFailed(self.failure)
        return Answered(self.status, self.said)


class Asker:
    """Who asks, with what was logged."""

    def __init__(self, services: Services, *origins: str) -> None:
        self.log: list[Mapping[str, Any]] = []
        self.captchas = Captchas(
            read_secret={REFERENCE: SECRET}.__getitem__,
            ask=services.ask,
            allowed_origins=origins,
            now=Clock(),
            write_log=self.log.append,
        )

    def state(
        self, service: Any = "turnstile", token: str | None = TOKEN, form: Form | None = None
    ) -> CaptchaState:
        return self.captchas.state(Captcha(service, REFERENCE), token, form or a_form())


@pytest.mark.parametrize("service", PASSED)
def test_a_service_is_told_the_secret_and_the_token_and_nothing_of_the_visitor(
    service: str,
) -> None:
    services = Services(PASSED[service])

    assert Asker(services).state(service) == CaptchaState.PASSED
    [sent] = services.asked
    assert sent.url == ADDRESS_BY_SERVICE[service]
    assert sent.fields == {"secret": [SECRET], "response": [TOKEN]}
    assert sent.headers == {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("turnstile", "invalid-input-response"),
        ("turnstile", "timeout-or-duplicate"),
        ("hcaptcha", "invalid-input-response"),
        ("hcaptcha", "expired-input-response"),
        ("hcaptcha", "already-seen-response"),
        ("hcaptcha", "invalid-or-already-seen-response"),
        ("recaptcha", "invalid-input-response"),
        ("recaptcha", "timeout-or-duplicate"),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_a_token_that_a_service_does_not_take_is_rejected(
    service: str, code: str, status: int
) -> None:
    asker = Asker(Services({"success": False, "error-codes": [code]}, status=status))

    assert asker.state(service) == CaptchaState.REJECTED
    assert asker.log == []


def test_codes_of_recaptcha_are_optional() -> None:
    assert Asker(Services({"success": False})).state("recaptcha") == CaptchaState.REJECTED


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("turnstile", "missing-input-secret"),
        ("turnstile", "invalid-input-secret"),
        ("turnstile", "bad-request"),
        ("turnstile", "internal-error"),
        ("hcaptcha", "sitekey-secret-mismatch"),
        ("hcaptcha", "not-using-dummy-passcode"),
        ("recaptcha", "invalid-input-secret"),
    ],
)
def test_an_owner_s_or_a_service_s_mistake_is_not_the_visitor_s(service: str, code: str) -> None:
    said = {"success": False, "error-codes": [code, "invalid-input-response"]}
    asker = Asker(Services(said))

    assert asker.state(service) == CaptchaState.UNANSWERED
    assert asker.log == [
        {
            "level": "error",
            "time": "2026-11-23T12:00:00.000Z",
            "event": "captcha",
            "form": "contact",
            "service": service,
            "outcome": f"{service} answered 200: {code}.",
        }
    ]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (PASSED["turnstile"], 500),
        (PASSED["turnstile"], 503),
        ({"success": False}, 429),
        ({"success": False, "error-codes": ["invalid-input-response"]}, 502),
        ({"success": False, "error-codes": ["a-code-of-tomorrow"]}, 200),
        ({"success": False, "error-codes": [["invalid-input-response"]]}, 200),
        ({"success": False, "error-codes": 7}, 200),
        ({"error-codes": []}, 200),
        (["success"], 200),
        ("success", 200),
        (True, 200),
        (b"", 200),
        (b"<html>Sorry</html>", 403),
        (b"\xff\xfe", 200),
        (b"[" * 60_000, 200),
    ],
)
def test_an_answer_that_says_nothing_of_the_token_is_none(said: Any, status: int) -> None:
    asker = Asker(Services(said, status=status))

    assert asker.state() == CaptchaState.UNANSWERED
    assert len(asker.log) == 1


def test_only_true_is_success() -> None:
    assert Asker(Services({"success": "true"})).state() == CaptchaState.REJECTED


def test_a_service_that_does_not_answer_is_asked_once_and_logged() -> None:
    words = "challenges.cloudflare.com did not answer within 2 s."
    services = Services(failure=words)
    asker = Asker(services)

    assert asker.state() == CaptchaState.UNANSWERED
    assert len(services.asked) == 1
    assert [line["outcome"] for line in asker.log] == [words]


def test_a_secret_that_cannot_be_read_is_logged_and_nobody_is_asked() -> None:
    def read_secret(reference: str) -> str:
        raise DeliveryFailed(f"The secret {reference} cannot be read: AccessDeniedException.")

    services = Services(PASSED["turnstile"])
    log: list[Mapping[str, Any]] = []
    captchas = Captchas(read_secret, services.ask, (), Clock(), log.append)

    state = captchas.state(Captcha("turnstile", REFERENCE), TOKEN, a_form())

    assert state == CaptchaState.UNANSWERED
    assert services.asked == []
    [line] = log
    assert line["outcome"] == f"The secret {REFERENCE} cannot be read: AccessDeniedException."


def test_neither_secret_nor_token_is_in_the_log() -> None:
    """A service that is out of order may repeat what it was asked."""
    said = {"success": False, "error-codes": [SECRET, TOKEN, "bad-request"]}
    asker = Asker(Services(said))

    assert asker.state() == CaptchaState.UNANSWERED
    assert SECRET not in str(asker.log)
    assert TOKEN not in str(asker.log)
    assert "bad-request" in str(asker.log)


@pytest.mark.parametrize(
    ("token", "state"),
    [
        (None, CaptchaState.MISSING),
        ("x" * 16_385, CaptchaState.REJECTED),
        ("é", CaptchaState.REJECTED),
        ("\ud800", CaptchaState.REJECTED),
    ],
    ids=["none", "too long", "not ASCII", "not UTF-8"],
)
def test_what_can_be_no_token_is_not_asked_about(token: str | None, state: CaptchaState) -> None:
    services = Services(PASSED["turnstile"])

    assert Asker(services).state(token=token) == state
    assert services.asked == []


@pytest.mark.parametrize(
    ("score", "state"),
    [
        (1.0, CaptchaState.PASSED),
        (0.5, CaptchaState.PASSED),
        (0.4, CaptchaState.REJECTED),
        (0, CaptchaState.REJECTED),
    ],
)
def test_a_score_of_recaptcha_v3_below_a_half_is_rejected(
    score: float, state: CaptchaState
) -> None:
    assert Asker(Services({**SCORED, "score": score})).state("recaptcha") == state


def test_hcaptcha_s_score_in_which_0_is_a_person_does_not_count() -> None:
    services = Services({**PASSED["hcaptcha"], "score": 0.0, "score_reason": []})

    assert Asker(services).state("hcaptcha") == CaptchaState.PASSED


@pytest.mark.parametrize(
    ("host", "state"),
    [
        ("example.com", CaptchaState.PASSED),
        ("Example.COM", CaptchaState.PASSED),
        ("www.example.org", CaptchaState.PASSED),
        ("farm.example", CaptchaState.REJECTED),
        ("evil-example.com", CaptchaState.REJECTED),
        # What hCaptcha says when it is busy; and some keys tell no host at all.
        ("not-provided", CaptchaState.PASSED),
        ("", CaptchaState.PASSED),
        (None, CaptchaState.PASSED),
    ],
)
def test_a_captcha_that_was_solved_on_a_foreign_page_is_rejected(
    host: str | None, state: CaptchaState
) -> None:
    form = a_form(allowed_origins=("https://example.com",))
    asker = Asker(Services({**PASSED["turnstile"], "hostname": host}), "https://www.example.org")

    assert asker.state(form=form) == state


def test_a_form_that_any_page_may_send_takes_every_page_s_captcha() -> None:
    services = Services({**PASSED["turnstile"], "hostname": "anywhere.example"})

    assert Asker(services, "https://example.com").state() == CaptchaState.PASSED


@pytest.mark.parametrize(
    ("state", "points", "reason"),
    [
        (CaptchaState.MISSING, 3.0, "captcha: the captcha was not solved"),
        (
            CaptchaState.REJECTED,
            4.0,
            "captcha: the captcha's service does not accept the solution",
        ),
        (CaptchaState.UNANSWERED, 1.0, "captcha: the captcha's service could not be asked"),
    ],
)
def test_what_is_wrong_with_a_captcha_has_points_and_a_sentence_and_is_not_spam_by_itself(
    state: CaptchaState, points: float, reason: str
) -> None:
    verdict = _judged(state)

    assert (verdict.points, verdict.reasons, verdict.is_spam) == (points, (reason,), False)


@pytest.mark.parametrize("state", [CaptchaState.PASSED, None])
def test_a_solved_captcha_and_a_form_without_one_say_nothing(state: CaptchaState | None) -> None:
    assert _judged(state).signals == ()


def _judged(state: CaptchaState | None) -> Verdict:
    submission = a_submission()
    # No other check has its say.
    form = a_form(spam=SpamRules(weights=dict.fromkeys({*CHECKS} - {"captcha"}, 0.0)))
    return judge(submission, form, Context(Reading(submission), captcha=state))
