"""A receiver of webhooks on this machine."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, NamedTuple

from ops.local.http_server import LocalServer

if TYPE_CHECKING:
    from collections.abc import Iterator


class Received(NamedTuple):
    """One post; names of headers are in lower case."""

    headers: dict[str, str]
    body: bytes


class Receiver(LocalServer):
    """Keeps what it gets; answers with ``status``, which may be changed at any time."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _RequestHandler)
        self.status = status
        self.received: list[Received] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/in"


class _RequestHandler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append(Received(headers, body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def receiving(status: int = 200) -> Iterator[Receiver]:
    """Yield a receiver for as long."""
    receiver = Receiver(status)
    receiver.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        receiver.server_close()
