"""The event that Lambda gets from a request."""

from __future__ import annotations

import base64
from email.message import Message
from typing import Any

from ops.local.events import EventConverter
from ops.local.routes import RouteMatcher

MULTIPART = "multipart/form-data; boundary=xyz"


def event(
    path: str = "/contact", headers: list[tuple[str, str]] | None = None, body: bytes | None = None
) -> dict[str, Any]:
    message = Message()
    for name, value in headers or []:
        message[name] = value
    converter = EventConverter(RouteMatcher(["/contact", "/f/{form_id}"]), ["multipart/form-data"])
    return converter.create_lambda_event(method="POST", path=path, headers=message, body=body)


def test_repeated_headers_are_all_there_and_the_last_one_counts() -> None:
    made = event(headers=[("X-A", "1"), ("x-a", "2"), ("Host", "localhost")])

    assert made["headers"] == {"x-a": "2", "host": "localhost"}
    assert made["multiValueHeaders"] == {"x-a": ["1", "2"], "host": ["localhost"]}


def test_upload_is_base64_whatever_its_boundary() -> None:
    made = event(headers=[("Content-Type", MULTIPART)], body=b"\xff\x00")

    assert base64.b64decode(made["body"]) == b"\xff\x00"
    assert made["isBase64Encoded"] is True


def test_other_bodies_are_text_and_lose_what_is_not_utf8() -> None:
    made = event(headers=[("Content-Type", "text/plain")], body="é".encode() + b"\xff")

    assert (made["body"], made["isBase64Encoded"]) == ("é\ufffd", False)


def test_what_is_absent_is_null() -> None:
    made = event()

    absent = ("body", "pathParameters", "queryStringParameters", "multiValueQueryStringParameters")
    assert {name: made[name] for name in absent} == dict.fromkeys(absent)


def test_path_comes_as_it_was_sent_and_parameters_decoded() -> None:
    made = event("/f/a%20b?x=1&x=2")

    assert made["requestContext"]["path"] == made["path"] == "/f/a%20b"
    assert made["requestContext"]["resourcePath"] == made["resource"] == "/f/{form_id}"
    assert made["pathParameters"] == {"form_id": "a b"}
    assert made["queryStringParameters"] == {"x": "2"}
    assert made["multiValueQueryStringParameters"] == {"x": ["1", "2"]}
