"""A webhook's receiver misbehaves: nothing is lost, a repeat has its id, and the owner sees why.

Whole deliveries, from the table to a receiver on this machine and to the record.
test_receivers.py has each fault by itself, with its limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.delivery import DeliveryState
from chalicelib.https_post import HttpsPost
from chalicelib.model import Target
from tests.builders import NOON
from tests.functional.receivers import (
    Authority,
    Internet,
    answers,
    drips,
    floods,
    hangs,
    receiving,
    resets,
)
from tests.functional.stage import SENDER, stage

if TYPE_CHECKING:
    from tests.functional.receivers import Behaviour

HOST, ADDRESS = "hooks.example.com", "93.184.215.14"
WEBHOOK = Target(
    "webhook",
    "webhook",
    {"url": f"https://{HOST}/in", "secrets": ["ssm:/formpost/test/webhook"]},
)
MAIL = Target("email", "email", {"to": ["ada@owner.example"], "from": SENDER})
WEBHOOK_KEY = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
DEADLINE_SECONDS = 1.0


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def poster(authority: Authority, internet: Internet) -> HttpsPost:
    return HttpsPost(
        now=lambda: NOON,
        look_up=internet.look_up,
        connect=internet.connect,
        tls=authority.trusted,
        deadline_seconds=DEADLINE_SECONDS,
    )


def webhook_ids(requests: list[bytes]) -> set[str]:
    lines = [line for request in requests for line in request.decode("latin-1").split("\r\n")]
    return {line.partition(": ")[2] for line in lines if line.lower().startswith("webhook-id:")}


@pytest.mark.parametrize(
    ("fault", "words", "status"),
    [
        (answers(b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n"), "answered 500", 500),
        (hangs, "did not answer within", None),
        (resets, "closed the connection", None),
        (drips(b"HTTP/1.1 200 OK\r\n"), "did not answer within", None),
        (
            answers(
                b"HTTP/1.1 307 X\r\nLocation: http://169.254.169.254/latest/meta-data\r\n"
                b"Content-Length: 0\r\n\r\n"
            ),
            "answered 307",
            307,
        ),
    ],
    ids=["500", "hangs", "resets", "drips", "redirects inside"],
)
def test_a_fault_is_recorded_and_made_up_for(
    authority: Authority, fault: Behaviour, words: str, status: int | None
) -> None:
    internet = Internet({HOST: [[ADDRESS], [ADDRESS]]}, {})
    with stage(WEBHOOK, https_post=poster(authority, internet)) as it:
        it.keep_secret("/formpost/test/webhook", WEBHOOK_KEY)
        submission = it.store()
        it.relay()
        tls = authority.issued(HOST)
        with receiving(fault, tls=tls) as receiver:
            internet.ports[ADDRESS] = receiver.port
            it.deliver()
            first = receiver.requests
        with receiving(answers(OK), tls=tls) as receiver:
            internet.ports[ADDRESS] = receiver.port
            it.deliver()
            second = receiver.requests

        delivery = it.delivery(submission, "webhook")
        assert delivery.state == DeliveryState.DELIVERED
        failed, delivered = delivery.attempts
        assert words in failed.outcome
        assert (failed.status, delivered.status) == (status, 200)
        assert failed.next_try_at is not None
        assert "/in" not in failed.outcome
        assert webhook_ids([*first, *second]) == {f"msg_{submission.id}_webhook"}
        assert {address for address, _ in internet.connected} == {ADDRESS}


def test_a_bad_certificate_is_told_and_nothing_is_sent(authority: Authority) -> None:
    internet = Internet({HOST: [[ADDRESS]]}, {})
    with stage(WEBHOOK, https_post=poster(authority, internet)) as it:
        it.keep_secret("/formpost/test/webhook", WEBHOOK_KEY)
        submission = it.store()
        it.relay()
        with receiving(answers(OK), tls=authority.issued("other.example")) as receiver:
            internet.ports[ADDRESS] = receiver.port
            it.deliver()

        delivery = it.delivery(submission, "webhook")
        assert delivery.state == DeliveryState.PENDING
        assert "certificate of hooks.example.com is not valid" in delivery.attempts[0].outcome
        assert receiver.requests == []


def test_an_endless_answer_of_success_is_success(authority: Authority) -> None:
    internet = Internet({HOST: [[ADDRESS]]}, {})
    with stage(WEBHOOK, https_post=poster(authority, internet)) as it:
        it.keep_secret("/formpost/test/webhook", WEBHOOK_KEY)
        submission = it.store()
        it.relay()
        flood = floods(b"HTTP/1.1 200 OK\r\n\r\n", total_bytes=10_000_000)
        with receiving(flood, tls=authority.issued(HOST)) as receiver:
            internet.ports[ADDRESS] = receiver.port
            it.deliver()

        assert it.delivery(submission, "webhook").state == DeliveryState.DELIVERED


def test_a_name_that_leads_inside_is_refused_at_once(authority: Authority) -> None:
    internet = Internet({HOST: [["169.254.169.254"]]}, {})
    with stage(WEBHOOK, https_post=poster(authority, internet)) as it:
        it.keep_secret("/formpost/test/webhook", WEBHOOK_KEY)
        submission = it.store()
        it.relay()
        it.deliver()

        delivery = it.delivery(submission, "webhook")
        assert delivery.state == DeliveryState.REFUSED
        assert "not public" in delivery.attempts[0].outcome
        assert internet.connected == []


def test_a_secret_that_is_not_there_is_told_and_made_up_for(authority: Authority) -> None:
    internet = Internet({HOST: [[ADDRESS]]}, {})
    with stage(WEBHOOK, https_post=poster(authority, internet)) as it:
        submission = it.store()
        it.relay()
        it.deliver()
        first = it.delivery(submission, "webhook").attempts[0]
        it.keep_secret("/formpost/test/webhook", WEBHOOK_KEY)
        with receiving(answers(OK), tls=authority.issued(HOST)) as receiver:
            internet.ports[ADDRESS] = receiver.port
            it.deliver()

        words = "The secret ssm:/formpost/test/webhook cannot be read: ParameterNotFound."
        assert first.outcome == words
        assert it.delivery(submission, "webhook").state == DeliveryState.DELIVERED


def test_a_throttled_mail_service_is_asked_again() -> None:
    with stage(MAIL) as it:
        throttled = it.throttle_mail(times=2)
        submission = it.store()
        it.relay()
        it.deliver_until_settled()

        attempts = it.delivery(submission, "email").attempts
        assert throttled == []
        assert ["sending rate" in attempt.outcome for attempt in attempts] == [True, True, False]
        assert len(it.mails) == 1


def test_a_crash_between_sending_and_recording_is_a_repeat_with_the_same_id() -> None:
    with stage(MAIL) as it:
        submission = it.store()
        it.relay()
        with it.crash_before_recording():
            it.deliver()
        assert it.delivery(submission, "email").attempts == ()
        it.redeliver()

        ids: set[Any] = {mail.partition(b"X-Formpost-Submission: ")[2][:26] for mail in it.mails}
        assert (len(it.mails), ids) == (2, {submission.id.encode()})
        assert it.delivery(submission, "email").state == DeliveryState.DELIVERED
        it.redeliver()
        assert len(it.mails) == 2
