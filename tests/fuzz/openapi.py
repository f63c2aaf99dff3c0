"""schemathesis over docs/openapi.yaml: the document and the app must say the same.

Every check of schemathesis is on, in every phase: examples, coverage, fuzzing and stateful,
which follows the document's links. The app answers on a port of 127.0.0.1, behind API Gateway's
conversion, with the owner's token and (by the check ``ignored_auth``) without.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from random import Random
from typing import TYPE_CHECKING, Any

import schemathesis
import yaml
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from werkzeug.serving import WSGIRequestHandler, make_server

import app as routes
from chalicelib.config import PROJECT_DIR
from tests.fuzz.forms import FORMS
from tests.fuzz.promises import broken_promises, kind_of
from tests.fuzz.stores import running
from tests.fuzz.tally import Tally
from tests.gateway import Gateway

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conversion import Answer
    from tests.fuzz.stores import Running

DOCUMENT = PROJECT_DIR / "docs" / "openapi.yaml"
# A form's own declaration, which is not in the document, refuses what the document allows: 422
# for a field, 403 for a page, 410 for a closed form, 413 beyond its own limit, 400 for a text
# that is no cursor.
_REFUSED_BY_THE_FORM = ["400", "403", "410", "413", "422"]
# Where Lambda ends the function; how long it really takes is measured in processor time.
_MAX_SECONDS = 15.0


def fuzz(seed: int, *, seconds: float | None, examples: int) -> Tally:
    """Run all phases, and count the requests and the checks.

    Args:
        seed: of schemathesis.
        seconds: for how long, with phases that draw anew repeated; None is each phase once.
        examples: for each operation, or for each scenario of the stateful phase.
    """
    tally = Tally("openapi")
    with ExitStack() as stack:
        it = stack.enter_context(running("dynamodb", Random(seed)))  # noqa: S311  to be repeated
        url = stack.enter_context(_served(Wsgi(it, tally)))
        config = _config(seed, seconds, examples, it.tokens[0], url)
        for event in from_schema(
            schemathesis.openapi.from_dict(document(), config=config)
        ).execute():
            if isinstance(event, ScenarioFinished):
                _count(event, tally)
            elif isinstance(event, NonFatalError):
                tally.breaks(tally.inputs, f"{event.label}: {event.value!r} {event.value}")
            elif isinstance(event, FatalError):
                tally.breaks(tally.inputs, repr(event.exception))
    return tally


def document() -> dict[str, Any]:
    """Return docs/openapi.yaml, which is told what forms there are."""
    # YAML's anchors make one object of what is written once, and schemathesis adds links to it.
    loaded: dict[str, Any] = json.loads(json.dumps(yaml.safe_load(DOCUMENT.read_text("utf-8"))))
    loaded["components"]["parameters"]["FormId"]["schema"] = {"enum": list(FORMS)}
    return loaded


class Wsgi:
    """The app as a WSGI application."""

    def __init__(self, it: Running, tally: Tally) -> None:
        self._it = it
        self._tally = tally
        # Any method reaches the app: which ones there are is what the document says.
        self._gateway = Gateway(it.function, list(routes.app.routes))

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterator[bytes]:
        self._it.clock.advance(seconds=30)
        started = time.thread_time()
        answer = self._answer(environ)
        seconds = time.thread_time() - started
        self._note(environ, answer, seconds)
        names = dict(answer.headers)
        phrase = HTTPStatus(answer.status).phrase
        start_response(f"{answer.status} {phrase}", list(names.items()))
        return iter([answer.text.encode()])

    def _answer(self, environ: dict[str, Any]) -> Answer:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        return self._gateway.request(
            environ["REQUEST_METHOD"],
            environ["REQUEST_URI"],
            headers=list(_headers(environ)),
            body=environ["wsgi.input"].read(length),
        )

    def _note(self, environ: dict[str, Any], answer: Answer, seconds: float) -> None:
        tally = self._tally
        asked = f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']}"
        tally.inputs += 1
        tally.counts[kind_of(answer)] += 1
        for what in broken_promises(answer):
            tally.breaks(tally.inputs, f"{what}: {asked}")
        if seconds > tally.worst_seconds:
            tally.worst_seconds, tally.worst_input = seconds, asked[:200]


class _Quiet(WSGIRequestHandler):
    # A kept connection spares one for each request.
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  its name there
        """Say nothing: what is answered is counted."""


@contextmanager
def _served(app: Any) -> Iterator[str]:
    """Yield where an application answers for as long."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _headers(environ: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name.removeprefix("HTTP_").replace("_", "-").title(), value
    if environ.get("CONTENT_TYPE"):
        yield "Content-Type", environ["CONTENT_TYPE"]


def _config(
    seed: int, seconds: float | None, examples: int, token: str, url: str
) -> schemathesis.Config:
    return schemathesis.Config.from_dict(
        {
            "seed": seed,
            **({} if seconds is None else {"max-time": max(1, int(seconds))}),
            "base-url": url,
            # Nothing of an earlier run may lead this one.
            "cache": {"enabled": False},
            "headers": {"Authorization": f"Bearer {token}"},
            "continue-on-failure": True,
            "generation": {"max-examples": examples, "database": "none"},
            "checks": {
                "max_response_time": _MAX_SECONDS,
                # A form that is closed, or takes fewer bytes, refuses before it looks.
                "negative_data_rejection": {
                    "expected-statuses": [*_REFUSED_BY_THE_FORM, "401", "404", "405", "415", "429"]
                },
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", "3xx", "404", "429", *_REFUSED_BY_THE_FORM]
                },
            },
            # API Gateway answers OPTIONS, as the document says.
            "phases": {
                "coverage": {
                    "unexpected-methods": ["get", "put", "post", "delete", "patch", "trace"]
                }
            },
        }
    )


def _count(event: ScenarioFinished, tally: Tally) -> None:
    checks: Counter[str] = Counter()
    for case_id, nodes in event.recorder.checks.items():
        for node in nodes:
            checks[f"check {node.name}"] += 1
            if node.status == Status.FAILURE and node.failure_info is not None:
                message = node.failure_info.failure.message.replace("\n", " ")
                tally.breaks(tally.inputs, f"{node.name}: {message}: {_asked(event, case_id)}")
    tally.counts.update(checks)
    tally.counts[f"cases {event.phase.value}"] += len(event.recorder.cases)


def _asked(event: ScenarioFinished, case_id: str) -> str:
    request = event.recorder.interactions[case_id].request
    return f"{request.method} {request.uri} {request.body!r:.200}"
