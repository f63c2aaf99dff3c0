"""A few seconds of the campaign, with a seed that stays; ``make fuzz`` is the long one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conversion import Answer
from tests.fuzz import guided, machine, openapi, whole_app
from tests.fuzz.promises import broken_promises, kind_of
from tests.fuzz.targets import TARGETS
from tests.gateway import FAILED

if TYPE_CHECKING:
    from tests.fuzz.stores import Kind
    from tests.fuzz.tally import Tally

SEED = 20261123
KEPT = {
    "Access-Control-Allow-Origin": "*",
    "X-Request-Id": "request-1",
    "X-Content-Type-Options": "nosniff",
}
OPERATIONS = 18


def assert_holds(tally: Tally, inputs: int) -> None:
    assert tally.broken == []
    assert tally.holds
    assert tally.inputs >= inputs


@pytest.mark.parametrize(("kind", "inputs"), [("memory", 2_000), ("dynamodb", 200)])
def test_no_hostile_event_breaks_a_promise(kind: Kind, inputs: int) -> None:
    tally = whole_app.fuzz(kind, SEED, seconds=0, inputs=inputs)

    assert_holds(tally, inputs)
    # What is refused at the door alone would say little of what is behind.
    assert tally.counts["2xx"] > inputs / 10
    assert tally.counts["4xx"] > inputs / 10


@pytest.mark.parametrize("target", TARGETS)
def test_no_mutated_input_breaks_a_reader(target: str) -> None:
    assert_holds(guided.mutate(target, SEED, seconds=0, inputs=300), 300)


@pytest.mark.parametrize(
    ("target", "name"),
    [(target, path.name) for target in TARGETS for path in guided.kept(target)],
)
def test_no_input_that_is_kept_breaks_a_reader(target: str, name: str) -> None:
    TARGETS[target]((guided.CORPORA / target / name).read_bytes())


def test_atheris_runs_where_it_can() -> None:
    assert_holds(guided.fuzz("cursors", SEED, seconds=0, inputs=2_000), 2_000)


def test_the_store_and_its_model_say_the_same() -> None:
    assert_holds(machine.fuzz(SEED, runs=2, steps=15), 15)


def test_the_document_and_the_app_say_the_same() -> None:
    """Every check of schemathesis, in every phase, on every operation."""
    tally = openapi.fuzz(SEED, seconds=None, examples=1)

    assert_holds(tally, 300)
    assert tally.counts["cases examples"] > 0
    assert tally.counts["cases stateful"] > 0
    assert tally.counts["cases coverage"] > 10 * OPERATIONS
    assert tally.counts["check not_a_server_error"] >= tally.counts["cases coverage"]


@pytest.mark.parametrize(
    ("answer", "broken"),
    [
        (None, ["dropped"]),
        (FAILED, ["dropped"]),
        (
            Answer(500, {**KEPT, "Content-Type": "text/html; charset=utf-8"}, "<p>"),
            ["answered 500"],
        ),
        (Answer(200, {**KEPT, "Access-Control-Allow-Origin": ""}, ""), ["without CORS"]),
        (Answer(200, {**KEPT, "X-Request-Id": ""}, ""), ["without X-Request-Id"]),
        (Answer(200, {**KEPT, "X-Content-Type-Options": ""}, ""), ["without nosniff"]),
        (Answer(200, {**KEPT, "Location": "/\r\nA: b"}, ""), ["a line break in a header"]),
        (Answer(200, {**KEPT, "Location": "/\xe9"}, ""), ["a header that is not ASCII"]),
        (Answer(400, KEPT, "{"), ["a problem that is no JSON"]),
        (Answer(200, KEPT, ""), []),
    ],
)
def test_a_broken_promise_is_seen(answer: Answer | None, broken: list[str]) -> None:
    """The judge of all the above."""
    assert list(broken_promises(answer)) == broken


def test_a_503_is_the_store_s_own_only_if_it_says_so() -> None:
    own = '{"type": "urn:formpost:store_unavailable"}'

    assert kind_of(Answer(503, KEPT, own)) == "the store's own 503"
    assert kind_of(Answer(503, KEPT, "{}")) == "5xx"
