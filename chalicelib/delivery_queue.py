"""One delivery to make becomes one SQS message."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import DeliveryFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient


class DeliveryQueue:
    """The queue of one stage.

    Args:
        connect: makes the client, on first use.
        name: of the queue that .chalice/resources.json describes.
    """

    def __init__(self, connect: Callable[[], SQSClient], *, name: str) -> None:
        self._connect = connect
        self._name = name
        self._lock = threading.Lock()
        self._found: tuple[SQSClient, str] | None = None

    def put(self, submission_id: str, target: str) -> None:
        """Have a delivery made soon.

        Raises:
            DeliveryFailed: the queue did not take it.
        """
        body = json.dumps({"submission_id": submission_id, "target": target})
        try:
            client, url = self._queue()
            client.send_message(QueueUrl=url, MessageBody=body)
        except (BotoCoreError, ClientError) as error:
            raise DeliveryFailed("The delivery queue did not take a message.") from error

    def _queue(self) -> tuple[SQSClient, str]:
        with self._lock:
            if self._found is None:
                client = self._connect()
                self._found = client, client.get_queue_url(QueueName=self._name)["QueueUrl"]
            return self._found
