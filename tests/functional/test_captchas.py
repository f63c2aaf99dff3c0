"""A form with a captcha, from the visitor's post to the verdict: kept, whatever its service does.

The services stand on this machine, under their own names: no packet leaves.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

import app as routes
from chalicelib.captchas import Captchas
from chalicelib.errors import DeliveryFailed
from chalicelib.https_post import HttpsPost
from chalicelib.model import Captcha, Folder, SpamRules
from chalicelib.spam import CHECKS
from tests.builders import ADA, a_form
from tests.functional.receivers import (
    Authority,
    Internet,
    answers,
    closes_after_the_request,
    drips,
    hangs,
    hangs_after_the_request,
    receiving,
    resets,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.model import Submission
    from tests.functional.conftest import Backend
    from tests.functional.receivers import Behaviour, Receiver

ADDRESS = "93.184.215.14"
SECRET = "0x4AAA-the-secret"  # noqa: S105  it opens nothing
TOKEN = "0.the-token-of-a-visitor"  # noqa: S105  nor does it
HOST_AND_FIELD = {
    "turnstile": ("challenges.cloudflare.com", "cf-turnstile-response"),
    "hcaptcha": ("api.hcaptcha.com", "h-captcha-response"),
    "recaptcha": ("www.google.com", "g-recaptcha-response"),
}
SECRETS = {"ssm:/formpost/captcha/contact": SECRET}
# A service that does not answer is let go after; the tests wait for less than a visitor would.
DEADLINE_SECONDS = 0.5
GENEROUS_SECONDS = 5.0


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@dataclass
class Guarded:
    """A form with a captcha."""

    backend: Backend
    internet: Internet
    log: list[Mapping[str, Any]] = field(default_factory=list)

    def send(self, **fields: str) -> Submission:
        """Post the form and return what is stored; the visitor sees success in any case."""
        answer = self.backend.gateway.post_form("/contact", {**ADA, **fields})
        assert answer.status == 303
        return self.backend.stored[-1]


@contextmanager
def guarded(
    backend: Backend,
    authority: Authority,
    service: Any,
    *,
    seconds: float = GENEROUS_SECONDS,
    secrets: Mapping[str, str] = SECRETS,
) -> Iterator[Guarded]:
    """Yield a form that is guarded by a service, to be reached at ``ADDRESS``."""
    host, _ = HOST_AND_FIELD[service]
    it = Guarded(backend, Internet({host: [[ADDRESS]]}, {}))
    rules = SpamRules(
        # Nothing but the captcha is looked at here.
        weights=dict.fromkeys({*CHECKS} - {"captcha"}, 0.0),
        captcha=Captcha(service, "ssm:/formpost/captcha/contact"),
    )
    post = HttpsPost(
        now=backend.clock,
        look_up=it.internet.look_up,
        connect=it.internet.connect,
        tls=authority.trusted,
        deadline_seconds=seconds,
    )
    captchas = Captchas(partial(_read, secrets), post.ask, (), backend.clock, it.log.append)
    routes.app.intake = replace(
        routes.app.intake,
        forms={"contact": a_form(spam=rules)},
        ask_captcha=captchas.state,
    )
    yield it


def _read(secrets: Mapping[str, str], reference: str) -> str:
    if reference not in secrets:
        raise DeliveryFailed(f"The secret {reference} cannot be read: ParameterNotFound.")
    return secrets[reference]


@contextmanager
def served(
    it: Guarded, authority: Authority, service: str, behave: Behaviour
) -> Iterator[Receiver]:
    tls = authority.issued(HOST_AND_FIELD[service][0])
    with receiving(behave, tls=tls) as receiver:
        it.internet.ports[ADDRESS] = receiver.port
        yield receiver


def says(said: Mapping[str, Any], status: int = 200) -> Behaviour:
    body = json.dumps(said).encode()
    head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body)}\r\n\r\n"
    return answers(head.encode() + body)


@pytest.mark.parametrize("service", HOST_AND_FIELD)
def test_a_solved_captcha_is_verified_and_gone(
    backend: Backend, authority: Authority, service: str
) -> None:
    with (
        guarded(backend, authority, service) as it,
        served(it, authority, service, says({"success": True})) as receiver,
    ):
        stored = it.send(**{HOST_AND_FIELD[service][1]: TOKEN})

    assert stored.verdict.signals == ()
    [request] = receiver.requests
    assert request.endswith(b"\r\n\r\nsecret=0x4AAA-the-secret&response=0.the-token-of-a-visitor")
    assert b"192.0.2" not in request
    assert TOKEN not in str(stored)
    assert {answer.name for answer in stored.answers} == ADA.keys()


@pytest.mark.parametrize("service", HOST_AND_FIELD)
def test_a_token_that_is_not_taken_has_points(
    backend: Backend, authority: Authority, service: str
) -> None:
    said = {"success": False, "error-codes": ["invalid-input-response"]}
    with (
        guarded(backend, authority, service) as it,
        served(it, authority, service, says(said)),
    ):
        stored = it.send(**{HOST_AND_FIELD[service][1]: "forged"})

    assert stored.verdict.reasons == (
        "captcha: the captcha's service does not accept the solution",
    )
    assert stored.folder == Folder.INBOX


def test_a_visitor_without_javascript_is_kept_and_nobody_is_asked(
    backend: Backend, authority: Authority
) -> None:
    with guarded(backend, authority, "turnstile") as it:
        stored = it.send()

    assert stored.verdict.reasons == ("captcha: the captcha was not solved",)
    assert stored.folder == Folder.INBOX
    assert it.internet.looked_up == []


@pytest.mark.parametrize(
    "behave",
    [
        says({"success": True}, status=500),
        says({"success": False, "error-codes": ["internal-error"]}),
        answers(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html"),
        answers(b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example\r\n\r\n"),
        hangs,
        hangs_after_the_request,
        drips(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n"),
        resets,
        closes_after_the_request,
    ],
    ids=[
        *("500", "internal error", "no JSON", "redirect", "silent", "no answer"),
        *("a byte at a time", "reset", "closed"),
    ],
)
def test_a_service_that_is_down_costs_the_visitor_a_moment_and_few_points(
    backend: Backend, authority: Authority, behave: Behaviour
) -> None:
    with (
        guarded(backend, authority, "turnstile", seconds=DEADLINE_SECONDS) as it,
        served(it, authority, "turnstile", behave) as receiver,
    ):
        started = time.monotonic()
        stored = it.send(**{"cf-turnstile-response": TOKEN})
        seconds = time.monotonic() - started

    assert stored.verdict.reasons == ("captcha: the captcha's service could not be asked",)
    assert (stored.verdict.points, stored.folder) == (1.0, Folder.INBOX)
    assert len(receiver.requests) <= 1
    assert seconds < GENEROUS_SECONDS
    [line] = it.log
    assert (line["event"], line["form"], line["service"]) == ("captcha", "contact", "turnstile")
    assert SECRET not in str(line)
    assert TOKEN not in str(line)


def test_a_service_that_nobody_reaches_costs_few_points(
    backend: Backend, authority: Authority
) -> None:
    with guarded(backend, authority, "turnstile") as it:
        stored = it.send(**{"cf-turnstile-response": TOKEN})

    assert stored.verdict.points == 1.0
    assert [line["outcome"] for line in it.log] == [
        "challenges.cloudflare.com refused the connection."
    ]


def test_a_secret_that_is_not_there_costs_few_points(
    backend: Backend, authority: Authority
) -> None:
    with guarded(backend, authority, "turnstile", secrets={}) as it:
        stored = it.send(**{"cf-turnstile-response": TOKEN})

    assert stored.verdict.points == 1.0
    assert [line["outcome"] for line in it.log] == [
        "The secret ssm:/formpost/captcha/contact cannot be read: ParameterNotFound."
    ]


def test_a_service_whose_certificate_is_a_stranger_s_is_told_no_secret(
    backend: Backend, authority: Authority
) -> None:
    tls = authority.issued("challenges.cloudflare.com", is_by_a_stranger=True)
    with (
        guarded(backend, authority, "turnstile") as it,
        receiving(says({"success": True}), tls=tls) as receiver,
    ):
        it.internet.ports[ADDRESS] = receiver.port
        stored = it.send(**{"cf-turnstile-response": TOKEN})

    assert stored.verdict.points == 1.0
    assert receiver.requests == []


def test_a_name_that_leads_inside_is_not_asked(backend: Backend, authority: Authority) -> None:
    with guarded(backend, authority, "turnstile") as it:
        it.internet.addresses["challenges.cloudflare.com"] = [["169.254.169.254"]]
        stored = it.send(**{"cf-turnstile-response": TOKEN})

    assert stored.verdict.points == 1.0
    assert it.internet.connected == []


def test_a_mended_form_is_asked_about_once(backend: Backend, authority: Authority) -> None:
    """A token is good for one question; a mistake in a field must not use it up."""
    with (
        guarded(backend, authority, "turnstile") as it,
        served(it, authority, "turnstile", says({"success": True})) as receiver,
    ):
        refused = backend.gateway.post_form(
            "/contact", {"_replyto": "no address", "cf-turnstile-response": TOKEN}
        )
        stored = it.send(**{"cf-turnstile-response": TOKEN})

    assert refused.status == 422
    assert f'name="cf-turnstile-response" value="{TOKEN}"' in refused.text
    assert len(receiver.requests) == 1
    assert stored.verdict.signals == ()
