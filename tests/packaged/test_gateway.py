"""The stand-in for API Gateway does what AWS documents.

Sources, all below https://docs.aws.amazon.com/apigateway/latest/developerguide/:
set-up-lambda-proxy-integrations.html, api-gateway-payload-encodings.html, limits.html
"""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.gateway import DOMAIN, FunctionFailed, Gateway

OK = {"statusCode": 200, "headers": {"X-A": "1"}, "body": "fine"}
MULTIPART = "multipart/form-data; boundary=b"
MIB = 1024 * 1024


class Recorded:
    """A function that keeps its events and answers as it is told to."""

    def __init__(self, answer: Any = OK) -> None:
        self.events: list[Any] = []
        self._answer = answer

    def __call__(self, event: Any, _context: Any) -> Any:
        self.events.append(event)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def a_gateway(function: Recorded) -> Gateway:
    return Gateway(
        function,
        {"/": ["GET"], "/f/{form_id}": ["GET", "POST"], "/{proxy+}": ["GET"]},
        binary_types=["multipart/form-data", "image/png"],
    )


def test_what_is_not_there_is_null() -> None:
    function = Recorded()

    a_gateway(function).request("GET", "/")

    [event] = function.events
    assert {name for name, value in event.items() if value is None} == {
        *("headers", "multiValueHeaders", "queryStringParameters"),
        *("multiValueQueryStringParameters", "pathParameters", "stageVariables", "body"),
    }


def test_of_repeated_names_the_last_value_counts_and_all_are_there() -> None:
    function = Recorded()

    a_gateway(function).request("GET", "/?a=1&a=2", headers=[("X-B", "1"), ("X-B", "2")])

    [event] = function.events
    assert event["headers"] == {"X-B": "2"}
    assert event["multiValueHeaders"] == {"X-B": ["1", "2"]}
    assert event["queryStringParameters"] == {"a": "2"}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"]}


def test_the_stage_is_in_the_context_s_path_only() -> None:
    function = Recorded()

    a_gateway(function).request("GET", f"https://{DOMAIN}/prod/f/a?b=c")

    [event] = function.events
    assert (event["path"], event["requestContext"]["path"]) == ("/f/a", "/prod/f/a")
    assert (event["resource"], event["pathParameters"]) == ("/f/{form_id}", {"form_id": "a"})


def test_a_binary_body_is_base64() -> None:
    function = Recorded()

    a_gateway(function).request(
        "POST", "/f/a", headers={"content-type": MULTIPART}, body=b"gr\xfcn"
    )

    [event] = function.events
    assert (event["body"], event["isBase64Encoded"]) == ("Z3L8bg==", True)


def test_in_a_text_what_is_not_utf8_is_lost() -> None:
    function = Recorded()

    a_gateway(function).request(
        "POST", "/f/a", headers={"Content-Type": "text/plain"}, body=b"\xfc"
    )

    [event] = function.events
    assert (event["body"], event["isBase64Encoded"]) == ("\ufffd", False)


@pytest.mark.parametrize(
    ("content_type", "size", "status"),
    [
        ("text/plain", 10 * MIB + 1, 413),
        ("text/plain", 6 * MIB, 413),
        ("text/plain", 5 * MIB, 200),
        # As base64 4 bytes for 3: 6 MiB are 4.5 MiB of upload.
        (MULTIPART, 9 * MIB // 2, 413),
        (MULTIPART, 4 * MIB, 200),
    ],
)
def test_a_body_has_two_limits(content_type: str, size: int, status: int) -> None:
    function = Recorded()

    answer = a_gateway(function).request(
        "POST", "/f/a", headers={"Content-Type": content_type}, body=b"x" * size
    )

    assert answer.status == status
    assert len(function.events) == (status == 200)


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", "/"),
        ("DELETE", "/f/a"),
        ("GET", f"https://{DOMAIN}/dev/f/a"),
        ("GET", f"https://{DOMAIN}/f/a"),
    ],
)
def test_what_is_not_declared_is_a_403(method: str, url: str) -> None:
    function = Recorded()

    assert a_gateway(function).request(method, url).status == 403
    assert function.events == []


@pytest.mark.parametrize(
    "result",
    [
        None,
        [],
        "text",
        {},
        {"body": "no status"},
        {"statusCode": "200"},
        {**OK, "body": {"not": "text"}},
        {**OK, "body": "x" * 6 * MIB},
        {**OK, "headers": {"X-A": 1}},
        {**OK, "headers": ["X-A"]},
        {**OK, "multiValueHeaders": {"X-A": "1"}},
        {**OK, "isBase64Encoded": "true"},
        {**OK, "status": 200},
        FunctionFailed("it raised"),
    ],
    ids=lambda result: repr(result)[:40],
)
def test_a_malformed_result_is_a_502(result: Any) -> None:
    answer = a_gateway(Recorded(result)).request("GET", "/")

    assert (answer.status, answer.json) == (502, {"message": "Internal server error"})


def test_a_function_that_takes_too_long_is_a_504() -> None:
    assert a_gateway(Recorded(TimeoutError())).request("GET", "/").status == 504


@pytest.mark.parametrize(
    ("accept", "text"), [("image/png", "picture"), ("text/html, image/png", None)]
)
def test_a_binary_answer_is_for_whom_accepts_its_type_first(accept: str, text: str | None) -> None:
    encoded = base64.b64encode(b"picture").decode()
    function = Recorded({"statusCode": 200, "body": encoded, "isBase64Encoded": True})

    answer = a_gateway(function).request("GET", "/", headers={"Accept": accept})

    assert answer.text == (text or encoded)


def test_headers_of_both_kinds_reach_the_client() -> None:
    function = Recorded({**OK, "multiValueHeaders": {"X-B": ["1", "2"]}})

    answer = a_gateway(function).request("GET", "/")

    assert answer.headers == {"X-A": "1", "X-B": "1, 2"}
