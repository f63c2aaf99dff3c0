"""Events as API Gateway could make them of a hostile request, and somewhat worse.

``headers`` and ``multiValueHeaders`` disagree, bodies are null or wrongly marked as base64,
methods and paths are none that a route has. The shape is the one that API Gateway's REST
proxy integration keeps to: what is an object there is an object or null here, and what is a
text is a text.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

from chalicelib.items import cursor_at
from tests.builders import a_submission
from tests.fuzz.payloads import payload
from tests.gateway import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.fuzz.dice import Dice

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
FORMS = ("contact", "typed", "strict", "small", "closed", "any", "any")
_ODD_METHODS = ("TRACE", "CONNECT", "get", "", "PROPFIND", "GET\r\n", "OPTIONS", "X" * 900)
_PARAMETER = re.compile(r"{(\w+)\+?}")
_ACCEPTS = (
    *("text/html", "application/json", "*/*", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"),
    *("application/json;q=0", "text/html;q=nan", "text/html;q=-1", "text/html;q=1e999", ";;;,,,"),
    *("multipart/form-data", "image/png", "text/html;q=\u0661"),
)
_COSTLY_ACCEPTS = ("a" * 9_000, "x/y," * 2_500, ";q=1" * 2_500)
_ORIGINS = (
    *("https://site.example", "null", "https://evil.example", f"https://{DOMAIN}", "", "file://"),
    *("https://site.example:443", "https://[::1]:x", "https://site.example@evil.example", "//"),
)
_MODES = ("navigate", "cors", "no-cors", "")
_AGENTS = ("Mozilla/5.0", "curl/8", "", "x" * 401)
_ADDRESSES = ("192.0.2.1", "2001:db8::1", "", "unknown", "::ffff:192.0.2.1", "999.1.1.1")
_ID = a_submission().id
# Of the next page: a right one, one of no id of ours, a path, no base64, too long.
CURSORS = (
    cursor_at(_ID),
    cursor_at("~" * 26),
    cursor_at("../" * 9),
    "%%%",
    "A" * 10_000,
    "\ud800",
    "é",
    "=" * 40,
)


def event(
    dice: Dice, routes: Mapping[str, Sequence[str]], tokens: Sequence[str], ids: Sequence[str]
) -> dict[str, Any]:
    """Return one event.

    Args:
        dice: decides.
        routes: the methods of each path.
        tokens: of owners, right ones.
        ids: of submissions that may be there.
    """
    route, method = _asked(dice, routes)
    parameters = _parameters(route, dice, ids)
    path = _PARAMETER.sub(lambda found: parameters[found[1]], route)
    sent = payload(dice) if method not in {"GET", "HEAD"} or dice.chance(9) else None
    content_type = sent.content_type if sent else None
    headers = _headers(dice, content_type, tokens, is_public="form_id" in route and "/f/" in route)
    query = _query(dice)
    return {
        "resource": route,
        "path": path,
        "httpMethod": method,
        **_sides(dice, "headers", "multiValueHeaders", headers),
        **_sides(dice, "queryStringParameters", "multiValueQueryStringParameters", query),
        "pathParameters": parameters or None,
        "stageVariables": dice.one_of((None, {}, {"a": "b"})),
        "requestContext": {
            "resourcePath": route,
            "httpMethod": method,
            "path": dice.one_of((f"/prod{path}", path, f"//prod{path}//", "", "?", dice.text())),
            "stage": "prod",
            "domainName": dice.one_of((DOMAIN, DOMAIN, DOMAIN, None, "", "api.owner.example")),
            "requestId": "request",
            "identity": dice.one_of((_identity(dice), _identity(dice), _identity(dice), {}, None)),
        },
        **_body(dice, sent.body if sent else b""),
    }


def _asked(dice: Dice, routes: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Return a path and a method: a post to a form one time in three, else any."""
    if dice.chance(3):
        return dice.one_of(("/f/{form_id}", "/f/{form_id}", "/contact")), "POST"
    route = dice.one_of(list(routes))
    if dice.chance(60):
        return route, dice.one_of(_ODD_METHODS)
    return route, dice.one_of(METHODS if dice.chance(12) else routes[route])


def _parameters(route: str, dice: Dice, ids: Sequence[str]) -> dict[str, str]:
    right = {"form_id": FORMS, "submission_id": (_ID, *ids), "target": ("email", "hook")}
    return {
        name: dice.text() if dice.chance(7) else dice.one_of(right.get(name, ("no/such/path",)))
        for name in _PARAMETER.findall(route)
    }


def _headers(
    dice: Dice, content_type: str | None, tokens: Sequence[str], *, is_public: bool
) -> dict[str, list[str]]:
    """Return a browser's or a program's headers, some of them hostile, by name."""
    options: list[tuple[str, Sequence[str], int]] = [
        ("Accept", _ACCEPTS, 2),
        ("Origin", _ORIGINS, 2),
        ("Referer", ("https://site.example/page?q", "about:blank", "https://[", "x"), 4),
        ("User-Agent", _AGENTS, 2),
        ("Sec-Fetch-Mode", _MODES, 3),
        ("Idempotency-Key", ("k1", "k2", '"k1"', "ä", "x" * 256, " ", '"', '""'), 6),
        ("Authorization", _authorizations(dice, tokens), 2 if is_public else 1),
        ("Content-Encoding", ("identity", "gzip", "", "IDENTITY"), 30),
        ("Host", (DOMAIN, "evil.example", "localhost:8000", "a b"), 4),
        ("X-Forwarded-For", ("203.0.113.9", "127.0.0.1, 203.0.113.9"), 9),
        ("X-HTTP-Method-Override", ("DELETE",), 40),
        ("Content-Length", ("0", "-1", "99999999999"), 20),
        ("Transfer-Encoding", ("chunked", "chunked, identity"), 30),
        ("Cookie", ("a=b; " * 1_500, "session=1"), 20),
    ]
    found = {
        name: [dice.text() if dice.chance(20) else dice.one_of(values)]
        for name, values, one_in in options
        if dice.chance(one_in)
    }
    if content_type is not None:
        found["Content-Type"] = [content_type]
    if dice.chance(40):
        found[dice.text()] = [dice.text()]
    if dice.chance(400):
        found["X-Huge"] = ["x" * 100_000]
    if dice.chance(400):
        found["Accept"] = [dice.one_of(_COSTLY_ACCEPTS)]
    # API Gateway keeps the case that a client chose.
    if dice.chance(4):
        found = {name.lower(): values for name, values in found.items()}
    if dice.chance(30):
        found |= {name.upper(): [dice.text()] for name in list(found)[:2]}
    return found


def _authorizations(dice: Dice, tokens: Sequence[str]) -> tuple[str, ...]:
    right = dice.one_of(tokens)
    if not dice.chance(3):
        return (f"Bearer {right}",)
    return (
        *(f"bearer   {right} ", f"Bearer {right}x"),
        *(f"Bearer {right[:-1]}b", "Bearer", f"Basic {right}", f"Bearer {right}, Bearer {right}"),
        *("Bearer " + " " * 9_000, f"Bearer {right[:21]}{'a' * 52}", f"Bearer {right.upper()}"),
    )


def _query(dice: Dice) -> dict[str, list[str]]:
    options: list[tuple[str, Sequence[str]]] = [
        ("folder", ("inbox", "spam", "archive", "")),
        ("limit", ("1", "50", "200", "0", "201", "9" * 5_000, "²")),
        ("cursor", CURSORS),
        ("since", ("2026-11-01", "2026-11-23T12:00:00Z", "9999-12-31T23:59:59-23:59")),
        ("until", ("2026-11-24", "0001-01-01T00:00:00+23:59")),
        ("q", ("ada", "example engine", " ", "x" * 201)),
        ("days", ("1", "30", "366", "367")),
        ("reference", ("8TKM-WT7C", "<b>")),
    ]
    return {
        name: [dice.text() if dice.chance(6) else dice.one_of(values)]
        for name, values in options
        if dice.chance(5)
    }


def _identity(dice: Dice) -> dict[str, Any]:
    address = f"10.{dice.number >> 14 & 255}.{dice.number >> 6 & 255}.1"
    if dice.chance(3):
        address = dice.one_of(_ADDRESSES)
    return {"sourceIp": address, "userAgent": None}


def _sides(dice: Dice, one: str, many: str, values: dict[str, list[str]]) -> dict[str, Any]:
    """Return both of API Gateway's ways to say the same, which now and then do not agree."""
    singles: dict[str, str] | None = {name: each[-1] for name, each in values.items()} or None
    multiples: dict[str, list[str]] | None = dict(values) or None
    if dice.chance(12):
        # Who reads one side and who reads the other must not be told apart by a client.
        multiples = {name: [dice.text(), *each, dice.text()] for name, each in values.items()}
    if dice.chance(40):
        singles = None
    if dice.chance(40):
        multiples = dice.one_of((None, {}))
    return {one: singles, many: multiples}


def _body(dice: Dice, body: bytes) -> dict[str, Any]:
    """Return body and flag as API Gateway would, or one of the two wrong."""
    if not body or dice.chance(60):
        return {"body": dice.one_of((None, "")), "isBase64Encoded": dice.chance(9)}
    if dice.chance(3):
        return {"body": base64.b64encode(body).decode(), "isBase64Encoded": not dice.chance(20)}
    text = body.decode("utf-8", dice.one_of(("replace", "replace", "surrogateescape")))
    return {"body": text, "isBase64Encoded": dice.chance(30)}
