"""From an HTTP request to the event that API Gateway hands to Lambda.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from email.message import Message

    from ops.local.routes import RouteMatcher


class EventConverter:
    """Takes the place of ``chalice.local.LambdaEventConverter``."""

    def __init__(self, route_matcher: RouteMatcher, binary_types: Collection[str] = ()) -> None:
        self._route_matcher = route_matcher
        self._binary_types = binary_types

    def create_lambda_event(
        self,
        *,
        method: str,
        path: str,
        headers: Message | Mapping[str, str],
        body: bytes | None = None,
    ) -> dict[str, Any]:
        """Return the event.

        Args:
            method: e.g. ``POST``.
            path: path and query as the request line has them.
            headers: repeated names are kept when they come as a ``Message``.
            body: as received, None when there is none.

        Raises:
            ValueError: no route has this path.
        """
        route, parameters, query = self._route_matcher.match_route(path)
        path = path.partition("?")[0]
        values_by_name: dict[str, list[str]] = {}
        for name, value in headers.items():
            values_by_name.setdefault(name.lower(), []).append(value)
        return {
            "resource": route,
            "path": path,
            "httpMethod": method,
            "requestContext": {
                "httpMethod": method,
                "resourcePath": route,
                "identity": {"sourceIp": "127.0.0.1"},
                "path": path,
            },
            "headers": _last(values_by_name),
            "multiValueHeaders": values_by_name,
            "queryStringParameters": _last(query) or None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": parameters or None,
            "stageVariables": None,
            **self._encoded(body, values_by_name.get("content-type", [""])[-1]),
        }

    def _encoded(self, body: bytes | None, content_type: str) -> dict[str, Any]:
        if not body:
            return {"body": None, "isBase64Encoded": False}
        # Parameters such as a multipart boundary do not count.
        if content_type.partition(";")[0].strip().lower() in self._binary_types:
            return {"body": base64.b64encode(body).decode("ascii"), "isBase64Encoded": True}
        # Every other body is taken for text, and what is not UTF-8 in it is lost.
        return {"body": body.decode("utf-8", "replace"), "isBase64Encoded": False}


def _last(values_by_name: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: values[-1] for name, values in values_by_name.items()}
