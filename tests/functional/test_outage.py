"""The store does not answer: the visitor is told in time, and sending again is safe."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from chalicelib import wiring
from chalicelib.config import Settings
from tests.builders import ADA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.conftest import Backend

# What the visitor is promised, whatever the store does.
ANSWER_SECONDS = 10


@pytest.fixture
def deaf_address() -> Iterator[str]:
    """A listener that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def closed_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def dropping_address() -> Iterator[str]:
    """A listener that drops every connection after the request."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drop_all() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65_536)

        thread = threading.Thread(target=drop_all, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize("address", ["deaf_address", "closed_address", "dropping_address"])
def test_a_store_that_does_not_answer_is_a_503_within_ten_seconds(
    backend: Backend,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    address: str,
) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL_DYNAMODB": request.getfixturevalue(address),
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    backend.use(wiring.submission_store(Settings.from_env({"FORMPOST_STORE": "aws"})))

    started = time.monotonic()
    answer = backend.gateway.post_json("/contact", ADA, idempotency_key="one")
    seconds = time.monotonic() - started

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert seconds < ANSWER_SECONDS
    [line] = backend.log
    assert (line["outcome"], line["status"]) == ("store_unavailable", 503)
    assert line["error"]["stack"]
