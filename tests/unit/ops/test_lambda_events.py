"""The events of stream and queue are those that AWS documents, and that events.py reads."""

from __future__ import annotations

from chalicelib import events
from chalicelib.delivery import Task
from ops.local.lambda_events import queue_event, stream_event
from ops.local.queue import Message
from tests.builders import NOON

MESSAGE = Message("059f36b4-87a3-44ab-83d2-661975830a7d", Task("S1", "email", 2), NOON, receives=3)


def test_queue_event_carries_the_task() -> None:
    assert events.delivery_task(queue_event(MESSAGE, "deliveries")) == Task("S1", "email", 2)


def test_queue_event_has_the_keys_that_aws_documents() -> None:
    """Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html."""
    [record] = queue_event(MESSAGE, "deliveries")["Records"]

    assert record.keys() == {
        "messageId",
        "receiptHandle",
        "body",
        "attributes",
        "messageAttributes",
        "md5OfBody",
        "eventSource",
        "eventSourceARN",
        "awsRegion",
    }
    assert record["messageId"] == "059f36b4-87a3-44ab-83d2-661975830a7d"
    assert record["attributes"]["ApproximateReceiveCount"] == "3"
    # 2026-11-23T12:00:00Z, by GNU date.
    assert record["attributes"]["SentTimestamp"] == "1795435200000"
    assert record["eventSourceARN"] == "arn:aws:sqs:us-east-1:000000000000:deliveries"


def test_stream_event_shows_each_written_item_and_where_it_comes_from() -> None:
    written = {"eventName": "INSERT", "dynamodb": {"NewImage": {"pk": {"S": "a"}}}}
    deleted = {"eventName": "REMOVE", "dynamodb": {"Keys": {"pk": {"S": "b"}}}}

    event = stream_event([written, deleted], "arn:aws:dynamodb:stream")

    assert list(events.written_images(event)) == [{"pk": {"S": "a"}}]
    assert {record["eventSourceARN"] for record in event["Records"]} == {"arn:aws:dynamodb:stream"}
