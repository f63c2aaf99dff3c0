"""What has to be tried is found in the table, and in what other processes write there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib import retries
from chalicelib.delivery import Attempt, Delivery, DeliveryState, Task
from chalicelib.delivery_items import delivery_item
from ops.local.unfinished import asked_for_anew, pending_tasks
from tests.builders import NOON
from tests.fakes import MemoryDeliveries

OPENED = Delivery("contact", "S1", "email")
FAILED_ONCE = replace(
    OPENED,
    attempts=(Attempt(NOON, "answered 500", 12, 500, NOON + timedelta(seconds=10)),),
)
REFUSED = replace(
    OPENED,
    sent=DeliveryState.REFUSED,
    attempts=(Attempt(NOON, "answered 410", 12, 410),),
)


def event(*deliveries: Delivery) -> dict[str, Any]:
    return {"Records": [{"dynamodb": {"NewImage": delivery_item(each)}} for each in deliveries]}


def pending(*deliveries: Delivery) -> list[tuple[Task, float]]:
    store = MemoryDeliveries()
    for number, delivery in enumerate(deliveries):
        store.open(replace(delivery, submission_id=f"S{number}"))
    return list(pending_tasks(store, NOON + timedelta(seconds=4)))


def test_pending_deliveries_are_tried_when_they_are_due() -> None:
    tasks = pending(OPENED, FAILED_ONCE, REFUSED)

    assert tasks == [(Task("S0", "email", 0), 0.0), (Task("S1", "email", 1), 6.0)]


def test_delivery_whose_owner_asked_again_is_tried() -> None:
    assert list(asked_for_anew(event(retries.anew(REFUSED)))) == [Task("S1", "email", 1)]


def test_what_relay_and_deliver_write_themselves_is_in_the_queue_already() -> None:
    tried_again = replace(
        retries.anew(REFUSED), attempts=(*REFUSED.attempts, *FAILED_ONCE.attempts)
    )

    assert list(asked_for_anew(event(OPENED, FAILED_ONCE, REFUSED, tried_again))) == []


def test_other_items_are_passed_by() -> None:
    item = {"pk": {"S": "FORM#contact#0"}, "sk": {"S": "SUB#S1"}}

    assert list(asked_for_anew({"Records": [{"dynamodb": {"NewImage": item}}]})) == []
