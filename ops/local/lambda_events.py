"""What AWS hands to relay and deliver: the events of a stream and of a queue.

Source: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ops.local.queue import Message
    from ops.local.stream import Record

_REGION = "us-east-1"
_ACCOUNT = "000000000000"


def stream_event(records: Sequence[Record], stream_arn: str) -> dict[str, Any]:
    """Return the event of one batch of stream records."""
    return {"Records": [{**record, "eventSourceARN": stream_arn} for record in records]}


def queue_event(message: Message, queue: str) -> dict[str, Any]:
    """Return the event of one message.

    Args:
        message: as it came out of the queue.
        queue: its name.
    """
    body = json.dumps(message.task._asdict())
    record = {
        "messageId": message.id,
        "receiptHandle": f"{message.id}#{message.receives}",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": str(message.receives),
            "SentTimestamp": _milliseconds(message.sent_at),
            "SenderId": _ACCOUNT,
        },
        "messageAttributes": {},
        "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{_REGION}:{_ACCOUNT}:{queue}",
        "awsRegion": _REGION,
    }
    return {"Records": [record]}


def _milliseconds(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1000))
