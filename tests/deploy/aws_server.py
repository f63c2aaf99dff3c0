"""``python -m tests.deploy.aws_server PORT``: an AWS on 127.0.0.1.

moto, with a CloudFormation and an SES of our own, that counts every call by name and
can be told to refuse one.
"""

from __future__ import annotations

import io
import json
import re
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
from werkzeug.wrappers import Request, Response

from tests.deploy import moto_mends
from tests.deploy.cloudformation import CloudFormation, Refused
from tests.deploy.ses import Ses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SERVICE = re.compile(r"/\d{8}/[a-z0-9-]+/([a-z0-9-]+)/aws4_request")
_QUERY_SERVICES = {"cloudformation", "iam", "sns", "sts"}
# Not an id, nor a name of ours.
_WORD = re.compile(r"[a-z-]{4,}")


class AwsServer:
    """The WSGI application.

    Its own paths: ``/_calls`` lists what was asked since the last time, ``/_sent``
    everything with its body, ``/_refuse``
    takes the name of the call that is refused once, and how many of that name are
    answered before; ``/_stack_status`` takes a stack and its status; ``/_ses`` takes what SES
    says of the account, and which identities it has verified; ``/_reset`` forgets everything.
    """

    def __init__(self, endpoint_url: str) -> None:
        moto_mends.mend()
        self._endpoint_url = endpoint_url
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._calls: list[str] = []
        self._sent: list[tuple[str, str]] = []
        self._refused, self._allowed_before = "", 0
        self._cloudformation = CloudFormation(endpoint_url)
        self._ses = Ses()

    def __call__(self, environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ, populate_request=True)
        if request.path.startswith("/_"):
            return self._own(request)(environ, start_response)
        service = _service(request)
        body = request.get_data()
        # moto reads it as well.
        environ["wsgi.input"] = io.BytesIO(body)
        call = _call_name(request, service, body)
        self._calls.append(call)
        self._sent.append((call, body.decode(errors="replace")))
        if call == self._refused and self._allowed_before:
            self._allowed_before -= 1
        elif call == self._refused:
            self._refused = ""
            return _refusal(request)(environ, start_response)
        if service == "cloudformation":
            return self._cloudformation_answer(body)(environ, start_response)
        if service == "ses":
            return self._ses.answer(request)(environ, start_response)
        return self._moto(environ, start_response)  # type: ignore[no-any-return]

    def _own(self, request: Request) -> Response:
        if request.path == "/_calls":
            calls, self._calls = self._calls, []
            return Response(json.dumps(calls), content_type="application/json")
        if request.path == "/_sent":
            return Response(json.dumps(self._sent), content_type="application/json")
        if request.path == "/_refuse":
            self._refused, self._allowed_before = json.loads(request.get_data())
        if request.path == "/_stack_status":
            self._cloudformation.set_status(*json.loads(request.get_data()))
        if request.path == "/_ses":
            account, self._ses.verified_by_identity = json.loads(request.get_data())
            self._ses.account |= account
        if request.path == "/_reset":
            self._reset()
        return Response("ok")

    def _reset(self) -> None:
        self._calls, self._sent = [], []
        self._refused, self._allowed_before = "", 0
        self._cloudformation = CloudFormation(self._endpoint_url)
        self._ses = Ses()

    def _cloudformation_answer(self, body: bytes) -> Response:
        try:
            answer = self._cloudformation.answer(
                dict(parse_qsl(body.decode(), keep_blank_values=True))
            )
        except Refused as refused:
            return Response(
                f"<ErrorResponse><Error><Code>ValidationError</Code><Message>{refused}</Message>"
                "</Error></ErrorResponse>",
                status=400,
                content_type="text/xml",
            )
        return Response(answer, content_type="text/xml")


def _service(request: Request) -> str:
    found = _SERVICE.search(request.headers.get("Authorization", ""))
    return found[1] if found else ""


def _call_name(request: Request, service: str, body: bytes) -> str:
    """Return e.g. ``dynamodb:CreateTable`` or ``apigateway:PUT gatewayresponses``."""
    target = request.headers.get("X-Amz-Target", "")
    if target:
        return f"{service}:{target.rpartition('.')[2]}"
    if service in _QUERY_SERVICES:
        return f"{service}:{dict(parse_qsl(body.decode())).get('Action', '')}"
    parts = request.path.strip("/").split("/")
    if service == "apigateway":
        # Collections and ids take turns, and an id can look like a word.
        return f"{service}:{request.method} {parts[0::2][-1]}"
    words = [part for part in parts if _WORD.fullmatch(part)]
    return f"{service}:{request.method} {words[-1] if words else '/'}"


def _refusal(request: Request) -> Response:
    if "X-Amz-Target" in request.headers or request.headers.get("Content-Type", "").startswith(
        "application/json"
    ):
        return Response(
            json.dumps({"__type": "AccessDeniedException", "message": "refused by the test"}),
            status=403,
            headers={"x-amzn-ErrorType": "AccessDeniedException"},
            content_type="application/json",
        )
    return Response(
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>refused by the test</Message>"
        "</Error></ErrorResponse>",
        status=403,
        content_type="text/xml",
    )


def main(port: int) -> None:
    """Serve until the process is ended."""
    endpoint_url = f"http://127.0.0.1:{port}"
    run_simple("127.0.0.1", port, AwsServer(endpoint_url), threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
