"""What API Gateway's REST proxy integration makes of requests and of Lambda's answers.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# What Lambda may answer with; API Gateway calls anything else malformed.
_ANSWER_TYPES: dict[str, tuple[type, ...]] = {
    "statusCode": (int,),
    "headers": (dict, type(None)),
    "multiValueHeaders": (dict, type(None)),
    "body": (str, type(None)),
    "isBase64Encoded": (bool,),
}


@dataclass
class Answer:
    """What the client receives."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def matched(path: str, routes: Iterable[str]) -> tuple[str, dict[str, str]] | None:
    """Return the route of a path with its parameters: a plain segment wins, a greedy one loses."""
    parts = path.strip("/").split("/")
    for route in sorted(routes, key=lambda route: ("{" in route, route.endswith("+}"))):
        names = route.strip("/").split("/")
        greedy = names[-1].endswith("+}") and len(parts) >= len(names)
        ends = [*parts[: len(names) - 1], "/".join(parts[len(names) - 1 :])] if greedy else parts
        parameters = _parameters(names, ends)
        if parameters is not None:
            return route, parameters
    return None


def _parameters(names: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(names) != len(parts):
        return None
    pairs = list(zip(names, parts, strict=True))
    if not all((name.startswith("{") and part) or name == part for name, part in pairs):
        return None
    return {name.strip("{+}"): unquote(part) for name, part in pairs if name.startswith("{")}


def values_by_name(
    headers: Mapping[str, str] | Iterable[tuple[str, str]],
) -> dict[str, list[str]]:
    """Return every value of each header, as ``multiValueHeaders`` has them."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def last(values: Mapping[str, list[str]]) -> dict[str, str] | None:
    """Return the last value of each name; null when there is none."""
    return {name: many[-1] for name, many in values.items()} or None


def header(values: Mapping[str, list[str]], wanted: str) -> str | None:
    """Return the last value of a header, its name in lower case."""
    found = [many[-1] for name, many in values.items() if name.lower() == wanted]
    return found[-1] if found else None


def encoded(
    body: bytes | None, content_type: str | None, binary_types: Collection[str]
) -> dict[str, Any]:
    """Return ``body`` and ``isBase64Encoded`` of the event."""
    if not body:
        return {"body": None, "isBase64Encoded": False}
    if media_type(content_type) in binary_types:
        return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return {"body": body.decode(errors="replace"), "isBase64Encoded": False}


def media_type(value: str | None) -> str:
    """Return the first type that a Content-Type or Accept header names, without parameters."""
    return (value or "").partition(",")[0].partition(";")[0].strip().lower()


def answer_from(result: Any, accept: str | None, binary_types: Collection[str]) -> Answer | None:
    """Return what the client gets for Lambda's result, or None if that is malformed."""
    if not _is_well_formed(result):
        return None
    headers = dict(result.get("headers") or {})
    for name, values in (result.get("multiValueHeaders") or {}).items():
        headers[name] = ", ".join(values)
    text = result.get("body") or ""
    if result.get("isBase64Encoded") and media_type(accept) in binary_types:
        text = base64.b64decode(text).decode(errors="replace")
    return Answer(result["statusCode"], headers, text)


def _is_well_formed(result: Any) -> bool:
    return (
        isinstance(result, dict)
        and "statusCode" in result
        and all(isinstance(value, _ANSWER_TYPES.get(key, ())) for key, value in result.items())
        and all(isinstance(v, str) for v in (result.get("headers") or {}).values())
        and all(isinstance(v, list) for v in (result.get("multiValueHeaders") or {}).values())
    )
