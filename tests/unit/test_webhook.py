"""The signed webhook: what is posted, and with which secrets."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.channels.webhook import SETTINGS, send
from chalicelib.documents import submission_document
from chalicelib.errors import DeliveryRefused
from chalicelib.model import Answer, Target
from tests.builders import NOON, a_notice, a_submission
from tests.fakes import RecordedOutbound
from tests.standard_webhooks import verify_with_pypi

if TYPE_CHECKING:
    from tests.fakes import SentPost

OLD_KEY, NEW_KEY = b"o" * 32, b"n" * 32
OLD, NEW = ("whsec_" + b64encode(key).decode() for key in (OLD_KEY, NEW_KEY))
URL = "https://receiver.example/formpost"


def posted(*secrets: str, **changes: Any) -> SentPost:
    """Return what reaches the receiver."""
    outbound = RecordedOutbound()
    settings = {"url": URL, "secrets": list(secrets or (OLD,))}
    send(a_notice("webhook", settings, **changes), outbound)
    assert len(outbound.posts) == 1
    return outbound.posts[0]


def signature_by_hand(key: bytes, sent: SentPost) -> str:
    """Sign as the specification says: HMAC-SHA256 of ``{id}.{timestamp}.{payload}``."""
    signed = f"{sent.headers['webhook-id']}.{sent.headers['webhook-timestamp']}.".encode()
    return "v1," + b64encode(hmac.digest(key, signed + sent.body, hashlib.sha256)).decode()


def test_the_event_is_the_submission_s_document_and_when_it_came() -> None:
    submission = a_submission(answers=(Answer("name", ("Zoë",)), Answer("topic", ("a", "b"))))

    sent = posted(submission=submission, now=NOON + timedelta(hours=5))

    assert sent.url == URL
    assert sent.headers["content-type"] == "application/json"
    assert json.loads(sent.body) == {
        "type": "submission.created",
        "timestamp": "2026-11-23T12:00:00.000Z",
        "data": submission_document(submission),
    }
    assert '"fields":{"name":"Zoë","topic":["a","b"]}'.encode() in sent.body


def test_the_id_is_that_of_the_delivery_and_has_no_full_stop() -> None:
    """At every try the same, so a receiver can drop repeats; what is signed is split at stops."""
    submission = a_submission()

    first = posted(submission=submission)
    again = posted(submission=submission, now=NOON + timedelta(hours=5))
    elsewhere = posted(submission=submission, target=a_target("backup"))

    assert first.headers["webhook-id"] == f"msg_{submission.id}_webhook"
    assert again.headers["webhook-id"] == first.headers["webhook-id"]
    assert again.body == first.body
    assert elsewhere.headers["webhook-id"] == f"msg_{submission.id}_backup"


def a_target(name: str) -> Target:
    return Target(name, "webhook", {"url": URL, "secrets": [OLD]})


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 23, 12, 0, 0, 999_999, tzinfo=UTC),
        datetime(2026, 11, 23, 14, 0, tzinfo=timezone(timedelta(hours=2))),
    ],
    ids=["microseconds", "another time zone"],
)
def test_the_timestamp_is_the_attempt_s_in_whole_seconds(now: datetime) -> None:
    sent = posted(now=now)

    assert sent.headers["webhook-timestamp"] == "1795435200"
    assert sent.headers["webhook-signature"] == signature_by_hand(OLD_KEY, sent)


def test_there_is_a_signature_for_each_secret_the_oldest_first() -> None:
    sent = posted(OLD, NEW)

    assert sent.headers["webhook-signature"].split(" ") == [
        signature_by_hand(OLD_KEY, sent),
        signature_by_hand(NEW_KEY, sent),
    ]


def test_the_library_verifies_what_visitors_may_send() -> None:
    """Also half a surrogate pair, which JSON can bring and UTF-8 cannot hold."""
    submission = a_submission(answers=(Answer("\ud800", ('😀\x00\r\n"\\\u2028\udfff',)),))

    sent = posted(OLD, submission=submission, now=datetime.now(UTC))

    assert verify_with_pypi(sent.headers, sent.body, OLD)
    assert not verify_with_pypi(sent.headers, sent.body, NEW)
    assert json.loads(sent.body)["data"]["fields"] == {"\ufffd": '😀\x00\r\n"\\\u2028\ufffd'}


@pytest.mark.parametrize("length", [24, 64])
@pytest.mark.parametrize("prefix", ["whsec_", ""])
def test_secrets_of_every_allowed_length_are_used(length: int, prefix: str) -> None:
    key = bytes(range(length))

    sent = posted(prefix + b64encode(key).decode())

    assert sent.headers["webhook-signature"] == signature_by_hand(key, sent)


@pytest.mark.parametrize(
    "unusable",
    [
        "",
        "whsec_",
        "whsec_" + b64encode(b"k" * 23).decode(),
        "whsec_" + b64encode(b"k" * 65).decode(),
        # Python's base64 would skip these characters, and other libraries refuse them.
        "whsec_correct-horse-battery-staple-and-even-more",
        "whsec_Gänsefüßchen" + "k" * 32,
        "whsec_" + b64encode(b"k" * 31).decode().rstrip("="),
    ],
    ids=["empty", "prefix", "short", "long", "words", "beyond ASCII", "no padding"],
)
def test_an_unusable_secret_is_told_by_its_number_and_never_shown(unusable: str) -> None:
    with pytest.raises(DeliveryRefused) as refusal:
        posted(OLD, unusable)

    message = str(refusal.value)
    assert message.startswith("Secret 2 of the webhook cannot be used.")
    assert "base64 of 24 to 64 random bytes" in message
    assert refusal.value.__context__ is None
    assert len(unusable) <= len("whsec_") or unusable not in message


@pytest.mark.parametrize(
    "url",
    [
        "https://receiver.example",
        "https://receiver.example:8443/a/b?c=d",
        "http://localhost:3000/hook",
        "http://127.0.0.1",
        "ssm:/formpost/prod/webhook-url",
        "secretsmanager:formpost/prod/webhook-url",
    ],
)
def test_a_url_may_be(url: str) -> None:
    assert SETTINGS["url"].is_allowed(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "receiver.example",
        "http://receiver.example",
        "http://localhost.receiver.example",
        "http://127.0.0.1.receiver.example",
        "http://10.0.0.1",
        "https://user:word@receiver.example",
        "https://receiver.example/\nX: y",
        "ftp://receiver.example",
        "ssm:/other/webhook",
        ["https://receiver.example"],
        None,
        7,
    ],
)
def test_a_url_may_not_be(url: Any) -> None:
    assert not SETTINGS["url"].is_allowed(url)


def test_secrets_are_references_and_the_words_show_one() -> None:
    secrets = SETTINGS["secrets"]

    assert secrets.is_allowed(["ssm:/formpost/prod/old", "ssm:/formpost/prod/new"])
    for refused in ([], OLD, [OLD], ["ssm:/formpost/prod/old", OLD], "ssm:/formpost/prod/old"):
        assert not secrets.is_allowed(refused)
    assert '["ssm:/formpost/prod/webhook"]' in secrets.allowed
