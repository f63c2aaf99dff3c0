"""FormApp: the outermost layer between API Gateway and the routes.

Whatever happens inside, every answer that leaves here has CORS headers and a
request id, an error is problem+json or a page, and one line is logged.
"""

from __future__ import annotations

import logging
import time
from contextvars import ContextVar
from functools import cached_property, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from chalice.app import Chalice, CORSConfig, Response

from chalicelib import answers, failures, store_time
from chalicelib.errors import FormpostError, MethodNotAllowed
from chalicelib.exchange import Exchange
from chalicelib.model import timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalicelib.answers import Answer
    from chalicelib.inbox import Inbox, Owner
    from chalicelib.intake import Intake

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
A_DAY_SECONDS = 86_400
# API Gateway answers https only; this keeps a browser from asking a custom domain in plain text.
HTTPS_ONLY_SECONDS = 365 * A_DAY_SECONDS

# A constant, so that it cannot fail: no route uses cookies, so any page may ask.
CORS = CORSConfig(
    allow_origin="*",
    allow_headers=["*"],
    expose_headers=["X-Request-Id", "Retry-After", "X-Next-Cursor"],
    max_age=A_DAY_SECONDS,
)
_INTERNAL_ERROR = (
    "The fault is ours, and it is logged under the request id. Please try again later."
)
_current: ContextVar[Exchange] = ContextVar("exchange")


class FormApp(Chalice):
    """A Chalice app whose every answer keeps the public contract.

    Args:
        app_name: Chalice's name for the stack.
        intake: what form posts are accepted with.
        owner: makes what the owner's routes work with, in the first request to one of them.
        write_log: takes the one line of each request.
    """

    def __init__(
        self,
        app_name: str,
        *,
        intake: Intake,
        owner: Callable[[], Owner],
        write_log: Callable[[Mapping[str, Any]], None],
    ) -> None:
        super().__init__(app_name, configure_logs=False)
        self.intake = intake
        self._make_owner = owner
        self.write_log = write_log
        self.api.cors = CORS
        # Else API Gateway reads an upload as text and breaks it.
        self.api.binary_types.append("multipart/form-data")
        self.log.propagate = False
        self.log.handlers = [_FailureRecorder()]

    @property
    def exchange(self) -> Exchange:
        """The request that the running view answers."""
        return _current.get()

    @cached_property
    def owner(self) -> Owner:
        """What the owner's routes work with, made once."""
        return self._make_owner()

    @property
    def inbox(self) -> Inbox:
        """What the owner's verbs work with."""
        return self.owner.inbox

    def owner_route(
        self, path: str, method: str = "GET", scope: Literal["read", "write"] = "read"
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """Declare a route that runs its view only for a right token.

        Args:
            path: as Chalice's ``route`` takes it.
            method: the one method.
            scope: what the token must allow.
        """

        def declare(view: Callable[..., Answer]) -> Callable[..., Answer]:
            @wraps(view)
            def signed_in(**parameters: str) -> Answer:
                # A visitor's post must not wait for it.
                from chalicelib.tokens import Scope, sign_in

                exchange = self.exchange
                authorization = exchange.headers.get("authorization")
                exchange.token = sign_in(authorization, exchange.ip, Scope(scope), self.owner.gate)
                return view(**parameters)

            self.route(path, methods=[method])(signed_in)
            return view

        return declare

    def refuse_other_methods(self) -> None:
        """Answer every other method of each path with a 405; call it after the last route."""
        for path, entries in list(self.routes.items()):
            others = [method for method in METHODS if method not in entries]
            if others:
                self.route(path, methods=others)(_refusal([*entries, "OPTIONS"]))

    def _register_route(
        self, name: str, user_handler: Callable[..., Any], kwargs: Any, **unused: Any
    ) -> None:
        route = kwargs["kwargs"]
        # Any content type reaches us, so that the answer to a wrong one is ours.
        route.setdefault("content_types", ["*/*"])
        methods = route.setdefault("methods", ["GET"])
        # RFC 9110, 9.1: a server has both or neither.
        if "GET" in methods and "HEAD" not in methods:
            route["methods"] = [*methods, "HEAD"]
        super()._register_route(name, self._guarded(user_handler), kwargs, **unused)

    def _guarded(self, view: Callable[..., Answer]) -> Callable[..., Response]:
        """Turn what a view returns or raises into a response before Chalice hides it."""

        @wraps(view)
        def guarded(**parameters: str) -> Response:
            try:
                return self._response(view(**parameters))
            except Exception as error:  # noqa: BLE001  the log line has it
                return self._error_response(error)

        return guarded

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer one request of API Gateway."""
        started = time.perf_counter()
        store_time.begin()
        request_id = getattr(context, "aws_request_id", None) or str(uuid4())
        # API Gateway sends nothing but objects; a test event can be anything.
        exchange = Exchange(event if isinstance(event, dict) else {}, request_id)
        _current.set(exchange)
        try:
            answer = super().__call__(event, context)
        except Exception as error:  # noqa: BLE001  the log line has it
            answer = self._error_response(error).to_dict()
        if answer["statusCode"] != exchange.answered_status:
            answer = self._response_instead(answer["statusCode"]).to_dict()
        if exchange.method == "HEAD":
            answer["body"] = ""
        answer["headers"] = {
            **answer["headers"],
            **CORS.get_access_control_headers(),
            "X-Request-Id": request_id,
            "Strict-Transport-Security": f"max-age={HTTPS_ONLY_SECONDS}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            "Vary": "Accept",
        }
        self.write_log(self._log_line(answer["statusCode"], started))
        return dict(answer)

    def _response(self, answer: Answer) -> Response:
        self.exchange.answered_status = answer.status
        headers: dict[str, str | list[str]] = {"Content-Type": "application/json"}
        headers.update(answer.headers)
        return Response(answer.body, headers, int(answer.status))

    def _error_response(self, error: BaseException) -> Response:
        exchange = self.exchange
        problem = error if isinstance(error, FormpostError) else FormpostError(_INTERNAL_ERROR)
        exchange.outcome = problem.code
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            exchange.failure = error
        if exchange.wants_page:
            try:
                return self._response(answers.problem_page(problem, exchange, self.intake))
            except Exception as page_error:  # noqa: BLE001  the log line has it
                exchange.failure = page_error
        return self._response(answers.problem_json(problem, exchange))

    def _response_instead(self, status: int) -> Response:
        """Replace an answer that Chalice made by itself."""
        exchange = self.exchange
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = [*self.routes[exchange.route], "OPTIONS"]
            return self._error_response(MethodNotAllowed(method=exchange.method, allowed=allowed))
        return self._error_response(exchange.failure or RuntimeError(f"Chalice answered {status}"))

    def _log_line(self, status: int, started: float) -> dict[str, Any]:
        exchange = self.exchange
        line: dict[str, Any] = {
            "level": "error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "info",
            "time": timestamp(self.intake.now()),
            "request_id": exchange.request_id,
            "method": exchange.method,
            "route": exchange.route,
            # An unknown name is whatever somebody put into a URL.
            "form": exchange.form_id if exchange.form_id in self.intake.forms else None,
            "status": status,
            "outcome": exchange.outcome,
            "duration_ms": round((time.perf_counter() - started) * 1000, 1),
            "store_ms": store_time.waited_ms(),
        }
        if exchange.failure is not None:
            line["error"] = failures.describe(exchange.failure, _never_logged(exchange))
        return line


class _FailureRecorder(logging.Handler):
    """Keep what Chalice would log in several lines for our one."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            _current.get().failure = record.exc_info[1]


def _refusal(allowed: Sequence[str]) -> Callable[..., Answer]:
    def method_not_allowed(**_parameters: str) -> Answer:
        raise MethodNotAllowed(method=_current.get().method, allowed=allowed)

    return method_not_allowed


def _never_logged(exchange: Exchange) -> list[str] | None:
    """Return every value of the request that no log line may have; None if they are unclear."""
    pairs = answers.typed_pairs(exchange)
    if pairs is None:
        return None
    headers = ("user-agent", "idempotency-key", "authorization")
    own = (exchange.ip, *map(exchange.headers.get, headers), *exchange.query.values())
    return [*(value for _, value in pairs), *(value for value in own if value)]
