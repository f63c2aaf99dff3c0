"""The embedded DynamoDB over HTTP, for boto3 of this process and of others.

A GET answers who this is, so that a process that found an old address can tell.
Browsers cannot use this door: without CORS they may not send ``X-Amz-Target``.
"""

from __future__ import annotations

import json
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from ops.local.claim import identity
from ops.local.engine import TARGET_PREFIX, Answer
from ops.local.http_server import LocalServer

if TYPE_CHECKING:
    from pathlib import Path

    from ops.local.database import Database


class DynamoDBServer(LocalServer):
    """Listens on a port of the kernel's choice on 127.0.0.1."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        super().__init__(("127.0.0.1", 0), _RequestHandler)
        self.database = database
        self.identity = identity(data_dir)

    @property
    def url(self) -> str:
        """What boto3 takes as ``endpoint_url``."""
        return f"http://127.0.0.1:{self.server_port}"


class _RequestHandler(BaseHTTPRequestHandler):
    server: DynamoDBServer
    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet, and the client's delayed ACK is not waited for.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        target = self.headers.get("X-Amz-Target", "")
        if not target.startswith(TARGET_PREFIX):
            self._send(_error(HTTPStatus.BAD_REQUEST, "UnknownOperationException", target))
            return
        try:
            answer = self.server.database.answer(target.removeprefix(TARGET_PREFIX), body)
        except Exception as error:  # noqa: BLE001
            # moto meets an operation or an argument that it does not know: the caller hears it,
            # and the traceback goes to the person who can do something about it.
            traceback.print_exc()
            answer = _error(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalServerError", repr(error))
        self._send(answer)

    def do_GET(self) -> None:
        headers = {"Content-Type": "application/json"}
        self._send(Answer(HTTPStatus.OK, headers, self.server.identity))

    def log_message(self, *_args: Any) -> None:
        """Say nothing: the caller's own log has the story."""

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


def _error(status: HTTPStatus, kind: str, message: str) -> Answer:
    body = json.dumps({"__type": kind, "message": message}).encode()
    return Answer(status, {"Content-Type": "application/x-amz-json-1.0"}, body)
