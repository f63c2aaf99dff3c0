"""Reading a request's body off its connection."""

from __future__ import annotations

import io
from email.message import Message

import pytest

from ops.local.request_body import MAX_BODY_BYTES, BodyRefused, read_body

CHUNKED = {"Transfer-Encoding": "chunked"}


def headers(**values: str) -> Message:
    message = Message()
    for name, value in values.items():
        message[name.replace("_", "-")] = value
    return message


def read(stream: io.BytesIO, **values: str) -> bytes | None:
    return read_body(headers(**values), stream)


def test_body_ends_at_its_length() -> None:
    stream = io.BytesIO(b"a=1GET / HTTP/1.1")

    assert read(stream, Content_Length="3") == b"a=1"
    assert stream.read() == b"GET / HTTP/1.1"


def test_request_without_body_has_none() -> None:
    assert read(io.BytesIO(b"next")) is None
    assert read(io.BytesIO(b"next"), Content_Length="0") is None


def test_chunks_are_joined_and_the_next_request_is_left() -> None:
    """The chunks of RFC 9112, section 7.1, with an extension and a trailer field."""
    stream = io.BytesIO(b"4;name=value\r\nWiki\r\n5\r\npedia\r\n0\r\nX-Trailer: 1\r\n\r\nGET")

    assert read(stream, Transfer_Encoding="chunked") == b"Wikipedia"
    assert stream.read() == b"GET"


@pytest.mark.parametrize("length", ["-1", "+3", "3.0", "abc", "1_0", "", "٣", "9" * 20])
def test_length_that_is_no_number_is_a_bad_request(length: str) -> None:
    with pytest.raises(BodyRefused) as refusal:
        read(io.BytesIO(b"abc"), Content_Length=length)

    assert refusal.value.status == 400


def test_two_different_lengths_are_a_bad_request() -> None:
    """Servers that disagree on the length see different requests: request smuggling."""
    message = headers(Content_Length="3")
    message["Content-Length"] = "5"

    with pytest.raises(BodyRefused) as refusal:
        read_body(message, io.BytesIO(b"abcde"))

    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "body", [b"", b"zz\r\n", b"3\r\nab", b"2\r\nabc\r\n0\r\n\r\n", b"-1\r\n", b"1" * 9 + b"\r\n"]
)
def test_broken_chunks_are_a_bad_request(body: bytes) -> None:
    with pytest.raises(BodyRefused) as refusal:
        read(io.BytesIO(body), Transfer_Encoding="chunked")

    assert refusal.value.status == 400


def test_unknown_transfer_encoding_is_a_bad_request() -> None:
    with pytest.raises(BodyRefused) as refusal:
        read(io.BytesIO(b""), Transfer_Encoding="gzip, chunked")

    assert refusal.value.status == 400


def test_more_than_api_gateway_takes_is_too_large_before_it_is_read() -> None:
    stream = io.BytesIO(b"abc")

    with pytest.raises(BodyRefused) as refusal:
        read(stream, Content_Length=str(MAX_BODY_BYTES + 1))

    assert (refusal.value.status, stream.tell()) == (413, 0)


def test_chunks_are_counted_together() -> None:
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"

    with pytest.raises(BodyRefused) as refusal:
        read(io.BytesIO(chunk * 11), Transfer_Encoding="chunked")

    assert refusal.value.status == 413
