"""What moto lacks for Chalice: its API documents are Swagger 2.0, with mock integrations.

A write to a table with an event source also asks moto for a Lambda, which needs Docker.

Nothing of ours is touched: only the emulator, in a process of its own.
"""

from __future__ import annotations

from typing import Any

from moto.apigateway.models import APIGatewayBackend
from moto.awslambda.models import LambdaBackend


def mend() -> None:
    """Have moto take the documents that API Gateway takes."""
    put_rest_api = APIGatewayBackend.put_rest_api
    import_rest_api = APIGatewayBackend.import_rest_api

    def put(
        self: APIGatewayBackend, function_id: str, api_doc: Any, *rest: Any, **more: Any
    ) -> Any:
        return put_rest_api(self, function_id, _as_openapi(api_doc), *rest, **more)

    def import_(self: APIGatewayBackend, api_doc: Any, *rest: Any, **more: Any) -> Any:
        return import_rest_api(self, _as_openapi(api_doc), *rest, **more)

    APIGatewayBackend.put_rest_api = put  # type: ignore[method-assign]
    APIGatewayBackend.import_rest_api = import_  # type: ignore[method-assign]

    LambdaBackend.send_dynamodb_items = _invoke_nothing  # type: ignore[method-assign, assignment]


def _invoke_nothing(*_unused: Any, **_more: Any) -> None:
    """The functions are not run here."""


def _as_openapi(document: Any) -> Any:
    document = {**document, "openapi": "3.0.1"}
    document.pop("swagger", None)
    document["info"] = {"description": "", **document["info"]}
    for methods in document.get("paths", {}).values():
        for method in methods.values():
            integration = method.get("x-amazon-apigateway-integration")
            if integration is not None:
                integration.setdefault("uri", "")
                integration.setdefault("httpMethod", "POST")
    return document
