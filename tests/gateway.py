"""API Gateway in front of the app, converting as AWS documents its REST proxy integration.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DOMAIN = "abc123.execute-api.eu-west-1.amazonaws.com"


@dataclass
class Answer:
    """What the client receives."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Gateway:
    """Sends requests to a Lambda function as API Gateway does, below its stage's prefix."""

    def __init__(
        self, function: Callable[[Any, Any], Any], routes: Iterable[str], *, stage: str = "prod"
    ) -> None:
        self._function = function
        self._routes = sorted(routes, key=lambda route: ("{" in route, route.endswith("+}")))
        self._stage = stage
        self._count = 0

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        **event_changes: Any,
    ) -> Answer:
        event = self.event(method, path, headers=headers or {}, body=body)
        event.update(event_changes)
        answer = self._function(event, SimpleNamespace(aws_request_id=self._request_id()))
        # API Gateway takes nothing but JSON.
        answer = json.loads(json.dumps(answer))
        return Answer(answer["statusCode"], answer["headers"], answer["body"] or "")

    def event(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None
    ) -> dict[str, Any]:
        url = urlsplit(path)
        route, parameters = self._match(url.path)
        query = parse_qs(url.query, keep_blank_values=True)
        # The only binary type of ours that browsers send.
        is_binary = any(
            name.lower() == "content-type" and value.lower().startswith("multipart/form-data")
            for name, value in headers.items()
        )
        text = None
        if body is not None:
            text = base64.b64encode(body).decode() if is_binary else body.decode(errors="replace")
        return {
            "resource": route,
            "path": url.path,
            "httpMethod": method,
            "headers": dict(headers) or None,
            "multiValueHeaders": {name: [value] for name, value in headers.items()} or None,
            "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": parameters or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": route,
                "httpMethod": method,
                "path": f"/{self._stage}{url.path}",
                "stage": self._stage,
                "domainName": DOMAIN,
                "requestId": self._request_id(),
                "identity": {"sourceIp": "192.0.2.1", "userAgent": headers.get("User-Agent")},
            },
            "body": text,
            "isBase64Encoded": is_binary and body is not None,
        }

    def get(self, path: str, *, accept: str = "application/json", **headers: str) -> Answer:
        return self.request("GET", path, headers={"Accept": accept, **headers})

    def post_form(
        self, path: str, fields: Mapping[str, Any] | list[tuple[str, Any]], **headers: str
    ) -> Answer:
        """Post as a browser's window does."""
        return self.request(
            "POST",
            path,
            headers={**BROWSER_HEADERS, **_dashed(headers)},
            body=urlencode(fields, doseq=True).encode(),
        )

    def post_json(self, path: str, document: Any, **headers: str) -> Answer:
        """Post as a program does."""
        return self.request(
            "POST",
            path,
            headers={
                "Accept": "application/json",
                "Content-Type": "application/json",
                **_dashed(headers),
            },
            body=json.dumps(document).encode(),
        )

    def _match(self, path: str) -> tuple[str, dict[str, str]]:
        parts = path.strip("/").split("/")
        for route in self._routes:
            names = route.strip("/").split("/")
            if names[-1].endswith("+}") and len(parts) >= len(names):
                return route, {names[-1][1:-2]: unquote("/".join(parts[len(names) - 1 :]))}
            if len(names) == len(parts) and all(
                name.startswith("{") or name == part
                for name, part in zip(names, parts, strict=True)
            ):
                return route, {
                    name[1:-1]: unquote(part)
                    for name, part in zip(names, parts, strict=True)
                    if name.startswith("{")
                }
        raise LookupError(path)

    def _request_id(self) -> str:
        self._count += 1
        return f"request-{self._count}"


BROWSER_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    "Content-Type": "application/x-www-form-urlencoded",
    "Origin": "https://site.example",
    "Sec-Fetch-Mode": "navigate",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
}


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    """Return ``Idempotency-Key`` for ``idempotency_key``."""
    return {name.replace("_", "-").title(): value for name, value in headers.items()}
