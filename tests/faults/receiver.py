"""The owner's webhook: takes everything, and keeps the id and the words of each post."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Self

from ops.local.http_server import LocalServer

PATH = "/hook"
# The marks of who was told: a field of every submission in these tests.
MARK = "mark"


class Receiver:
    """A running server; it ends with the ``with``.

    Attributes:
        ids_by_mark: under which ids each submission was told about, by what it says.
        submission_ids: of everything that was told about.
        posts: how often something was told.
    """

    def __init__(self) -> None:
        self.ids_by_mark: dict[str, set[str]] = defaultdict(set)
        self.submission_ids: set[str] = set()
        self.posts = 0
        self._lock = threading.Lock()
        receiver = self

        class Handler(_Handler):
            owner = receiver

        self._server = LocalServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def take(self, webhook_id: str, body: bytes) -> None:
        submission = json.loads(body)["data"]
        with self._lock:
            self.posts += 1
            self.ids_by_mark[submission["fields"][MARK]].add(webhook_id)
            self.submission_ids.add(submission["id"])


class _Handler(BaseHTTPRequestHandler):
    owner: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            # Who was sending it is gone.
            self.close_connection = True
            return
        self.owner.take(self.headers["webhook-id"], body)
        self.send_response_only(HTTPStatus.NO_CONTENT)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""
