"""Hostile events through the whole app, each with its own store's state and its own number."""

from __future__ import annotations

import json
import time
import traceback
from http import HTTPStatus
from random import Random
from typing import TYPE_CHECKING, Any

import app as routes
from tests import conversion
from tests.fuzz.dice import Dice
from tests.fuzz.events import event
from tests.fuzz.promises import broken_promises, kind_of
from tests.fuzz.stores import running
from tests.fuzz.tally import Slowest, Tally, measure_again
from tests.gateway import MAX_PAYLOAD_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.conversion import Answer
    from tests.fuzz.stores import Kind, Running

# What was stored is forgotten after so many inputs: a fuller store is slower and tells no more.
_INPUTS_A_STORE = 1_000
_LAST_IDS = 20


class Stopwatch:
    """The app, and how much processor time its last answer took."""

    def __init__(self, app: Callable[[Any, Any], Any]) -> None:
        self._app = app
        self.seconds = 0.0

    def __call__(self, event: Any, context: Any) -> Any:
        started = time.thread_time()
        try:
            return self._app(event, context)
        finally:
            self.seconds = time.thread_time() - started


def fuzz(kind: Kind, seed: int, *, seconds: float, inputs: int | None = None) -> Tally:
    """Send events until the time is over, or so many."""
    run = _Run(kind, seed, time.monotonic() + seconds, inputs)
    while not run.is_over():
        run.send_some()
    measure_again(run.tally, run.slowest.numbers(), lambda number: replay(kind, seed, number))
    return run.tally


def replay(kind: Kind, seed: int, number: int) -> Answer | None:
    """Send one event again, to an empty store."""
    with running(kind, Random(seed)) as it:  # noqa: S311  to be repeated, not guessed
        return _answer(it, one_event(kind, seed, number, it.tokens, ()))


def shown(seed: int, number: int) -> tuple[dict[str, Any], Answer | None]:
    """Return one event, and what an app with an empty store in memory answers."""
    with running("memory", Random(seed)) as it:  # noqa: S311  to be repeated, not guessed
        sent = one_event("memory", seed, number, it.tokens, ())
        return sent, _answer(it, sent)


def one_event(
    kind: Kind, seed: int, number: int, tokens: Sequence[str], ids: Sequence[str]
) -> dict[str, Any]:
    return event(Dice(seed, f"events/{kind}", number), ROUTES, tokens, ids)


class _Run:
    """One run of an entrance, which begins with an empty store every now and then."""

    def __init__(self, kind: Kind, seed: int, ends_at: float, inputs: int | None) -> None:
        self._kind: Kind = kind
        self._seed = seed
        self._ends_at = ends_at
        self._inputs = inputs
        self.tally = Tally(f"events, store in {'memory' if kind == 'memory' else 'DynamoDB'}")
        self.slowest = Slowest()

    def is_over(self) -> bool:
        if self._inputs is not None:
            return self.tally.inputs >= self._inputs
        return time.monotonic() >= self._ends_at

    def send_some(self) -> None:
        """Send as many as one store takes."""
        watches: list[Stopwatch] = []

        def watched(app: Any) -> Stopwatch:
            watches.append(Stopwatch(app))
            return watches[0]

        ids: list[str] = []
        first = self.tally.inputs
        random = Random(f"{self._seed}/{first}")  # noqa: S311  to be repeated, not guessed
        with running(self._kind, random, wrap=watched) as it:
            for number in range(first, first + _INPUTS_A_STORE):
                # A minute between two, so that windows, claims and retention end on the way.
                it.clock.advance(seconds=60)
                known = ids[-_LAST_IDS:]
                sent = one_event(self._kind, self._seed, number, it.tokens, known)
                answer = _answer(it, sent, self.tally, number)
                self._note(number, sent, answer, watches[0].seconds, it.log)
                if answer is not None and answer.status == HTTPStatus.CREATED:
                    ids.append(answer.json["id"])
                it.log.clear()
                if self.is_over():
                    return

    def _note(
        self,
        number: int,
        sent: Mapping[str, Any],
        answer: Answer | None,
        seconds: float,
        log: Sequence[Mapping[str, Any]],
    ) -> None:
        self.tally.inputs += 1
        self.tally.counts[kind_of(answer)] += 1
        for what in broken_promises(answer):
            self.tally.breaks(number, f"{what}: {_said(log)}")
        self.slowest.note(number, seconds, len(sent["body"] or ""))


def _answer(
    it: Running, sent: Mapping[str, Any], tally: Tally | None = None, number: int = 0
) -> Answer | None:
    try:
        result = it.function(sent, _Context())
        # As Lambda's runtime client writes it; half of a surrogate pair ends the function here.
        text = json.dumps(result, ensure_ascii=False).encode()
        if len(text) > MAX_PAYLOAD_BYTES:
            return None
        return conversion.answer_from(json.loads(text), None, ())
    except Exception:  # noqa: BLE001  whatever left the handler is what is looked for
        if tally is not None:
            tally.breaks(number, traceback.format_exc(limit=-3))
        return None


class _Context:
    """What Lambda says of the invocation."""

    aws_request_id = "request-1"


def _said(log: Sequence[Mapping[str, Any]]) -> str:
    line = log[-1] if log else {}
    return f"{line.get('method')} {line.get('route')} {line.get('error', line.get('outcome'))}"


def _routes() -> dict[str, tuple[str, ...]]:
    """Return the methods that each path serves, without those that it only refuses."""
    return {
        path: tuple(m for m, e in entries.items() if e.view_name != "method_not_allowed")
        or ("GET",)
        for path, entries in routes.app.routes.items()
    }


ROUTES = _routes()
