"""Stands between the function and its store: counts, and can cut the line."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import urlsplit

# Every request to DynamoDB has this header once.
_OPERATION = re.compile(rb"x-amz-target: ?DynamoDB_\d+\.(\w+)\r\n", re.IGNORECASE)
# Longer than that header.
_TAIL_BYTES = 100


class StoreProxy:
    """A TCP proxy on 127.0.0.1 before a DynamoDB.

    Attributes:
        operations: what was asked for, e.g. ``TransactWriteItems``, in order.
        connection_count: how many connections were made.
        is_cut: drop each connection as soon as something is asked on it.
    """

    def __init__(self, upstream_url: str) -> None:
        self.operations: list[str] = []
        self.connection_count = 0
        self.is_cut = False
        upstream = urlsplit(upstream_url)
        self.upstream = (upstream.hostname, upstream.port)
        proxy = self

        class Handler(_Handler):
            store_proxy = proxy

        self._server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseRequestHandler):
    store_proxy: StoreProxy

    def handle(self) -> None:
        proxy, client = self.store_proxy, self.request
        proxy.connection_count += 1
        with socket.create_connection(proxy.upstream) as upstream:
            for side in (client, upstream):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            answers = threading.Thread(target=_pump, args=(upstream, client))
            answers.start()
            with suppress(OSError):
                self._forward(client, upstream)
            with suppress(OSError):
                upstream.shutdown(socket.SHUT_RDWR)
            answers.join()

    def _forward(self, client: Any, upstream: socket.socket) -> None:
        tail = b""
        while chunk := client.recv(65_536):
            if self.store_proxy.is_cut:
                return
            # A header may be split between two chunks; what is found is taken out, so
            # that it is counted once.
            tail += chunk
            for found in _OPERATION.finditer(tail):
                self.store_proxy.operations.append(found[1].decode())
            tail = _OPERATION.sub(b"", tail)[-_TAIL_BYTES:]
            upstream.sendall(chunk)


def _pump(source: socket.socket, target: Any) -> None:
    with suppress(OSError):
        while chunk := source.recv(65_536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_RDWR)
