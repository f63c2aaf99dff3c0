"""Secrets are read where they are kept, and are in no message."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.errors import DeliveryFailed
from chalicelib.secret_store import KEPT_SECONDS, SecretStore
from tests.fakes import Clock


class RecordingSecrets:
    """Parameter Store and Secrets Manager in one."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.asked: list[dict[str, Any]] = []
        self.value = "first"
        self._failure = failure

    def get_parameter(self, **request: Any) -> dict[str, Any]:
        return {"Parameter": {"Value": self._answer(request)}}

    def get_secret_value(self, **request: Any) -> dict[str, Any]:
        return {"SecretString": self._answer(request)}

    def _answer(self, request: dict[str, Any]) -> str:
        self.asked.append(request)
        if self._failure:
            raise self._failure
        return self.value


def store_over(kept: RecordingSecrets, clock: Clock | None = None) -> SecretStore:
    client: Any = kept
    return SecretStore(lambda: client, lambda: client, now=clock or Clock())


@pytest.mark.parametrize(
    ("reference", "asked"),
    [
        (
            "ssm:/formpost/prod/webhook",
            {"Name": "/formpost/prod/webhook", "WithDecryption": True},
        ),
        ("secretsmanager:formpost/prod/webhook", {"SecretId": "formpost/prod/webhook"}),
    ],
)
def test_a_reference_says_where_the_secret_is(reference: str, asked: dict[str, Any]) -> None:
    kept = RecordingSecrets()

    assert store_over(kept).read(reference) == "first"
    assert kept.asked == [asked]


def test_a_line_break_behind_a_secret_is_not_part_of_it() -> None:
    kept = RecordingSecrets()
    kept.value = "first\n"

    assert store_over(kept).read("ssm:/formpost/a") == "first"


def test_a_burst_asks_once_and_a_rotation_is_seen_after_five_minutes() -> None:
    kept, clock = RecordingSecrets(), Clock()
    store = store_over(kept, clock)
    store.read("ssm:/formpost/a")
    kept.value = "second"

    clock.advance(seconds=KEPT_SECONDS)
    assert store.read("ssm:/formpost/a") == "first"
    clock.advance(seconds=1)
    assert store.read("ssm:/formpost/a") == "second"
    assert len(kept.asked) == 2


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (
            ClientError({"Error": {"Code": "ParameterNotFound", "Message": "x"}}, "GetParameter"),
            "ParameterNotFound",
        ),
        (EndpointConnectionError(endpoint_url="https://ssm.example"), "EndpointConnectionError"),
    ],
)
def test_a_secret_that_cannot_be_read_is_named_and_asked_for_again(
    failure: Exception, words: str
) -> None:
    kept = RecordingSecrets(failure)
    store = store_over(kept)

    for _ in range(2):
        with pytest.raises(DeliveryFailed, match=f"ssm:/formpost/a .*{words}"):
            store.read("ssm:/formpost/a")
    assert len(kept.asked) == 2


def test_a_secret_that_is_no_text_is_told() -> None:
    class Binary(RecordingSecrets):
        def get_secret_value(self, **request: Any) -> dict[str, Any]:
            return {"SecretBinary": b"\x00"}

    with pytest.raises(DeliveryFailed, match="not a text"):
        store_over(Binary()).read("secretsmanager:formpost/a")
