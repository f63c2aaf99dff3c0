"""One request and one answer of the stand-in of the owner's API, and how they travel."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from chalicelib.documents import as_json

if TYPE_CHECKING:
    from collections.abc import Callable

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*, Authorization",
    "Access-Control-Allow-Methods": "*",
    "Access-Control-Expose-Headers": "X-Request-Id,Retry-After,X-Next-Cursor",
}


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


class Answer(NamedTuple):
    """What is sent back: JSON, or a text of the type that the headers name."""

    body: Any
    status: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012  never changed


class ProblemError(Exception):
    """An error that is answered as problem+json."""

    def __init__(self, status: int, code: str, retry_after_seconds: int = 0) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after_seconds = retry_after_seconds


def handler(answer: Callable[[Asked, str], Answer]) -> type[BaseHTTPRequestHandler]:
    """Return what an HTTP server needs to give these answers, as the real API gives its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_OPTIONS(self) -> None:
            self._send(Answer(None, 204))

        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = self.rfile.read(length)
            url = urlsplit(self.path)
            query = {name: given[0] for name, given in parse_qs(url.query).items()}
            asked = Asked(self.command, url.path, query, json.loads(content) if content else None)
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            try:
                self._send(answer(asked, token))
            except ProblemError as problem:
                self._send(_problem(problem))
            except BrokenPipeError:
                """The page did not wait for the answer."""

        do_GET = do_POST = do_PATCH = do_DELETE = _handle  # noqa: N815

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

        def _send(self, answer: Answer) -> None:
            content = b""
            if answer.status != HTTPStatus.NO_CONTENT:
                is_text = isinstance(answer.body, str)
                content = answer.body.encode() if is_text else as_json(answer.body)
            headers = {"Content-Type": "application/json", **_CORS, **answer.headers}
            self.send_response(answer.status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()

    return Handler


def _problem(problem: ProblemError) -> Answer:
    document = {
        "type": f"urn:formpost:{problem.code}",
        "title": problem.code,
        "status": problem.status,
        "detail": f"The stand-in says {problem.code}.",
        "request_id": "r-1",
    }
    headers = {"Content-Type": "application/problem+json"}
    if problem.retry_after_seconds:
        headers["Retry-After"] = str(problem.retry_after_seconds)
    return Answer(document, problem.status, headers)
