"""A receiver of webhooks on this machine: keeps what comes, and answers as it is told to."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple, Self

from tests.emulator.server import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

_POLL_SECONDS = 0.01


class Received(NamedTuple):
    """One request."""

    at: datetime
    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """A running server; it ends with the ``with``.

    Attributes:
        received: every request since the last ``reset``.
        statuses: of the next answers; when there are none left, 204.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.received.append(Received(datetime.now(UTC), headers, body))
                statuses = receiver.statuses
                self.send_response(statuses.pop(0) if statuses else HTTPStatus.NO_CONTENT)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": _POLL_SECONDS}
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_port}/hook"

    def reset(self) -> None:
        """Forget what came, and take what comes."""
        self.received, self.statuses = [], []
