"""Tasks become messages: ten a request, as late as SQS can, none lost in silence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.delivery import Task
from chalicelib.delivery_queue import DeliveryQueue
from chalicelib.errors import DeliveryFailed
from chalicelib.events import delivery_task


class RecordingSqs:
    """Takes what it is sent; refuses or fails as it is told."""

    def __init__(self, failure: Exception | None = None, *, refused: bool = False) -> None:
        self.requests: list[dict[str, Any]] = []
        self._failure = failure
        self._refused = refused

    def get_queue_url(self, *, QueueName: str) -> dict[str, str]:  # noqa: N803  boto3's name
        return {"QueueUrl": f"https://sqs.example/{QueueName}"}

    def send_message_batch(self, **request: Any) -> dict[str, Any]:
        if self._failure:
            raise self._failure
        self.requests.append(request)
        return {"Failed": [{"Id": "0"}]} if self._refused else {"Successful": []}


def queue_over(sqs: RecordingSqs) -> DeliveryQueue:
    client: Any = sqs
    return DeliveryQueue(lambda: client, name="deliveries", dead_letters="dead")


def test_what_deliver_gets_is_what_was_put() -> None:
    sqs = RecordingSqs()
    task = Task("sub-1", "email", 3)

    queue_over(sqs).put([task])

    [request] = sqs.requests
    assert request["QueueUrl"] == "https://sqs.example/deliveries"
    [entry] = request["Entries"]
    assert delivery_task({"Records": [{"body": entry["MessageBody"]}]}) == task
    assert entry["DelaySeconds"] == 0


def test_twenty_one_tasks_are_three_requests() -> None:
    """SQS takes ten at once."""
    sqs = RecordingSqs()

    queue_over(sqs).put([Task(f"sub-{number}", "email") for number in range(21)])

    assert [len(request["Entries"]) for request in sqs.requests] == [10, 10, 1]
    sent = [json.loads(e["MessageBody"]) for r in sqs.requests for e in r["Entries"]]
    assert [task["submission_id"] for task in sent] == [f"sub-{number}" for number in range(21)]
    assert all(len({e["Id"] for e in r["Entries"]}) == len(r["Entries"]) for r in sqs.requests)


@pytest.mark.parametrize(
    ("asked_seconds", "delay_seconds"), [(0, 0), (10.4, 10), (900, 900), (28_800, 900), (-1, 0)]
)
def test_a_delay_is_fifteen_minutes_at_most(asked_seconds: float, delay_seconds: int) -> None:
    sqs = RecordingSqs()

    queue_over(sqs).put([Task("sub-1", "email")], delay_seconds=asked_seconds)

    assert sqs.requests[0]["Entries"][0]["DelaySeconds"] == delay_seconds


def test_the_last_try_goes_to_the_dead_letters() -> None:
    sqs = RecordingSqs()

    queue_over(sqs).bury(Task("sub-1", "email", 10))

    assert sqs.requests[0]["QueueUrl"] == "https://sqs.example/dead"


@pytest.mark.parametrize(
    "sqs",
    [
        RecordingSqs(refused=True),
        RecordingSqs(EndpointConnectionError(endpoint_url="https://sqs.example")),
        RecordingSqs(ClientError({"Error": {"Code": "Throttled", "Message": ""}}, "Send")),
    ],
    ids=["refused", "no connection", "throttled"],
)
def test_what_the_queue_does_not_take_is_told(sqs: RecordingSqs) -> None:
    """SQS answers 200 when it refuses one of a batch."""
    with pytest.raises(DeliveryFailed):
        queue_over(sqs).put([Task("sub-1", "email")])
