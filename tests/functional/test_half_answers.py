"""AWS's answer is cut off: that is no answer, and least of all an empty one."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from chalicelib import wiring
from chalicelib.config import Settings
from chalicelib.delivery import Task
from chalicelib.errors import DeliveryFailed, StoreUnavailable
from tests.builders import ADA, NOON, a_form, a_submission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.conftest import Backend

ANSWERS = {
    "within the reason": b"HTTP/1.1 200 O",
    "after the first line": b"HTTP/1.1 200 OK\r\n",
    "within a name": b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Le",
    "before the length": b"HTTP/1.1 200 OK\r\nContent-Length: ",
    "within the length": b"HTTP/1.1 200 OK\r\nContent-Length: 8",
    "before the body": b"HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n",
    "within the body": b'HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n{"Item": {"pk": {"S": "a',
    "within a letter": b'HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n{"Item": {"pk": {"S": "\xc3',
}


@pytest.fixture(params=list(ANSWERS.values()), ids=list(ANSWERS))
def cutting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings that lead to a service whose answers all end there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_all() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    # Head and body of a request may come one after the other.
                    while b"\r\n\r\n{" not in connection.recv(65_536, socket.MSG_PEEK):
                        pass
                    connection.recv(65_536)
                    connection.sendall(request.param)

        thread = threading.Thread(target=answer_all, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        for name, value in {
            "AWS_ENDPOINT_URL": url,
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }.items():
            monkeypatch.setenv(name, value)
        yield Settings.from_env({"FORMPOST_STORE": "aws"})
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_visitor_is_not_thanked(backend: Backend, cutting: Settings) -> None:
    backend.use(wiring.submission_store(cutting))

    answer = backend.gateway.post_json("/contact", ADA)

    assert answer.status == 503


def test_a_submission_is_not_taken_for_erased(cutting: Settings) -> None:
    store = wiring.submission_store(cutting)

    with pytest.raises(StoreUnavailable):
        store.get(a_form(), a_submission().id, now=NOON)


def test_a_delivery_is_not_taken_for_erased(cutting: Settings) -> None:
    with pytest.raises(StoreUnavailable):
        wiring.delivery_store(cutting).get(a_submission().id, "email")


def test_a_message_is_not_taken_for_sent(cutting: Settings) -> None:
    queue = wiring.delivery_queue(cutting)

    with pytest.raises(DeliveryFailed):
        queue.put([Task("sub-1", "email")])
