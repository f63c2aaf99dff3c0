"""The threading HTTP server under everything that local mode serves."""

from __future__ import annotations

import socket
import sys
import threading
from http.server import ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

_STOP_POLL_SECONDS = 0.1


class LocalServer(ThreadingHTTPServer):
    """``ThreadingHTTPServer`` as a person at this machine needs it."""

    daemon_threads = True
    # The default of 5 makes a browser's burst of connections wait a second for a resent SYN.
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: Any) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, handler)

    def start(self) -> None:
        """Serve in a thread that ends with the process, or soon after ``shutdown``."""
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": _STOP_POLL_SECONDS}, daemon=True
        ).start()

    def server_bind(self) -> None:
        """Bind without asking DNS for our own name, which takes seconds on some machines."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about visitors who close the page while it loads."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)
