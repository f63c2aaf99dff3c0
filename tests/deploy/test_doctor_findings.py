"""What the doctor says of an API that forgets its CORS headers and loses what it accepts."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from chalicelib.repository import Repository
from ops.examining.api import examine_api
from ops.examining.post import examine_post
from tests.builders import a_field, a_form
from tests.dynamodb import TABLE, dynamodb_client

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = a_form(fields=(a_field("email", type="email", required=True),))
SITE = "https://site.example"


class CarelessApi(BaseHTTPRequestHandler):
    """Right statuses, no CORS headers, and posts that go nowhere."""

    def do_GET(self) -> None:
        self._answer(200 if self.path == "/health" else 404)

    def do_OPTIONS(self) -> None:
        self._answer(403)

    def do_DELETE(self) -> None:
        self._answer(405)

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.rfile.read(size)
        content_type = self.headers["Content-Type"]
        if content_type == "application/json":
            self._answer(201, b'{"id": "01M844DZG07M5VMKC27TAAEDWC"}')
        else:
            self._answer(413 if size > 1_000 else 415)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def careless_api() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), CarelessApi)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_missing_cors_header_is_found_and_says_what_to_do() -> None:
    with careless_api() as url:
        findings = list(examine_api(url, [SITE], FORM))

    assert [finding.check for finding in findings if not finding.healthy] == [
        f"Preflight from {SITE}",
        f"Request from {SITE}",
        "CORS on 404",
        "CORS on 405",
        "CORS on 413",
        "CORS on 415",
    ]
    assert all("python -m ops deploy" in f.advice for f in findings if not f.healthy)
    assert [finding.seen.split(",")[0] for finding in findings[3:]] == ["404", "405", "413", "415"]


def test_a_post_that_is_accepted_and_not_stored_is_found() -> None:
    with careless_api() as url, dynamodb_client() as client:
        repository = Repository(
            lambda: client, table=TABLE, random_bytes=bytes, pause=lambda _seconds: None
        )
        finding = examine_post(url, FORM, SITE, repository, datetime.now(UTC))

    assert not finding.healthy
    assert finding.seen == "01M844DZG07M5VMKC27TAAEDWC was accepted, but is not stored"
    assert "FORMPOST_TABLE" in finding.advice
