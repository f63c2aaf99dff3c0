"""Make Chalice's local server answer as API Gateway does, where it does not, and tell owners.

Chalice looks these classes up in its module when it starts a server, so
``mend`` puts ours in their place; ``chalice local`` and ``python -m ops run``
then behave alike. Routing, events and bodies are in routes.py, events.py and
request_body.py; which files restart ``chalice local`` is in reload.py. Chalice runs
no handler of a stream or a queue: outbox.py does, beside the server.
"""

from __future__ import annotations

import json
import sys
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from chalice import local

from chalicelib.errors import ConfigError
from ops.local import reload
from ops.local.events import EventConverter
from ops.local.http_server import LocalServer
from ops.local.request_body import BodyRefused, read_body
from ops.local.routes import RouteMatcher

if TYPE_CHECKING:
    from chalice.app import Chalice
    from chalice.config import Config

# What the gateway responses of a deployed API add to answers that no Lambda made.
_CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}


def mend() -> None:
    """Put our classes where Chalice looks for its own; calling it again changes nothing."""
    vars(local).update(
        RouteMatcher=RouteMatcher, LambdaEventConverter=EventConverter, LocalDevServer=GatewayServer
    )
    reload.watch_sources_only()


class GatewayServer(local.LocalDevServer):
    """Chalice's server around our request handler, and what AWS would start beside it."""

    def __init__(self, app: Chalice, config: Config, host: str, port: int) -> None:
        super().__init__(
            app, config, host, port, handler_cls=GatewayRequestHandler, server_cls=LocalServer
        )

    def serve_forever(self) -> None:
        """Serve; ``chalice local`` calls this, ``python -m ops run`` starts both by itself."""
        from ops.local import outbox

        try:
            outbox.start_pump(self.app_object)
        except ConfigError as error:
            # Every request will be answered with the same, until it is mended.
            print(error, file=sys.stderr)
        super().serve_forever()


class GatewayRequestHandler(local.ChaliceRequestHandler):
    """One connection; the names are those of ``http.server`` and Chalice."""

    # Head and body of an answer are two packets, and the second would wait for the client's
    # delayed acknowledgement of the first: 40 ms for each request on a kept connection.
    disable_nagle_algorithm = True

    def _generic_handle(self) -> None:
        try:
            body = read_body(self.headers, self.rfile)
        except BodyRefused as refusal:
            # API Gateway answers these itself. What follows in the stream cannot be told apart.
            self.close_connection = True
            self._send_own_answer(refusal.status, str(refusal))
            return
        try:
            answer = self.local_gateway.handle_request(
                method=self.command, path=self.path, headers=self.headers, body=body
            )
        except local.LocalGatewayException as error:
            self._send_http_response(error.CODE, {**error.headers, **_CORS}, error.body)
        except Exception:  # noqa: BLE001
            # As deployed: whatever a Lambda dies of, the client sees this and the log has it.
            traceback.print_exc()
            self._send_own_answer(HTTPStatus.BAD_GATEWAY, "Internal server error")
        else:
            headers = {**answer["headers"], **answer["multiValueHeaders"]}
            self._send_http_response(
                answer["statusCode"], headers, self._handle_binary(answer)["body"]
            )

    # Chalice binds these names to its own method, so an override of that alone is not called.
    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = do_OPTIONS = _generic_handle  # noqa: N815

    def _send_own_answer(self, status: HTTPStatus, message: str) -> None:
        self._send_http_response(status, dict(_CORS), json.dumps({"message": message}))

    def _send_http_response(
        self, code: int, headers: dict[str, Any], body: str | bytes | None
    ) -> None:
        content = body.encode() if isinstance(body, str) else body or b""
        if body is not None and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
        headers["Content-Length"] = str(len(content))
        if self.close_connection:
            headers["Connection"] = "close"
        self.send_response(code)
        self._send_headers(headers)
        # The head of an answer to HEAD is that of a GET, but a body would be taken for the
        # beginning of the next answer.
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_args: Any) -> None:
        """Say nothing: the app logs one line a request, without the visitor's address."""
