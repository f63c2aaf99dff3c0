"""Deliveries to make become SQS messages, one each."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import DeliveryFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mypy_boto3_sqs import SQSClient

    from chalicelib.delivery import Task

# Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
MAX_DELAY_SECONDS = 900
MAX_BATCH_SIZE = 10


class DeliveryQueue:
    """The queue of one stage, and where its dead letters go.

    Args:
        connect: makes the client, on first use.
        name: of the queue that .chalice/resources.json describes.
        dead_letters: name of its dead-letter queue.
    """

    def __init__(self, connect: Callable[[], SQSClient], *, name: str, dead_letters: str) -> None:
        self._connect = connect
        self._name = name
        self._dead_letters = dead_letters
        self._lock = threading.Lock()
        self._made_client: SQSClient | None = None
        self._url_by_name: dict[str, str] = {}

    def put(self, tasks: Sequence[Task], *, delay_seconds: float = 0) -> None:
        """Hand each task to deliver after the delay, or after 15 minutes if that is less.

        Raises:
            DeliveryFailed: the queue did not take one of them.
        """
        delay = min(max(0, round(delay_seconds)), MAX_DELAY_SECONDS)
        for start in range(0, len(tasks), MAX_BATCH_SIZE):
            self._send(self._name, tasks[start : start + MAX_BATCH_SIZE], delay)

    def bury(self, task: Task) -> None:
        """Put a task to the dead letters.

        Raises:
            DeliveryFailed: the queue did not take it.
        """
        self._send(self._dead_letters, [task], 0)

    def _send(self, name: str, tasks: Sequence[Task], delay_seconds: int) -> None:
        entries: list[Any] = [
            {"Id": str(number), "MessageBody": _body(task), "DelaySeconds": delay_seconds}
            for number, task in enumerate(tasks)
        ]
        try:
            client, url = self._queue(name)
            answer = client.send_message_batch(QueueUrl=url, Entries=entries)
        except (BotoCoreError, ClientError) as error:
            raise DeliveryFailed("The delivery queue did not answer.") from error
        if answer.get("Failed"):
            raise DeliveryFailed("The delivery queue did not take a message.")

    def _queue(self, name: str) -> tuple[SQSClient, str]:
        with self._lock:
            if self._made_client is None:
                self._made_client = self._connect()
            if name not in self._url_by_name:
                found = self._made_client.get_queue_url(QueueName=name)
                self._url_by_name[name] = found["QueueUrl"]
            return self._made_client, self._url_by_name[name]


def _body(task: Task) -> str:
    return json.dumps(task._asdict())
