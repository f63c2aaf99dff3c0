"""A DynamoDB that takes everything, over TLS, and forgets it.

What it answers is what a new submission gets, so no time of a database is measured.
"""

from __future__ import annotations

import json
import threading
import zlib
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl

# What a stage has had since its first submission.
SECRET = {
    "pk": {"S": "KEYS"},
    "sk": {"S": "SIGNING"},
    "secret": {"B": b64encode(bytes(32)).decode()},
}
ANSWERS: dict[str, Any] = {"GetItem": {"Item": SECRET}, "PutItem": {}, "TransactWriteItems": {}}


class Store:
    """An endpoint on 127.0.0.1.

    Args:
        tls: with a certificate for 127.0.0.1; None is plain HTTP.

    Attributes:
        operations: what was asked for, in order.
        connections: the client's address of each, in order.
    """

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.operations: list[str] = []
        self.connections: list[tuple[str, int]] = []
        store = self

        class Handler(_Handler):
            operations = store.operations
            connections = store.connections

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls:
            # The handshake belongs to the connection's thread, not to the one that accepts.
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    operations: list[str]
    connections: list[tuple[str, int]]
    protocol_version = "HTTP/1.1"
    # Else head and body of an answer wait for the client's delayed acknowledgement.
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.connections.append(self.client_address)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers["X-Amz-Target"].partition(".")[2]
        self.operations.append(operation)
        body = json.dumps(ANSWERS[operation]).encode()
        self.send_response(200)
        # As DynamoDB does; botocore checks the checksum.
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("x-amz-crc32", str(zlib.crc32(body)))
        self.send_header("x-amzn-RequestId", "0" * 52)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""
