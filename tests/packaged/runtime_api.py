"""The Lambda Runtime API for one runtime process, on 127.0.0.1.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

from tests.gateway import FunctionFailed

PREFIX = "/2018-06-01/runtime"
# What API Gateway waits for Lambda.
TIMEOUT_SECONDS = 29.0
FUNCTION_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:formpost-prod"


@dataclass
class Invocation:
    """One event on its way to the function, and what comes back."""

    request_id: str
    event: bytes
    answer: Future[bytes] = field(default_factory=Future)


class RuntimeApi:
    """Hands out one invocation after the other, as Lambda does to one container."""

    def __init__(self) -> None:
        self._waiting: Queue[Invocation | None] = Queue()
        self._running: dict[str, Invocation] = {}
        self._failure: FunctionFailed | None = None
        api = self

        class Handler(_Handler):
            runtime_api = api

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def invoke(self, event: Any, request_id: str) -> Any:
        """Return what the function answers.

        Raises:
            FunctionFailed: it raised, or its process has ended.
            TimeoutError: it takes longer than API Gateway waits.
        """
        invocation = Invocation(request_id, json.dumps(event).encode())
        self._running[request_id] = invocation
        self._waiting.put(invocation)
        if self._failure:
            raise FunctionFailed(str(self._failure))
        return json.loads(invocation.answer.result(TIMEOUT_SECONDS))

    def next_invocation(self) -> Invocation | None:
        return self._waiting.get()

    def settle(self, request_id: str, verdict: str, body: bytes) -> None:
        invocation = self._running.pop(request_id)
        if verdict == "response":
            invocation.answer.set_result(body)
        else:
            invocation.answer.set_exception(FunctionFailed(body.decode()))

    def fail(self, reason: str) -> None:
        """Let every call fail from here on: there is nobody to answer it."""
        self._failure = FunctionFailed(reason)
        for invocation in self._running.values():
            invocation.answer.set_exception(self._failure)
        self._running.clear()

    def close(self) -> None:
        self._waiting.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    runtime_api: RuntimeApi
    protocol_version = "HTTP/1.1"
    # Else head and body of an answer wait for the client's delayed acknowledgement.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        invocation = self.runtime_api.next_invocation()
        if self.path != f"{PREFIX}/invocation/next" or invocation is None:
            self.close_connection = True
            return
        deadline = int((time.time() + TIMEOUT_SECONDS) * 1000)
        self._send(
            HTTPStatus.OK,
            invocation.event,
            {
                # The client crashes without one.
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": FUNCTION_ARN,
            },
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == f"{PREFIX}/init/error":
            self.runtime_api.fail(body.decode())
        else:
            request_id, verdict = self.path.split("/")[-2:]
            self.runtime_api.settle(request_id, verdict, body)
        self._send(HTTPStatus.ACCEPTED, b"", {})

    def _send(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""
