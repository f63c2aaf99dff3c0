"""API Gateway in front of the app: its routes, stage and limits; conversion.py has the rest.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests import conversion
from tests.conversion import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    Headers = Mapping[str, str] | Iterable[tuple[str, str]]

DOMAIN = "abc123.execute-api.eu-west-1.amazonaws.com"
MAX_BODY_BYTES = 10 * 1024 * 1024
# Lambda's limit for the event, and again for its answer.
MAX_PAYLOAD_BYTES = 6 * 1024 * 1024
TOO_LARGE = Answer(413, {}, '{"message": "Request Too Long"}')
UNKNOWN = Answer(403, {}, '{"message": "Missing Authentication Token"}')
FAILED = Answer(502, {}, '{"message": "Internal server error"}')
LATE = Answer(504, {}, '{"message": "Endpoint request timed out"}')


class FunctionFailed(Exception):
    """The function raised, or its process has ended."""


class Gateway:
    """Sends requests to a Lambda function as API Gateway does, below its stage's prefix.

    Args:
        function: takes event and context, and returns the answer.
        routes: the paths; as a mapping, with the methods of each.
        stage: the first part of every path that clients use.
        binary_types: bodies of these types reach the function as base64, others as text.
        preflights: by route, the headers with which API Gateway answers OPTIONS itself.
    """

    def __init__(
        self,
        function: Callable[[Any, Any], Any],
        routes: Iterable[str],
        *,
        stage: str = "prod",
        binary_types: Collection[str] = ("multipart/form-data",),
        preflights: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self._function = function
        self._routes = routes if isinstance(routes, Mapping) else dict.fromkeys(routes)
        self._stage = stage
        self._binary_types = binary_types
        self._preflights = preflights or {}
        self._count = 0

    def request(
        self, method: str, url: str, *, headers: Headers = (), body: bytes | None = None
    ) -> Answer:
        """Send what a client sends, to a path below the stage or to a whole URL."""
        path = url.removeprefix(f"https://{DOMAIN}/{self._stage}") or "/"
        found = conversion.matched(urlsplit(path).path, self._routes)
        if not path.startswith("/") or found is None:
            return UNKNOWN
        route = found[0]
        if method == "OPTIONS" and route in self._preflights:
            return Answer(HTTPStatus.OK, dict(self._preflights[route]), "")
        methods = self._routes[route]
        if methods is not None and method not in methods:
            return UNKNOWN
        if len(body or b"") > MAX_BODY_BYTES:
            return TOO_LARGE
        return self.send(self.event(method, path, headers=headers, body=body))

    def send(self, event: Mapping[str, Any]) -> Answer:
        """Invoke the function with an event, which need not be one that we make."""
        if _size(event) > MAX_PAYLOAD_BYTES:
            return TOO_LARGE
        try:
            result = self._function(event, SimpleNamespace(aws_request_id=self._request_id()))
        except FunctionFailed:
            return FAILED
        except TimeoutError:
            return LATE
        if _size(result) > MAX_PAYLOAD_BYTES:
            return FAILED
        accept = conversion.header(event.get("multiValueHeaders") or {}, "accept")
        # What reaches API Gateway is JSON.
        result = json.loads(json.dumps(result))
        return conversion.answer_from(result, accept, self._binary_types) or FAILED

    def event(
        self, method: str, path: str, *, headers: Headers = (), body: bytes | None = None
    ) -> dict[str, Any]:
        url = urlsplit(path)
        found = conversion.matched(url.path, self._routes)
        if found is None:
            raise LookupError(path)
        route, parameters = found
        query = parse_qs(url.query, keep_blank_values=True)
        values = conversion.values_by_name(headers)
        content_type = conversion.header(values, "content-type")
        return {
            "resource": route,
            "path": url.path,
            "httpMethod": method,
            "headers": conversion.last(values),
            "multiValueHeaders": values or None,
            "queryStringParameters": conversion.last(query),
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
                "identity": {
                    "sourceIp": "192.0.2.1",
                    "userAgent": conversion.header(values, "user-agent"),
                },
            },
            **conversion.encoded(body, content_type, self._binary_types),
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
        json_headers = {"Accept": "application/json", "Content-Type": "application/json"}
        return self.request(
            "POST",
            path,
            headers={**json_headers, **_dashed(headers)},
            body=json.dumps(document).encode(),
        )

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


def _size(payload: Any) -> int:
    """Return the bytes of what goes to Lambda or comes from it."""
    return len(json.dumps(payload, ensure_ascii=False).encode(errors="surrogatepass"))
