"""Read the body of one HTTP/1.1 request: of a known length, or in chunks.

Source: RFC 9112, section 6, "Message Body".
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from email.message import Message

# What API Gateway accepts, and not one byte more.
# Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
MAX_BODY_BYTES = 10 * 1024 * 1024
_MAX_LINE_BYTES = 4096
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?\r?\n")


class BodyRefused(Exception):
    """The body cannot be read, so neither can a next request on the connection."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


def read_body(headers: Message, stream: BinaryIO) -> bytes | None:
    """Return the body, or None when the request has none.

    Raises:
        BodyRefused: 400 when its framing is broken, 413 when it is too large.
    """
    encoding = headers.get("Transfer-Encoding", "").strip().lower()
    if encoding == "chunked":
        return _read_chunks(stream)
    if encoding:
        raise BodyRefused(HTTPStatus.BAD_REQUEST, f"Transfer-Encoding {encoding} is not known")
    lengths = set(headers.get_all("Content-Length", ["0"]))
    length = lengths.pop().strip()
    # int() would also take "+5", "1_000" and digits of other scripts.
    if lengths or not re.fullmatch(r"[0-9]{1,18}", length):
        raise BodyRefused(HTTPStatus.BAD_REQUEST, "Content-Length is not a number of bytes")
    return _read(stream, int(length)) or None


def _read(stream: BinaryIO, length: int) -> bytes:
    if length > MAX_BODY_BYTES:
        raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Too Long")
    body = stream.read(length)
    if len(body) < length:
        raise BodyRefused(HTTPStatus.BAD_REQUEST, "The body ends before its Content-Length")
    return body


def _read_chunks(stream: BinaryIO) -> bytes:
    body = bytearray()
    while size := _chunk_size(stream):
        body += _read(stream, size)
        if len(body) > MAX_BODY_BYTES:
            raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Too Long")
        if stream.readline(_MAX_LINE_BYTES).strip():
            raise BodyRefused(HTTPStatus.BAD_REQUEST, "A chunk is longer than it says")
    while stream.readline(_MAX_LINE_BYTES).strip():
        pass  # Trailer fields: nobody asked for them.
    return bytes(body)


def _chunk_size(stream: BinaryIO) -> int:
    line = _CHUNK_SIZE.fullmatch(stream.readline(_MAX_LINE_BYTES))
    if line is None:
        raise BodyRefused(HTTPStatus.BAD_REQUEST, "A chunk does not begin with its size")
    return int(line[1], 16)
