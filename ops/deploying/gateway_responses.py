"""The answers that API Gateway gives by itself: problem+json, with CORS headers.

Chalice has no word for them, and each of its deployments replaces the API, so
they are put back after every one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ops.deploying.state import api_id

if TYPE_CHECKING:
    from ops.deploying.steps import Context

# A throttled client may try again at once; a bucket refills within a second.
_THROTTLED_RETRY_SECONDS = 1
# A quota ends with the day at the earliest.
_QUOTA_RETRY_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """One kind of answer.

    Attributes:
        kind: API Gateway's name for it.
        status: None keeps API Gateway's own, which differs within the kind.
        code: as in the errors of docs/http-api.md.
        title: what happened.
        detail: what the reader can do.
        retry_after_seconds: None where another try would not help.
    """

    kind: str
    status: int | None
    code: str
    title: str
    detail: str
    retry_after_seconds: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Headers by name; API Gateway wants constants in single quotes."""
        headers = {
            "Access-Control-Allow-Origin": "'*'",
            "Access-Control-Allow-Headers": "'*'",
            "Access-Control-Expose-Headers": "'X-Request-Id,Retry-After'",
            "Cache-Control": "'no-store'",
            "Content-Type": "'application/problem+json'",
            "Strict-Transport-Security": "'max-age=31536000'",
            "X-Content-Type-Options": "'nosniff'",
            "X-Request-Id": "context.requestId",
        }
        if self.retry_after_seconds is not None:
            headers["Retry-After"] = f"'{self.retry_after_seconds}'"
        return headers

    @property
    def template(self) -> str:
        """The body, as API Gateway's mapping template."""
        problem: dict[str, Any] = {
            "type": f"urn:formpost:{self.code}",
            "title": self.title,
            "detail": self.detail,
            "request_id": "$context.requestId",
            "errors": [{"field": None, "code": self.code.upper(), "message": self.detail}],
        }
        if self.status is not None:
            problem["status"] = self.status
        return json.dumps(problem)


_LATER = "The fault is ours. Please try again later."
GATEWAY_RESPONSES = (
    GatewayResponse(
        "DEFAULT_4XX",
        None,
        "submission_rejected",
        "The request was refused",
        "Please check the request.",
    ),
    GatewayResponse("DEFAULT_5XX", None, "internal_error", "Something went wrong", _LATER),
    GatewayResponse(
        # API Gateway's words for a path that it does not know.
        "MISSING_AUTHENTICATION_TOKEN",
        404,
        "path_not_found",
        "There is nothing here",
        "Please check the address and the method.",
    ),
    GatewayResponse(
        "REQUEST_TOO_LARGE",
        413,
        "submission_too_large",
        "This is too large",
        "Please send less.",
    ),
    GatewayResponse(
        "THROTTLED",
        429,
        "too_many_submissions",
        "Too many requests at once",
        "Please try again in a moment.",
        _THROTTLED_RETRY_SECONDS,
    ),
    GatewayResponse(
        "QUOTA_EXCEEDED",
        429,
        "too_many_submissions",
        "Too many requests",
        "Please try again later.",
        _QUOTA_RETRY_SECONDS,
    ),
    GatewayResponse("INTEGRATION_FAILURE", 502, "internal_error", "Something went wrong", _LATER),
    GatewayResponse("INTEGRATION_TIMEOUT", 504, "internal_error", "This took too long", _LATER),
)


class PutGatewayResponses:
    """Configure every one, and deploy the API with them."""

    title = "Gateway responses"

    def plan(self, context: Context) -> str:
        """Say which ones."""
        kinds = ", ".join(response.kind for response in GATEWAY_RESPONSES)
        return f"put {kinds} and deploy the API's stage {context.stage}"

    def run(self, context: Context) -> str:
        """Put all of them; a deployment makes them count."""
        client, rest_api_id = context.aws.apigateway, api_id(context)
        for response in GATEWAY_RESPONSES:
            client.put_gateway_response(restApiId=rest_api_id, **put_request(response))
        client.create_deployment(
            restApiId=rest_api_id,
            stageName=context.stage,
            description="formpost: gateway responses",
        )
        return f"{len(GATEWAY_RESPONSES)} with CORS headers and problem+json"


def put_request(response: GatewayResponse) -> dict[str, Any]:
    """Return the request of PutGatewayResponse, but for the API's id."""
    request: dict[str, Any] = {
        "responseType": response.kind,
        "responseParameters": {
            f"gatewayresponse.header.{name}": value for name, value in response.headers.items()
        },
        "responseTemplates": {"application/json": response.template},
    }
    if response.status is not None:
        request["statusCode"] = str(response.status)
    return request
