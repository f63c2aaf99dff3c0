"""SQS as boto3 sees it, and the queue behind it: that of local mode, on the campaign's clock.

Only what the app asks for: the address of a queue, and ten messages at once.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
"""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from chalicelib.config import PROJECT_DIR
from chalicelib.delivery import Task
from ops.local.http_server import LocalServer
from ops.local.queue import LocalQueue, max_receives

if TYPE_CHECKING:
    from ops.local.queue import Message
    from tests.faults.clock import SkippingClock

QUEUE, DEAD_LETTERS = "deliveries", "dead-letters"
_RESOURCES_FILE = PROJECT_DIR / ".chalice" / "resources.json"
_TARGET_PREFIX = "AmazonSQS."
_QUEUES_URL = "http://sqs.example/000000000000/"


class _Queue(LocalQueue):
    """The queue of local mode, which also says when it has anything."""

    @property
    def seconds_until_due(self) -> float:
        with self._changed:
            return self._seconds_until_due()


class Queues:
    """The delivery queue and its dead letters; ends with the ``with``.

    Attributes:
        dead_letters: every task that was given up, oldest first.
    """

    def __init__(self, clock: SkippingClock) -> None:
        resources = json.loads(_RESOURCES_FILE.read_text("utf-8"))["Resources"]
        self.dead_letters: list[Task] = []
        self._queue = _Queue(
            now=clock,
            max_receives=max_receives(_RESOURCES_FILE),
            write_log=self._bury,
            visibility_timeout_seconds=resources["DeliveryQueue"]["Properties"][
                "VisibilityTimeout"
            ],
        )
        queues = self

        class Handler(_Handler):
            owner = queues

        self._server = LocalServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def seconds_until_due(self) -> float:
        """In how many seconds ``receive`` returns a message; infinite when none waits."""
        return self._queue.seconds_until_due

    def receive(self) -> Message | None:
        """Take out what is due; None when nothing is."""
        return self._queue.receive()

    def put_back(self, message: Message) -> None:
        """Hide what could not be worked off, until its time comes or it is a dead letter."""
        self._queue.put_back(message)

    def move_dead_letters_back(self) -> int:
        """Do what the owner does after an alarm; return how many there were."""
        letters, self.dead_letters = self.dead_letters, []
        self._queue.put(letters)
        return len(letters)

    def answer(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Do one request."""
        if operation == "GetQueueUrl":
            return {"QueueUrl": _QUEUES_URL + request["QueueName"]}
        if operation != "SendMessageBatch":
            raise LookupError(operation)
        for entry in request["Entries"]:
            task = Task(**json.loads(entry["MessageBody"]))
            if request["QueueUrl"] == _QUEUES_URL + DEAD_LETTERS:
                self.dead_letters.append(task)
            else:
                self._queue.put([task], delay_seconds=entry.get("DelaySeconds", 0))
        return {"Successful": [_taken(entry) for entry in request["Entries"]], "Failed": []}

    def _bury(self, line: Any) -> None:
        self.dead_letters.append(Task(line["submission_id"], line["target"], line["attempts"]))


def _taken(entry: dict[str, Any]) -> dict[str, str]:
    # boto3 compares it with what it sent.
    digest = hashlib.md5(entry["MessageBody"].encode(), usedforsecurity=False).hexdigest()
    return {"Id": entry["Id"], "MessageId": str(uuid4()), "MD5OfMessageBody": digest}


class _Handler(BaseHTTPRequestHandler):
    owner: Queues
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers["X-Amz-Target"].removeprefix(_TARGET_PREFIX)
        answer = json.dumps(self.owner.answer(operation, json.loads(body))).encode()
        self.send_response_only(HTTPStatus.OK)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""
