"""No answer of any kind lacks its CORS headers, its request id or its content type."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.answers import Answer as OurAnswer
from chalicelib.errors import StoreUnavailable, TooManySubmissions
from chalicelib.intake import Intake
from chalicelib.web import FormApp
from tests.fakes import Clock, MemorySubmissions
from tests.functional.conftest import FORMS
from tests.gateway import BROWSER_HEADERS, Gateway
from tests.inbox_fakes import an_owner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.conversion import Answer
    from tests.functional.conftest import Backend

JSON_CLIENT = {"Accept": "application/json", "Content-Type": "application/json"}
CLIENTS = {"json": JSON_CLIENT, "page": BROWSER_HEADERS}
GOOD = {"json": b'{"message": "hello"}', "page": b"message=hello"}
BAD = {"json": b'{"message": ', "page": b"message=%FF&_charset_=utf-8"}

Ask = tuple[str, str, bytes | None, dict[str, str]]
# What is asked, by the kind of answer; a body is looked up by the kind of client.
ASKED: dict[int, Callable[[str], Ask]] = {
    200: lambda _: ("GET", "/contact", None, {}),
    201: lambda client: ("POST", "/f/any", GOOD[client], {}),
    400: lambda client: ("POST", "/f/any", BAD[client], {}),
    403: lambda client: ("POST", "/f/mine", GOOD[client], {"Origin": "https://evil.example"}),
    404: lambda _: ("GET", "/no/such/path", None, {}),
    405: lambda _: ("DELETE", "/contact", None, {}),
    410: lambda client: ("POST", "/f/closed", GOOD[client], {}),
    413: lambda client: ("POST", "/f/small", GOOD[client] + b" " * 100, {}),
    415: lambda client: ("POST", "/f/any", GOOD[client], {"Content-Type": "text/css"}),
    422: lambda client: ("POST", "/contact", GOOD[client], {}),
}


def assert_kept(answer: Answer, client: str) -> None:
    """Check what every answer promises."""
    headers = answer.headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "*" in headers["Access-Control-Allow-Headers"].split(",")
    assert "Authorization" in headers["Access-Control-Allow-Headers"].split(",")
    assert headers["Access-Control-Max-Age"] == "86400"
    assert headers["X-Request-Id"].startswith("request-")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    if answer.status == 303:
        assert (answer.text, headers["Content-Type"]) == ("", "text/plain; charset=utf-8")
    elif client == "page":
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.text.lower().startswith("<!doctype html>")
    elif answer.status < 400:
        assert headers["Content-Type"] == "application/json"
    else:
        assert headers["Content-Type"] == "application/problem+json"
        assert answer.json["status"] == answer.status
        assert answer.json["request_id"] == headers["X-Request-Id"]
        assert answer.json["title"]
        assert answer.json["type"].startswith("urn:formpost:")
        assert [set(error) for error in answer.json["errors"]]
        assert set(answer.json["errors"][0]) == {"field", "code", "message"}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("status", ASKED)
def test_every_kind_of_answer_keeps_the_promise(backend: Backend, status: int, client: str) -> None:
    method, path, body, headers = ASKED[status](client)

    answer = backend.gateway.request(
        method, path, headers={**CLIENTS[client], **headers}, body=body
    )

    assert answer.status == (303 if (status, client) == (201, "page") else status)
    assert_kept(answer, client)
    assert len(backend.log) == 1


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", "GET, HEAD, OPTIONS"),
        ("/health", "GET, HEAD, OPTIONS"),
        ("/contact", "GET, HEAD, OPTIONS, POST"),
        ("/f/any", "GET, HEAD, OPTIONS, POST"),
        ("/f/any/challenge", "GET, HEAD, OPTIONS"),
        ("/f/any/thanks", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method_names_the_right_ones(
    backend: Backend, path: str, method: str, allowed: str
) -> None:
    answer = backend.gateway.request(method, path, headers=JSON_CLIENT)

    assert (answer.status, answer.headers["Allow"]) == (405, allowed)


def test_head_is_get_without_a_body(backend: Backend) -> None:
    """RFC 9110, 9.3.2; what watches /health asks this way."""
    head, get = (backend.gateway.request(method, "/health") for method in ("HEAD", "GET"))

    assert (head.status, head.text) == (200, "")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize(
    "damage", [{"isBase64Encoded": True, "body": "%"}, {"headers": {"Content-Encoding": "gzip"}}]
)
def test_a_fault_with_a_body_that_cannot_be_read_is_logged(
    backend: Backend, damage: dict[str, Any]
) -> None:
    backend.lose_store()
    event = backend.gateway.event("GET", "/health", headers={}, body=None)

    answer = backend.gateway.send({**event, **damage})

    assert answer.status == 503
    assert [line["outcome"] for line in backend.log] == ["store_unavailable"]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_store_that_does_not_answer_is_a_503_that_keeps_the_text(
    backend: Backend, client: str
) -> None:
    backend.lose_store()

    answer = backend.gateway.request("POST", "/f/any", headers=CLIENTS[client], body=GOOD[client])

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert_kept(answer, client)
    if client == "page":
        assert "hello" in answer.text
    [line] = backend.log
    assert (line["level"], line["outcome"]) == ("error", "store_unavailable")
    assert line["error"]["type"] == "StoreUnavailable"


def test_health_is_a_503_when_the_store_does_not_answer(backend: Backend) -> None:
    backend.lose_store()

    assert backend.gateway.get("/health").status == 503


TYPED = "the visitor's own words"


def crash() -> OurAnswer:
    raise KeyError(TYPED)


def unserialisable() -> OurAnswer:
    return OurAnswer({"body": object()})


def broken_header() -> OurAnswer:
    return OurAnswer("", headers={"Location": "/x\r\nSet-Cookie: a=b"})


def limited() -> OurAnswer:
    raise TooManySubmissions(limit=5, retry_after_seconds=60)


def unavailable() -> OurAnswer:
    raise StoreUnavailable from ConnectionError(TYPED)


def binary() -> OurAnswer:
    return OurAnswer("x", headers={"Content-Type": "image/png"})


FAILING: dict[Callable[[], OurAnswer], int] = {
    crash: 500,
    unserialisable: 500,
    broken_header: 500,
    binary: 500,
    limited: 429,
    unavailable: 503,
}


class Failing:
    """An app whose routes fail in every way that a route can."""

    def __init__(self) -> None:
        self.log: list[Mapping[str, Any]] = []
        intake = Intake(
            forms=FORMS,
            allowed_origins=(),
            store=MemorySubmissions(),
            now=Clock(),
            random_bytes=secrets.token_bytes,
        )
        self.app = FormApp("failing", intake=intake, owner=an_owner, write_log=self.log.append)
        for view in FAILING:
            self.app.route(f"/{view.__name__}", methods=["POST"])(view)
        self.gateway = Gateway(self.app, self.app.routes)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("view", FAILING, ids=lambda view: view.__name__)
def test_a_route_that_fails_keeps_the_promise_in_one_line(
    view: Callable[[], OurAnswer], client: str
) -> None:
    failing = Failing()

    answer = failing.gateway.request(
        "POST",
        f"/{view.__name__}",
        headers=CLIENTS[client],
        body=(f'{{"a": "{TYPED}"}}' if client == "json" else f"a={TYPED}").encode(),
    )

    assert answer.status == FAILING[view]
    assert_kept(answer, client)
    [line] = failing.log
    assert (line["status"], "error" in line) == (answer.status, answer.status >= 500)
    assert "own words" not in repr(line)
    assert client == "page" or "own words" not in answer.text


def test_what_chalice_would_log_in_several_lines_is_in_ours() -> None:
    failing = Failing()

    failing.gateway.request("POST", "/broken_header", headers=JSON_CLIENT, body=b"{}")

    [line] = failing.log
    assert line["error"]["type"] == "ChaliceError"


def test_an_unexpected_failure_is_told_in_the_line_and_not_in_the_answer() -> None:
    failing = Failing()

    answer = failing.gateway.request("POST", "/crash", headers=JSON_CLIENT, body=b"{}")

    assert "KeyError" not in answer.text
    [line] = failing.log
    assert line["error"]["type"] == "KeyError"
    assert line["error"]["stack"][-1].endswith(" crash")


@pytest.mark.parametrize(
    "event", [{}, {"requestContext": None}, {"headers": None, "body": 3}, {"headers": []}]
)
def test_an_event_that_is_no_request_is_answered(backend: Backend, event: Any) -> None:
    answer = backend.gateway.send(event)

    assert answer.status == 500
    assert answer.headers["X-Request-Id"]
    assert [line["level"] for line in backend.log] == ["error"]


def test_chalice_s_own_answers_are_ours(backend: Backend) -> None:
    """A method that no route declares never reaches Lambda, but a test event can."""
    event = backend.gateway.event("TRACE", "/contact", headers=JSON_CLIENT, body=None)

    answer = backend.gateway.send(event)

    assert answer.status == 405
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("event", [[], "x", None, 3])
def test_a_test_event_that_is_no_object_is_answered(event: Any) -> None:
    """API Gateway sends none; somebody at Lambda's console can."""
    failing = Failing()

    answer = failing.app(event, None)

    assert answer["statusCode"] == 500
    assert answer["headers"]["X-Request-Id"]
    assert len(failing.log) == 1
