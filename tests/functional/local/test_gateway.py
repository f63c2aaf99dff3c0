"""Chalice's local server, mended, in front of the real app and of a small one."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from contextlib import closing
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING, Any

import pytest
from chalice import local as chalice_local
from chalice.app import Chalice, Response
from chalice.config import Config

from ops.local import gateway
from ops.local.http_server import LocalServer
from tests.functional.local.running import DEADLINE_SECONDS, JSON, Answer, request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.local.running import Running

MULTIPART = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--x--\r\n"


def small_app() -> Chalice:
    app = Chalice("small")
    app.api.binary_types.append("multipart/form-data")

    @app.route("/echo/{name}", methods=["GET", "HEAD", "POST"], content_types=["*/*"], cors=True)
    def echo(name: str) -> dict[str, Any]:
        seen: Any = app.current_request
        headers = seen.to_original_event()["multiValueHeaders"]
        return {"name": name, "body": seen.raw_body.hex(), "many": headers.get("x-many")}

    @app.route("/twice")
    def twice() -> Response:
        return Response("", {"Set-Cookie": ["a=1", "b=2"]})

    return app


class DyingApp:
    """Stands for a Lambda that ends without an answer."""

    def __init__(self, app: Chalice) -> None:
        self.routes, self.api = app.routes, app.api

    def __call__(self, event: object, context: object) -> dict[str, Any]:
        raise MemoryError


class Recording(gateway.GatewayRequestHandler):
    """Remembers how its connections were set up."""

    no_delay: list[int]

    def setup(self) -> None:
        super().setup()
        option = self.connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        Recording.no_delay.append(option)


@pytest.fixture
def port() -> Iterator[int]:
    gateway.mend()
    Recording.no_delay = []
    yield from serve(small_app())


def serve(app: Any) -> Iterator[int]:
    handler = partial(Recording, app_object=app, config=Config())
    server = LocalServer(("127.0.0.1", 0), handler)
    server.start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def raw(port: int, text: bytes) -> Answer:
    """Send what no decent client sends."""
    with (
        closing(socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS)) as connection,
        closing(HTTPResponse(connection)) as response,
    ):
        connection.sendall(text)
        response.begin()
        return Answer(response.status, response.headers, response.read())


def test_chalice_starts_our_server(port: int) -> None:
    """It looks its classes up by name, and mending twice is no different from once."""
    gateway.mend()

    server = chalice_local.create_local_server(small_app(), Config(), "127.0.0.1", 0)

    assert isinstance(server, gateway.GatewayServer)
    server.server.server_close()


def test_kept_connection_does_not_wait_for_acknowledgements(port: int) -> None:
    """Nagle's algorithm with delayed ACK cost 40 ms for each request but the first."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=DEADLINE_SECONDS)) as client:
        for _ in range(3):
            client.request("GET", "/echo/a")
            client.getresponse().read()

    assert len(Recording.no_delay) == 1
    assert all(Recording.no_delay)


def test_path_parameter_is_decoded(port: int) -> None:
    assert json.loads(request(port, "/echo/a%20b%2Fc").body)["name"] == "a b/c"


def test_repeated_headers_reach_the_app(port: int) -> None:
    answer = raw(port, b"GET /echo/a HTTP/1.1\r\nX-Many: 1\r\nx-many: 2\r\n\r\n")

    assert json.loads(answer.body)["many"] == ["1", "2"]


def test_repeated_headers_reach_the_client(port: int) -> None:
    assert request(port, "/twice").headers.get_all("Set-Cookie") == ["a=1", "b=2"]


def test_upload_arrives_byte_for_byte(port: int) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    answer = request(port, "/echo/a", method="POST", body=MULTIPART, headers=headers)

    assert bytes.fromhex(json.loads(answer.body)["body"]) == MULTIPART


def test_chunked_body_arrives_whole(port: int) -> None:
    answer = raw(
        port,
        b"POST /echo/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n",
    )

    body = json.loads(answer.body)["body"]
    assert bytes.fromhex(body) == b"Wikipedia"


def test_head_is_the_head_of_a_get_and_nothing_more(port: int) -> None:
    """A body would be taken for the beginning of the next answer."""
    body = request(port, "/echo/a").body

    with closing(socket.create_connection(("127.0.0.1", port), DEADLINE_SECONDS)) as connection:
        connection.sendall(b"HEAD /echo/a HTTP/1.1\r\nConnection: close\r\n\r\n")
        answer = connection.makefile("rb").read()

    head, _, rest = answer.partition(b"\r\n\r\n")
    assert b"Content-Length: %d" % len(body) in head
    assert rest == b""


@pytest.mark.parametrize("length", [b"abc", b"-5"])
def test_bad_length_is_a_bad_request_that_any_page_may_read(port: int, length: bytes) -> None:
    answer = raw(port, b"POST /echo/a HTTP/1.1\r\nContent-Length: " + length + b"\r\n\r\n")

    assert answer.status == 400
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Connection"] == "close"


def test_too_large_a_body_is_refused_unread(port: int) -> None:
    answer = raw(port, b"POST /echo/a HTTP/1.1\r\nContent-Length: 10485761\r\n\r\n")

    assert answer.status == 413
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_unknown_path_is_an_answer_that_any_page_may_read(port: int) -> None:
    answer = request(port, "/nothing")

    assert answer.status == 403
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_lambda_that_dies_is_a_bad_gateway(capsys: pytest.CaptureFixture[str]) -> None:
    gateway.mend()
    Recording.no_delay = []

    for port in serve(DyingApp(small_app())):
        answer = request(port, "/twice")

        assert (answer.status, json.loads(answer.body)) == (
            502,
            {"message": "Internal server error"},
        )
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "MemoryError" in capsys.readouterr().err


def test_burst_of_connections_does_not_have_to_knock_twice() -> None:
    """A SYN that finds the queue full is sent again a second later."""
    server = LocalServer(("127.0.0.1", 0), Recording)

    # Nobody accepts yet, so all of them stand in the queue.
    burst = [socket.create_connection(server.server_address, timeout=0.9) for _ in range(100)]  # type: ignore[arg-type]

    for connection in burst:
        connection.close()
    server.server_close()


def test_nothing_is_printed_about_visitors(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    request(port, "/twice")
    request(port, "/nothing")

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_localhost_is_both_of_its_addresses(local: Running, host: str) -> None:
    try:
        with closing(HTTPConnection(host, local.api_port, timeout=DEADLINE_SECONDS)) as client:
            client.request("GET", "/health")
            assert client.getresponse().status == 200
    except OSError:
        if host == "127.0.0.1":
            raise
        pytest.skip("this machine has no IPv6")


def test_unknown_path_of_the_app_is_its_own_404(local: Running) -> None:
    answer = request(local.api_port, "/some/deep/path", headers=JSON)

    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_preflight_is_answered_without_the_app(local: Running) -> None:
    headers = {"Origin": "https://site.example", "Access-Control-Request-Method": "POST"}

    answer = request(local.api_port, "/contact", method="OPTIONS", headers=headers)

    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_mending_is_light() -> None:
    """Every start of the app pays for it, and most starts need no database."""
    program = (
        "import sys; from ops.local import gateway; gateway.mend();"
        "print([name for name in ('moto', 'boto3', 'chalice.cli') if name in sys.modules])"
    )

    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert printed.stdout == "[]\n"
