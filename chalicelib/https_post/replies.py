"""What a receiver's answer means for a delivery, in words for the owner.

An answer may repeat what it was asked: the URL, which can be a secret, or what a
visitor wrote. Neither may stand in a message, so what was sent is cut out of it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from chalicelib.channels import Sent
from chalicelib.errors import DeliveryFailed, DeliveryRefused

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import Message
    from http.client import HTTPResponse

# One line of a table; Slack, Discord and Teams say what is wrong in fewer.
MAX_EXCERPT_LENGTH = 200
# Shorter runs are in any two texts by chance: "message", "error".
MIN_ECHO_LENGTH = 8
# About 31 years: a number, whatever the receiver writes, that can be added to a date. How
# long is really waited is decided where retries are planned.
MAX_RETRY_AFTER_SECONDS = 1e9

# Every 2xx, whatever it adds.
_SUCCESS_CLASS = 2
_REDIRECTS = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.SEE_OTHER,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)
# What a receiver may put into our words.
_PLAIN_HOST = re.compile(r"[a-z0-9.\-]{1,253}")


class Reply(NamedTuple):
    """A receiver's answer.

    Attributes:
        body: as much of it as was read.
    """

    status: int
    headers: Message
    body: bytes


def judged(reply: Reply, *, host: str, sent: str, now: datetime) -> Sent:
    """Return what was said by a receiver that took the post.

    Args:
        reply: to the post.
        host: that answered.
        sent: all that the receiver was told, path and query included.
        now: aware; a ``Retry-After`` that is a date is compared with it.

    Raises:
        DeliveryRefused: it is gone for good.
        DeliveryFailed: it did not take the post.

    Source: Standard Webhooks 1.0.0, "Delivery success and failure".
    """
    if reply.status // 100 == _SUCCESS_CLASS:
        return Sent(f"answered {reply.status}", reply.status)
    kind = DeliveryRefused if reply.status == HTTPStatus.GONE else DeliveryFailed
    raise kind(
        f"{host} answered {reply.status}{_explanation(reply, sent)}",
        response_status=reply.status,
        retry_after_seconds=retry_after_seconds(reply.headers.get("Retry-After", ""), now=now),
    )


def read_body(response: HTTPResponse, *, max_bytes: int) -> bytes:
    """Return the answer's body, or what came of it before it broke off.

    Also of a success: some servers end a script whose client has gone.
    """
    body = bytearray()
    # The status is known by now: however the body ends, it does not change what was answered.
    with suppress(OSError, HTTPException):
        while len(body) < max_bytes and (piece := response.read1(max_bytes - len(body))):
            body += piece
    return bytes(body)


def retry_after_seconds(header: str, *, now: datetime) -> float:
    """Return how long a ``Retry-After`` asks to wait; 0 if it is over or makes no sense.

    Args:
        header: ``120`` or ``Fri, 31 Dec 1999 23:59:59 GMT``.
        now: aware.

    Source: RFC 9110, section 10.2.3; of a date, section 5.6.7.
    """
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), MAX_RETRY_AFTER_SECONDS)
    try:
        at = parsedate_to_datetime(text)
        # HTTP's dates are UTC; the oldest of its three formats does not say so.
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        seconds = (at - now).total_seconds()
    except (ValueError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS)


def _explanation(reply: Reply, sent: str) -> str:
    """Return the end of the sentence that begins with the status."""
    if reply.status in _REDIRECTS:
        return f"{_elsewhere(reply.headers.get('Location', ''))}; redirects are not followed."
    excerpt = _excerpt(reply, sent)
    return f": {excerpt}" if excerpt else "."


def _elsewhere(location: str) -> str:
    """Return e.g. ``, a redirect to example.com``; no host where it is not a plain one."""
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        host = ""
    return f", a redirect to {host}" if _PLAIN_HOST.fullmatch(host) else ", a redirect"


def _excerpt(reply: Reply, sent: str) -> str:
    """Return the beginning of what the answer says, on one line; nothing of a web page."""
    is_text = reply.headers.get_content_type() == "text/plain"
    is_json = reply.headers.get_content_subtype().split("+")[-1] == "json"
    if not (is_text or is_json) or "Content-Encoding" in reply.headers:
        return ""
    decoded = reply.body.decode("utf-8", "replace")
    printable = "".join(character if character.isprintable() else " " for character in decoded)
    line = " ".join(printable.split())[: 2 * MAX_EXCERPT_LENGTH]
    excerpt = without_echo(line, sent)
    is_whole = len(excerpt) <= MAX_EXCERPT_LENGTH
    return excerpt if is_whole else excerpt[: MAX_EXCERPT_LENGTH - 1] + "…"


def without_echo(text: str, sent: str) -> str:
    """Return the text with ``…`` for each run of 8 characters or more that was sent, too."""
    sent = sent.lower()
    is_echo = [False] * len(text)
    for start in range(len(text) - MIN_ECHO_LENGTH + 1):
        run = slice(start, start + MIN_ECHO_LENGTH)
        if text[run].lower() in sent:
            is_echo[run] = [True] * MIN_ECHO_LENGTH
    runs = groupby(zip(is_echo, text, strict=True), key=itemgetter(0))
    return "".join(
        "…" if echo else "".join(character for _, character in run) for echo, run in runs
    )
