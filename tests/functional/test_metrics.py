"""What CloudWatch counts: read off the log lines of real requests, deliveries and bounces."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib import wiring
from chalicelib.config import Settings
from chalicelib.delivery import DeliveryState
from chalicelib.errors import FormpostError, StoreUnavailable, SubmissionRejected
from chalicelib.metrics import METRICS, embedded
from chalicelib.model import Target
from chalicelib.repository import Repository
from tests.builders import ADA, NOON
from tests.dynamodb import TABLE, dynamodb_client
from tests.emf import data_points
from tests.functional.stage import SENDER, stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.functional.conftest import Backend
    from tests.functional.stage import Stage

NAMESPACE = "formpost-test"
OWNER = Target("email", "email", {"to": ["owner@example.com"], "from": SENDER})
ANSWER = Target(
    "answer", "autoresponse", {"from": SENDER, "subject": "Thank you", "text": "We read it soon."}
)
TYPED = "typed-by-somebody"


def counted(log: list[Mapping[str, Any]]) -> dict[str, float]:
    """Return the sum of each metric, e.g. ``submissions spam``."""
    sums: defaultdict[str, float] = defaultdict(float)
    for line in log:
        document = embedded(line, namespace=NAMESPACE, now=NOON)
        for point in data_points(document) if "_aws" in document else ():
            assert (point.namespace, point.at) == (NAMESPACE, NOON.timestamp())
            sums[" ".join([point.name, *(value for _, value in point.dimensions)])] += point.value
    return dict(sums)


@pytest.fixture
def told() -> Iterator[Stage]:
    with stage(OWNER, ANSWER) as running:
        yield running


def test_each_post_counts_once_as_what_became_of_it(backend: Backend) -> None:
    post = backend.gateway.post_json
    post("/contact", ADA, idempotency_key="one")
    post("/contact", ADA, idempotency_key="one")
    post("/f/contact", {**ADA, "message": "another"})
    post("/contact", {**ADA, "_gotcha": "I am a bot"})
    post("/contact", {"email": TYPED})
    post("/f/any", {"of": "any"}, idempotency_key="\n")
    post("/f/mine", {"of": "any"}, origin="https://evil.example")
    post("/f/closed", ADA)
    post("/f/small", {"message": "x" * 100})
    post("/f/unknown", ADA)
    backend.lose_store()
    post("/contact", {**ADA, "message": "to nobody"})

    assert counted(backend.log) == {
        "submissions accepted": 2,
        "submissions repeat": 1,
        "submissions spam": 1,
        "submissions invalid_submission": 1,
        "submissions invalid_idempotency_key": 1,
        "submissions origin_not_allowed": 1,
        "submissions form_closed": 1,
        "submissions submission_too_large": 1,
        "submissions form_not_found": 1,
        "submissions store_unavailable": 1,
    }


def test_what_is_no_post_to_a_form_counts_as_nothing(backend: Backend) -> None:
    backend.gateway.get("/")
    backend.gateway.get("/health")
    backend.gateway.get("/contact")
    backend.gateway.get("/f/contact/thanks")
    backend.gateway.request("PUT", "/contact")
    backend.gateway.post_json("/wp-login.php", {"log": "admin"})
    backend.gateway.post_json("/people/find", {"email": "ann@example.com"})

    assert len(backend.log) == 7
    assert counted(backend.log) == {}


def test_nothing_that_was_sent_stands_in_a_metric(backend: Backend) -> None:
    """Nor the form: a metric costs money, and a URL can name any form."""
    backend.gateway.post_json(f"/f/{TYPED}", {"message": TYPED}, user_agent=TYPED)
    backend.gateway.post_json("/f/any", {"message": TYPED, TYPED: "x"}, idempotency_key=TYPED)

    documents = [embedded(line, namespace=NAMESPACE, now=NOON) for line in backend.log]
    assert TYPED not in json.dumps(documents)
    points = [point for document in documents for point in data_points(document)]
    assert {name for point in points for name, _ in point.dimensions} == {"outcome"}
    assert {value for point in points for _, value in point.dimensions} == {
        "accepted",
        "form_not_found",
    }


def test_the_wait_for_the_store_is_counted_as_it_was(backend: Backend) -> None:
    with dynamodb_client() as client:
        repository = Repository(
            lambda: client, table=TABLE, random_bytes=secrets.token_bytes, pause=lambda _s: None
        )
        backend.use(repository)
        backend.gateway.post_json("/contact", ADA)
        backend.gateway.get("/")

    stored, home = backend.log
    assert 0 < stored["store_ms"] <= stored["duration_ms"]
    assert home["store_ms"] == 0
    assert counted(backend.log) == {"submissions accepted": 1, "store_ms": stored["store_ms"]}


def test_the_wait_for_a_store_that_does_not_answer_is_counted_too(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        # Port 1 of this machine: nobody listens there.
        "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    backend.use(wiring.submission_store(Settings.from_env({"FORMPOST_STORE": "aws"})))

    assert backend.gateway.post_json("/contact", ADA).status == 503
    [line] = backend.log
    assert counted(backend.log) == {
        "submissions store_unavailable": 1,
        "store_ms": line["store_ms"],
    }


def test_each_attempt_counts_as_the_state_of_its_delivery(told: Stage) -> None:
    told.throttle_mail(times=1)
    told.store(reply_to="ann@example.com")
    told.relay()
    told.deliver_until_settled()

    assert counted(told.log) == {"deliveries pending": 1, "deliveries delivered": 2}


@pytest.mark.parametrize(
    ("target", "lost"), [("email", {"undelivered": 1}), ("answer", {})], ids=["owner", "visitor"]
)
def test_a_mail_that_came_back_from_its_owner_is_a_loss_and_one_from_a_visitor_is_not(
    told: Stage, target: str, lost: dict[str, float]
) -> None:
    submission = told.store(reply_to="ann@example.com")
    told.relay()
    told.deliver_until_settled()
    told.log.clear()
    told.bounce(submission, target)

    assert counted(told.log) == {"deliveries bounced": 1, **lost}


def test_a_notice_that_is_refused_for_good_is_a_loss() -> None:
    unverified = Target("email", "email", {"to": ["a@example.com"], "from": "not@verified.example"})
    with stage(unverified) as told:
        told.store()
        told.relay()
        told.deliver_until_settled()

    assert counted(told.log) == {"deliveries refused": 1, "undelivered": 1}


def test_a_record_that_cannot_be_read_is_a_loss(told: Stage) -> None:
    event = {"dynamodb": {"NewImage": {"pk": {"S": "FORM#contact#0"}, "sk": {"S": "SUB#broken"}}}}
    told.relay({"Records": [event]})

    assert counted(told.log) == {"undelivered": 1}


def test_a_line_about_something_else_is_written_as_it_is() -> None:
    """Whatever is logged one day must not fail for what counts."""
    for line in ({"event": "fault", "outcome": "fault"}, {"event": "summarize"}, {"level": "info"}):
        assert embedded(line, namespace=NAMESPACE, now=NOON) == line


def test_there_are_at_most_24_metrics() -> None:
    """$0.30 a month each, so $7.20 if every one of them occurs in every hour."""
    refusals = {SubmissionRejected, *SubmissionRejected.__subclasses__()} - {SubmissionRejected}
    outcomes = {"accepted", "repeat", "spam", StoreUnavailable.code, FormpostError.code}

    submissions = len(refusals) + len(outcomes)
    deliveries = len(DeliveryState)
    assert [name for name, (_, dimensions) in METRICS.items() if dimensions] == [
        "submissions",
        "deliveries",
    ]
    assert (submissions, deliveries) == (15, 7)
    assert submissions + deliveries + len({"store_ms", "undelivered"}) == 24


def test_a_stage_writes_its_metrics_into_the_same_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = {"outcome": "accepted", "method": "POST", "route": "/contact", "store_ms": 8.2}
    for name, value in {
        "FORMPOST_STORE": "aws",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    wiring.from_env().write_log(line)
    monkeypatch.setenv("FORMPOST_METRICS", "formpost-prod")
    wiring.from_env().write_log(line)

    plain, measured = map(json.loads, capsys.readouterr().out.splitlines())
    assert plain == line
    assert [(p.namespace, p.name, p.value) for p in data_points(measured)] == [
        ("formpost-prod", "submissions", 1),
        ("formpost-prod", "store_ms", 8.2),
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {"_aws": {"CloudWatchMetrics": []}},
        {"_aws": {"Timestamp": 1.5, "CloudWatchMetrics": []}},
        {"_aws": {"Timestamp": 1, "CloudWatchMetrics": [{"Namespace": "", "Dimensions": [[]]}]}},
    ],
)
def test_a_line_that_cloudwatch_would_not_take_is_seen(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="_aws"):
        list(data_points(broken))
