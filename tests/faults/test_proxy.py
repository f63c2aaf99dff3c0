"""Each fault is what it says, seen from both ends of the proxy."""

from __future__ import annotations

import random
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.faults.faults import (
    EVENLY,
    Fault,
    Faults,
    dynamodb_wording,
    plain_wording,
    sqs_wording,
)
from tests.faults.proxy import FaultProxy

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUEST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone"
PATIENCE_SECONDS = 0.1


class Service:
    """Counts requests, and answers each."""

    def __init__(self) -> None:
        self.requests = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while connection.recv(len(REQUEST), socket.MSG_WAITALL) == REQUEST:
                self.requests += 1
                connection.sendall(ANSWER)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.close()


def the_only(fault: Fault, wording: object = plain_wording) -> Faults:
    return Faults(
        "seed",
        rate=1.0,
        patience_seconds=PATIENCE_SECONDS,
        wording=wording,  # type: ignore[arg-type]
        weights={fault: 1},
    )


def asked(url: str) -> bytes | type[ConnectionResetError]:
    """Send one request, and return all that came until the connection ended or fell silent."""
    host, _, port = url.removeprefix("http://").partition(":")
    came = b""
    with socket.create_connection((host, int(port)), timeout=2.0) as connection:
        connection.sendall(REQUEST)
        try:
            while chunk := connection.recv(65_536):
                came += chunk
                if came.endswith((b"done", b"</h1>")):
                    break
        except ConnectionResetError:
            return ConnectionResetError
    return came


@pytest.mark.parametrize(
    ("fault", "answer", "requests"),
    [
        (Fault.SLOW, ANSWER, 1),
        (Fault.LATE, b"", 1),
        (Fault.LOST_BEFORE, b"", 0),
        (Fault.LOST_AFTER, b"", 1),
        (Fault.RESET_BEFORE, ConnectionResetError, 0),
        (Fault.RESET_AFTER, ConnectionResetError, 1),
    ],
)
def test_a_fault_of_the_network(
    service: Service, fault: Fault, answer: object, requests: int
) -> None:
    with FaultProxy(service.url, the_only(fault)) as proxy:
        assert asked(proxy.url) == answer

    assert service.requests == requests
    assert proxy.faults.drawn == {fault: 1}


def test_half_an_answer_is_some_of_it_and_not_all(service: Service) -> None:
    with FaultProxy(service.url, the_only(Fault.HALF)) as proxy:
        answers = {asked(proxy.url) for _ in range(20)}

    assert len(answers) > 5
    for answer in answers:
        assert isinstance(answer, bytes)
        assert 0 < len(answer) < len(ANSWER)
        assert ANSWER.startswith(answer)


def test_a_late_request_comes_when_its_client_has_gone(service: Service) -> None:
    started = time.monotonic()
    with FaultProxy(service.url, the_only(Fault.LATE)) as proxy:
        assert asked(proxy.url) == b""

    assert time.monotonic() - started > PATIENCE_SECONDS


@pytest.mark.parametrize(
    ("fault", "status", "requests"),
    [
        (Fault.REFUSED, b"429", 0),
        (Fault.ERROR_BEFORE, b"500", 0),
        (Fault.ERROR_AFTER, b"500", 1),
        (Fault.UNAVAILABLE, b"503", 0),
    ],
)
def test_a_fault_of_the_service(
    service: Service, fault: Fault, status: bytes, requests: int
) -> None:
    with FaultProxy(service.url, the_only(fault)) as proxy:
        answer = asked(proxy.url)

    assert isinstance(answer, bytes)
    assert answer.split()[1] == status
    assert service.requests == requests


def test_what_meets_no_fault_passes_and_keeps_its_connection(service: Service) -> None:
    none = Faults("seed", rate=0.0, patience_seconds=1.0, wording=plain_wording)
    with FaultProxy(service.url, none) as proxy:
        host, _, port = proxy.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=2.0) as connection:
            for _ in range(3):
                connection.sendall(REQUEST)
                assert connection.recv(len(ANSWER), socket.MSG_WAITALL) == ANSWER

    assert service.requests == 3


def test_the_same_seed_draws_the_same_faults_and_three_of_ten_requests_meet_one() -> None:
    def drawn(seed: str) -> list[Fault | None]:
        faults = Faults(seed, rate=0.3, patience_seconds=1.0, wording=plain_wording)
        return [faults.draw() for _ in range(10_000)]

    once = drawn("8")

    assert once == drawn("8") != drawn("9")
    assert 2_800 < sum(fault is not None for fault in once) < 3_200
    assert set(once) == {None, *EVENLY}


@pytest.mark.parametrize(
    ("service_name", "operation", "request_", "codes"),
    [
        (
            "dynamodb",
            "put_item",
            {"TableName": "t", "Item": {"pk": {"S": "a"}}},
            {"ProvisionedThroughputExceededException", "RequestLimitExceeded"}
            | {"ThrottlingException"},
        ),
        (
            "dynamodb",
            "transact_write_items",
            {"TransactItems": [{"Put": {"TableName": "t", "Item": {"pk": {"S": "a"}}}}]},
            {"ProvisionedThroughputExceededException", "RequestLimitExceeded"}
            | {"ThrottlingException", "TransactionCanceledException"},
        ),
        (
            "sqs",
            "get_queue_url",
            {"QueueName": "q"},
            {"RequestThrottled", "ThrottlingException"},
        ),
    ],
)
def test_boto3_reads_the_refusals_as_aws_s_own(
    service_name: str, operation: str, request_: dict[str, object], codes: set[str]
) -> None:
    wording = {"dynamodb": dynamodb_wording, "sqs": sqs_wording}[service_name]
    service = Service()
    with FaultProxy(service.url, the_only(Fault.REFUSED, wording)) as proxy:
        client = boto3.client(
            service_name,  # type: ignore[call-overload]
            endpoint_url=proxy.url,
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  nobody asks for one
            config=Config(retries={"total_max_attempts": 1}),
        )
        met = set()
        for _ in range(40):
            with pytest.raises(ClientError) as refused:
                getattr(client, operation)(**request_)
            met.add(refused.value.response["Error"]["Code"])
            assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    service.close()

    assert met == codes


def test_a_transaction_is_cancelled_for_another_one_or_for_too_many() -> None:
    chance = random.Random(8)  # noqa: S311  it has to repeat
    body = b'{"TransactItems": [{}, {}]}'

    texts = {dynamodb_wording(Fault.REFUSED, body, chance).body.decode() for _ in range(60)}

    assert any("[TransactionConflict, None]" in text for text in texts)
    assert any("[None, ThrottlingError]" in text for text in texts)


def test_boto3_hears_of_no_answer() -> None:
    service = Service()
    with FaultProxy(service.url, the_only(Fault.LOST_AFTER)) as proxy:
        client = boto3.client(
            "sqs",
            endpoint_url=proxy.url,
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  nobody asks for one
            config=Config(retries={"total_max_attempts": 1}),
        )
        with pytest.raises(BotoCoreError):
            client.get_queue_url(QueueName="q")
    service.close()
