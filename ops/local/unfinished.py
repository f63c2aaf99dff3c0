"""Which deliveries have to be tried though nothing in this process's queue says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.delivery import DeliveryList, DeliveryState, Task
from chalicelib.delivery_items import delivery_from, is_delivery
from chalicelib.events import written_images

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from chalicelib.delivery import Delivery
    from chalicelib.outbox import DeliveryStore


def pending_tasks(deliveries: DeliveryStore, now: datetime) -> Iterator[tuple[Task, float]]:
    """Yield a task for each pending delivery, and in how many seconds it is due."""
    for delivery in deliveries.listed(DeliveryList.PENDING):
        due_at = delivery.next_try_at or now
        yield _next_task(delivery), (due_at - now).total_seconds()


def asked_for_anew(event: Mapping[str, Any]) -> Iterator[Task]:
    """Yield a task for each delivery in a stream's event that its owner asked for again.

    The command that asks puts it into the queue of its own process, which ends. What relay
    and deliver write, and put into the queue here, does not look like that: a delivery has
    no earlier attempts when it is opened, and one more than those after an attempt.
    """
    for image in written_images(event):
        if is_delivery(image):
            delivery = delivery_from(image)
            attempts = len(delivery.attempts)
            if delivery.sent == DeliveryState.PENDING and 0 < attempts == delivery.earlier_attempts:
                yield _next_task(delivery)


def _next_task(delivery: Delivery) -> Task:
    return Task(delivery.submission_id, delivery.target, len(delivery.attempts))
