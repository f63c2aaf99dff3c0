"""What reads bytes that a stranger chose, one function each: bytes in, nothing out, or it raises.

A target may meet our own errors below 500, which are answers. Anything else that it raises is
a fault: an exception that is none of ours, or a promise that does not hold.
"""

from __future__ import annotations

import base64
from http import HTTPStatus
from math import isfinite
from typing import TYPE_CHECKING, Any

from chalicelib import bodies, controls, items, origins, owner_requests, proofs, search
from chalicelib.errors import FormpostError, InvalidCursor, NotSignedIn, TooManySignIns
from chalicelib.exchange import Exchange
from chalicelib.model import NO_PROOF, ProofState, answers_from
from chalicelib.reading import Reading
from chalicelib.spam import CHECKS, Context, judge
from chalicelib.tokens import Scope, sign_in
from chalicelib.validation import validate
from tests.builders import NOON, a_submission
from tests.fuzz.forms import FORMS
from tests.inbox_fakes import a_gate

if TYPE_CHECKING:
    from collections.abc import Callable

_SECRET = b"\x01" * 32
_MAX_BYTES = 800_000
_CONTENT_TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=gbk",
    "multipart/form-data; boundary=b",
    "text/plain",
    "application/json",
)


def bodies_of_every_type(data: bytes) -> None:
    """The first byte chooses the encoding; 250 and more: the first line is the content type."""
    content_type, body = _with_content_type(data)
    decoded = _ours(lambda: bodies.decode(body, content_type, max_bytes=_MAX_BYTES))
    if decoded is None:
        return
    assert len(decoded.pairs) <= bodies.MAX_FIELDS
    for name, value in decoded.pairs:
        # What cannot be written as UTF-8 can be neither hashed nor stored.
        (name + value).encode()
    _taken_apart(decoded.pairs)


def control_fields(data: bytes) -> None:
    """Pairs, one a line, with a tab between name and value."""
    lines = data.decode("utf-8", "replace").split("\n")
    _taken_apart([(name, value) for name, _, value in (line.partition("\t") for line in lines)])


def cursors(data: bytes) -> None:
    """A cursor is one of ours or is refused, and leads to nothing but a submission."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        position = items.position(text)
    except InvalidCursor:
        return
    assert position.startswith("SUB#")
    assert len(position) == len("SUB#") + 26
    assert items.position(items.cursor_at(position.removeprefix("SUB#"))) == position


def proofs_of_work(data: bytes) -> None:
    """Nobody solves a challenge that this stage never made; the bytes are JSON in base64."""
    for payload in (base64.b64encode(data).decode(), data.decode("utf-8", "surrogateescape")):
        proof = proofs.verify(payload, "contact", NOON, _SECRET)
        assert proof.state in {ProofState.UNREADABLE, ProofState.FORGED}
        assert proof.key is None


def owners_requests(data: bytes) -> None:
    """The first byte chooses the request; the rest is its JSON, and its query beside."""
    which, rest = (data[0] if data else 0), data[1:]
    text = rest.decode("utf-8", "surrogateescape")
    names = ("folder", "limit", "cursor", "since", "until", "q", "days")
    query = dict(zip(names, (part for part in text.split("&")), strict=False))
    exchange = Exchange(
        {
            "body": rest.decode("utf-8", "replace"),
            "multiValueQueryStringParameters": {name: [value] for name, value in query.items()},
        },
        "request-1",
    )
    read = _REQUESTS[which % len(_REQUESTS)]
    _ours(lambda: read(exchange))


def exchanges(data: bytes) -> None:
    """Headers, one a line; what a client prefers and where it comes from."""
    lines = [line.partition(":") for line in data.decode("utf-8", "surrogateescape").split("\n")]
    exchange = Exchange(
        {
            "headers": {name: value.strip() for name, _, value in lines},
            "requestContext": {"path": lines[0][0], "resourcePath": "/f/{form_id}"},
            "pathParameters": {"form_id": lines[-1][0]},
            "body": data.decode("latin-1"),
            "isBase64Encoded": True,
        },
        "request-1",
    )
    assert exchange.wants_page in {True, False}
    post = _ours(lambda: exchange.post("contact"))
    if post is not None:
        (post.user_agent or "").encode()
        (post.page or "").encode()
    # A redirect is asked for by a field, which is text that UTF-8 can carry.
    for target in data.decode("utf-8", "replace").split("\n"):
        url = origins.safe_redirect(
            target, page="https://site.example", is_site_unknown=False, allowed=()
        )
        assert url is None or url == target or url.startswith("https://site.example/")
        assert url is None or origins.origin_of(url) == "https://site.example"


def authorizations(data: bytes) -> None:
    """Nobody signs in who was given no token."""
    for authorization in (data.decode("latin-1"), f"Bearer {data.decode('utf-8', 'replace')}"):
        try:
            sign_in(authorization, "192.0.2.1", Scope.READ, _GATE)
        except (NotSignedIn, TooManySignIns):
            continue
        raise AssertionError(authorization)


def texts(data: bytes) -> None:
    """One field a line; every check of spam looks at it, and the verdict is a sum."""
    lines = data.decode("utf-8", "replace").split("\n")
    submission = a_submission(
        answers=answers_from((f"field {n}", line) for n, line in enumerate(lines))
    )
    context = Context(Reading(submission), (), NO_PROOF, None)
    verdict = judge(submission, FORMS["any"], context)
    assert isfinite(verdict.points)
    assert all(signal.reason and signal.check in CHECKS for signal in verdict.signals)


def _with_content_type(data: bytes) -> tuple[str, bytes]:
    which, rest = (data[0] if data else 0), data[1:]
    if which >= 250:
        line, _, body = rest.partition(b"\n")
        return line.decode("utf-8", "replace"), body
    return _CONTENT_TYPES[which % len(_CONTENT_TYPES)], rest


def _taken_apart(pairs: list[tuple[str, str]]) -> None:
    steering, fields = controls.split(pairs)
    assert not {name for name, _ in fields} & controls.CONTROL_NAMES
    assert "\n" not in (steering.subject or "")
    assert "\r" not in (steering.subject or "")
    if steering.idempotency_key:
        _ours(lambda: controls.check_idempotency_key(steering.idempotency_key or ""))
    for form in FORMS.values():
        answers = _ours(lambda form=form: validate(form, fields, steering.errors))  # type: ignore[misc]
        if answers is not None and form.strict:
            assert {answer.name for answer in answers} <= {field.name for field in form.fields}
    search.words(" ".join(value for _, value in pairs)[:200])


def _ours(call: Callable[[], Any]) -> Any:
    """Return what a call returns; None if it refuses with an answer of ours."""
    try:
        return call()
    except FormpostError as error:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or not str(error):
            raise
        return None


_GATE = a_gate()
_REQUESTS: tuple[Callable[[Exchange], Any], ...] = (
    owner_requests.listing,
    owner_requests.days,
    owner_requests.change,
    owner_requests.change_of_many,
    owner_requests.person,
    lambda exchange: owner_requests.export(exchange, FORMS["any"]),
)
TARGETS: dict[str, Callable[[bytes], None]] = {
    "bodies": bodies_of_every_type,
    "controls": control_fields,
    "cursors": cursors,
    "proofs": proofs_of_work,
    "owner_requests": owners_requests,
    "exchanges": exchanges,
    "authorizations": authorizations,
    "texts": texts,
}
