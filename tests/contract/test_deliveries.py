"""Deliveries, in the fake that other tests use and in DynamoDB: the two must not differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chalicelib.deliveries import Deliveries
from chalicelib.delivery import Attempt, Delivery, DeliveryList, DeliveryState, Feedback
from chalicelib.errors import StoreUnavailable
from tests.builders import NOON, a_submission
from tests.dynamodb import TABLE
from tests.fakes import MemoryDeliveries

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OPENED = Delivery("contact", "sub-1", "email", expires_at=99)
NO_ANSWER = Attempt(NOON, "no answer", 1200, next_try_at=NOON + timedelta(seconds=10))
ANSWERED = Attempt(NOON, "answered 200", 80, status=200)


@pytest.fixture(params=["memory", "dynamodb"])
def deliveries(request: pytest.FixtureRequest) -> MemoryDeliveries | Deliveries:
    if request.param == "memory":
        return MemoryDeliveries()
    client = request.getfixturevalue("dynamodb")
    return Deliveries(lambda: client, table=TABLE)


def test_a_delivery_is_opened_once(deliveries: Deliveries) -> None:
    assert deliveries.open(OPENED) == OPENED
    tried = replace(OPENED, attempts=(NO_ANSWER,))
    deliveries.save(tried)

    assert deliveries.open(OPENED) == tried


@pytest.mark.parametrize(
    "changes",
    [
        {"attempts": (NO_ANSWER,)},
        {"sent": DeliveryState.DELIVERED, "attempts": (NO_ANSWER, ANSWERED)},
        {"sent": DeliveryState.FAILED, "earlier_attempts": 1, "attempts": (NO_ANSWER,) * 11},
        {
            "sent": DeliveryState.DELIVERED,
            "attempts": (ANSWERED,),
            "feedback": Feedback(NOON, DeliveryState.BOUNCED, "550 no such user"),
        },
        {"expires_at": None},
    ],
)
def test_what_is_saved_is_read(deliveries: Deliveries, changes: dict[str, Any]) -> None:
    deliveries.open(OPENED)
    changed = replace(OPENED, **changes)

    deliveries.save(changed)

    assert deliveries.get("sub-1", "email") == changed


def test_one_that_is_not_there_is_none_and_is_not_made_by_saving(deliveries: Deliveries) -> None:
    deliveries.save(OPENED)

    assert deliveries.get("sub-1", "email") is None


def test_the_deliveries_of_a_submission_are_found(deliveries: Deliveries) -> None:
    for submission_id, target in [("sub-1", "webhook"), ("sub-1", "email"), ("sub-2", "email")]:
        deliveries.open(Delivery("contact", submission_id, target))

    found = [delivery.target for delivery in deliveries.of_submission("sub-1")]

    assert found == ["email", "webhook"]
    assert deliveries.of_submission("sub-3") == ()


def test_what_is_not_delivered_is_listed(deliveries: Deliveries) -> None:
    """Of many submissions, so that every part of the list is looked at."""
    for number, state in enumerate(DeliveryState):
        for seed in range(10):
            submission_id = a_submission(minutes=number, seed=seed).id
            opened = deliveries.open(Delivery("contact", submission_id, state))
            if state in {DeliveryState.BOUNCED, DeliveryState.COMPLAINED}:
                feedback = Feedback(NOON, state, "came back")
                opened = replace(opened, sent=DeliveryState.DELIVERED, feedback=feedback)
            else:
                opened = replace(opened, sent=state)
            deliveries.save(opened)

    def count(listed: DeliveryList) -> dict[str, int]:
        states = [delivery.state.value for delivery in deliveries.listed(listed)]
        return {state: states.count(state) for state in states}

    assert count(DeliveryList.PENDING) == {"pending": 10}
    assert count(DeliveryList.UNDELIVERED) == {
        "failed": 10,
        "refused": 10,
        "bounced": 10,
        "complained": 10,
    }


def test_one_submission_has_an_address_until_its_time_is_over(deliveries: Deliveries) -> None:
    noon = int(NOON.timestamp())

    def claim(submission_id: str, *, hours: float = 0, hashed: str = "ada") -> bool:
        now = NOON + timedelta(hours=hours)
        return deliveries.claim_address(hashed, submission_id, now=now, expires_at=noon + 24 * 3600)

    assert claim("sub-1")
    assert claim("sub-1")
    assert not claim("sub-2", hours=23)
    assert claim("sub-2", hashed="grace")
    assert claim("sub-2", hours=24)


def test_of_two_summaries_at_once_one_is_noted(deliveries: Deliveries) -> None:
    later = NOON + timedelta(days=1)

    assert deliveries.last_summary() is None
    assert deliveries.save_summary(NOON, since=None)
    assert not deliveries.save_summary(NOON, since=None)
    assert deliveries.last_summary() == NOON
    assert deliveries.save_summary(later, since=NOON)
    assert not deliveries.save_summary(later, since=NOON)
    assert deliveries.last_summary() == later


def test_a_page_of_the_list_is_not_its_end(dynamodb: DynamoDBClient) -> None:
    """DynamoDB ends a page at 1 MB; these are some 2 MB in one bucket."""
    deliveries = Deliveries(lambda: dynamodb, table=TABLE)
    long = replace(NO_ANSWER, outcome="x" * 100_000)
    for number in range(20):
        opened = deliveries.open(Delivery("contact", "sub-1", f"target-{number:02}"))
        deliveries.save(replace(opened, attempts=(long,)))

    assert len(list(deliveries.listed(DeliveryList.PENDING))) == 20
    assert len(deliveries.of_submission("sub-1")) == 20


@pytest.mark.parametrize(
    "failure",
    [
        ConnectTimeoutError(endpoint_url="https://dynamodb.example"),
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow"}}, "GetItem"),
    ],
)
def test_a_store_that_does_not_answer_is_unavailable(failure: Exception) -> None:
    class Down:
        def get_item(self, **_request: object) -> None:
            raise failure

    with pytest.raises(StoreUnavailable):
        Deliveries(Down, table=TABLE).get("sub-1", "email")  # type: ignore[arg-type]
