"""A stage on moto: table with its stream, queues, mail and secrets, pumped by the test.

What AWS does between the parts is done here: records of the stream go to relay and
messages of the queues to deliver, in the shapes in which Lambda gets them. Time is the
test's: a delayed message is there at once, and the clock has gone on by its delay.
"""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws
from moto.core.models import botocore_stubber
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.utilities import dynamo_json_dump
from moto.ses.models import ses_backends

from chalicelib import events, notify
from chalicelib.config import PROJECT_DIR
from chalicelib.deliveries import Deliveries
from chalicelib.delivery_queue import DeliveryQueue
from chalicelib.https_post import HttpsPost
from chalicelib.lesson_store import DynamoLessons
from chalicelib.lessons import Teacher, teach
from chalicelib.outbound import Outbound
from chalicelib.outbox import Outbox
from chalicelib.repository import Repository
from chalicelib.secret_store import SecretStore
from ops.local.table import create_table_request
from ops.local.transactions import transact_write_items
from tests.builders import a_claim, a_form, a_submission
from tests.fakes import Clock

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from chalicelib.delivery import Delivery
    from chalicelib.model import Submission, Target

REGION = "eu-west-1"
TABLE, QUEUE, DEAD_LETTERS = "formpost-test", "deliveries", "dead-letters"
SENDER = "forms@owner.example"


class Crash(Exception):
    """A function ends where it stands."""


class UndelayedSqs:
    """Passes on to SQS; a delay is added to the clock when its message is taken."""

    def __init__(self, sqs: Any) -> None:
        self._sqs = sqs
        self.delays: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sqs, name)

    def send_message_batch(self, *, QueueUrl: str, Entries: list[Any]) -> Any:  # noqa: N803
        self.delays += [entry.pop("DelaySeconds") for entry in Entries]
        return self._sqs.send_message_batch(QueueUrl=QueueUrl, Entries=Entries)


class Stage:
    """One stage and its owner's form.

    Args:
        targets: of the form ``contact``.
        https_post: what posts; none is needed where nothing is posted.
        queue: makes the queue.
        region: where it is; several can be in one account.
    """

    def __init__(
        self,
        targets: tuple[Target, ...],
        https_post: HttpsPost | None = None,
        queue: Callable[..., DeliveryQueue] = DeliveryQueue,
        region: str = REGION,
    ) -> None:
        self.region = region
        self.clock = Clock()
        self.log: list[Any] = []
        self.form = a_form(targets=targets)
        self._dynamodb = _client("dynamodb", region)
        self.sqs = UndelayedSqs(_client("sqs", region))
        self._ssm = _client("ssm", region)
        self._sesv2 = _client("sesv2", region)
        resources = PROJECT_DIR / ".chalice" / "resources.json"
        self._dynamodb.create_table(**create_table_request(resources, TABLE))
        backend = self._backend()
        # moto's own copies the whole table for each transaction.
        mended = partial(transact_write_items, backend)
        backend.transact_write_items = mended
        self._urls = {
            name: self.sqs.create_queue(QueueName=name)["QueueUrl"]
            for name in (QUEUE, DEAD_LETTERS)
        }
        self._sesv2.create_email_identity(EmailIdentity=SENDER)
        self.submissions = Repository(
            lambda: self._dynamodb,
            table=TABLE,
            random_bytes=secrets.token_bytes,
            pause=lambda _seconds: None,
        )
        self.deliveries = Deliveries(lambda: self._dynamodb, table=TABLE)
        client: Any = self.sqs
        self.queue = queue(lambda: client, name=QUEUE, dead_letters=DEAD_LETTERS)
        self.outbox = Outbox(
            forms={"contact": self.form},
            submissions=self.submissions,
            deliveries=self.deliveries,
            queue=self.queue,
            outbound=Outbound(lambda: self._sesv2, lambda: https_post or HttpsPost(now=self.clock)),
            read_secret=SecretStore(lambda: self._ssm, lambda: self._ssm, now=self.clock).read,
            now=self.clock,
            jitter=lambda: 0.0,
            inbox_url=None,
            write_log=self.log.append,
            teach=partial(teach, teacher=self._teacher()),
        )
        self._seen = 0
        self._last: dict[str, Any] = {}

    def _teacher(self) -> Teacher:
        return Teacher(
            forms={"contact": self.form},
            store=DynamoLessons(lambda: self._dynamodb, table=TABLE),
            now=self.clock,
            pause=lambda _seconds: None,
            write_log=self.log.append,
        )

    def store(self, **changes: Any) -> Submission:
        """Store a submission, as a post does."""
        submission = a_submission(**changes)
        self.submissions.add(submission, self.form, a_claim(submission.id))
        return submission

    def keep_secret(self, name: str, value: str) -> None:
        self._ssm.put_parameter(Name=name, Value=value, Type="SecureString")

    def stream_event(self) -> dict[str, Any]:
        """Return what the stream has had since the last call, as relay gets it."""
        # moto does not know the protocol in which boto3 asks for streams.
        shard = self._backend().tables[TABLE].stream_shard
        records = [item.to_json() for item in shard.items]
        new, self._seen = records[self._seen :], len(records)
        return {"Records": json.loads(dynamo_json_dump(new))}

    def relay(self, event: dict[str, Any] | None = None) -> None:
        notify.relay(events.written_images(event or self.stream_event()), self.outbox)

    def teach(self, event: dict[str, Any]) -> None:
        """Learn from what the stream has had, as relay does once it has told of it."""
        self.outbox.teach(tuple(events.written_images(event)))

    def deliver(self) -> None:
        """Make the attempt that waits in the queue, when it is due."""
        message = {"body": self.take()}
        assert message["body"] is not None, "nothing waits in the queue"
        delay_seconds = self.sqs.delays.pop(0)
        self.clock.advance(seconds=delay_seconds)
        self._last = message
        notify.deliver(events.delivery_task({"Records": [message]}), self.outbox)

    def redeliver(self) -> None:
        """Hand out again what was handed out last, as the queue does after a crash."""
        notify.deliver(events.delivery_task({"Records": [self._last]}), self.outbox)

    @contextmanager
    def crash_before_recording(self) -> Iterator[None]:
        """Let a function end after it has sent and before it has recorded that."""

        def crash(**_request: Any) -> None:
            raise Crash

        events_of_client = self._dynamodb.meta.events
        events_of_client.register("before-call.dynamodb.PutItem", crash)
        try:
            with suppress(Crash):
                yield
        finally:
            events_of_client.unregister("before-call.dynamodb.PutItem", crash)

    @contextmanager
    def no_transactions(self) -> Iterator[None]:
        """Let the table not answer to what is written together."""

        def fail(**_request: Any) -> None:
            raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

        events_of_client = self._dynamodb.meta.events
        events_of_client.register("before-call.dynamodb.TransactWriteItems", fail)
        try:
            yield
        finally:
            events_of_client.unregister("before-call.dynamodb.TransactWriteItems", fail)

    def throttle_mail(self, *, times: int) -> list[Exception]:
        """Let SES refuse so many mails as too many; return those that are still to come."""
        error: Any = {"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}
        left: list[Exception] = [ClientError(error, "SendEmail") for _ in range(times)]

        def throttle(**_request: Any) -> None:
            if left:
                raise left.pop()

        self._sesv2.meta.events.register("before-call.sesv2.SendEmail", throttle)
        return left

    def deliver_until_settled(self) -> None:
        while self.sqs.delays:
            self.deliver()

    def dead_letters(self) -> list[Any]:
        """Return the dead letters, and leave none."""
        letters = []
        while body := self.take(DEAD_LETTERS):
            self.sqs.delays.pop()
            letters.append(json.loads(body))
        return letters

    def bounce(self, submission: Submission, target: str) -> None:
        """Have SES tell that a mail came back."""
        told = {
            "eventType": "Bounce",
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "timestamp": "2026-11-23T12:00:01.000Z",
            },
            "mail": {"tags": {"submission": [submission.id], "target": [target]}},
        }
        event = {"Records": [{"Sns": {"Message": json.dumps(told)}}]}
        notify.take_feedback(events.mail_feedback(event), self.outbox)

    def delivery(self, submission: Submission, target: str) -> Delivery:
        found = self.deliveries.get(submission.id, target)
        assert found is not None
        return found

    @property
    def mails(self) -> list[bytes]:
        """The mails that SES took, oldest first."""
        [backends] = [regions for regions in ses_backends.values() if self.region in regions]
        return [message.raw_data.encode() for message in backends[self.region].sent_messages]

    def take(self, name: str = QUEUE) -> str | None:
        """Take a message out of a queue; None when there is none."""
        answer = self.sqs.receive_message(QueueUrl=self._urls[name], MaxNumberOfMessages=1)
        for message in answer.get("Messages", []):
            self.sqs.delete_message(
                QueueUrl=self._urls[name], ReceiptHandle=message["ReceiptHandle"]
            )
            return str(message["Body"])
        return None

    def _backend(self) -> Any:
        [regions] = [regions for regions in dynamodb_backends.values() if self.region in regions]
        return regions[self.region]

    def count_requests(self, requests: Counter[str]) -> None:
        """Count from now on what is asked of table and queue, by operation."""
        for client in (self._dynamodb, self.sqs):
            client.meta.events.register(
                "before-call", lambda model, **_: requests.update([model.name])
            )


@contextmanager
def stage(*targets: Target, **options: Any) -> Iterator[Stage]:
    """Yield a stage in an account of its own, in this process; options as Stage takes them."""
    with mock_aws(), _lengths():
        yield Stage(targets, **options)


@contextmanager
def _lengths() -> Iterator[None]:
    """Let moto's answers say how long they are, as AWS's do."""
    answer = botocore_stubber.process_request

    def with_length(request: Any) -> Any:
        found = answer(request)
        if found is None:
            return None
        status, headers, body = found
        length = len(body.encode() if isinstance(body, str) else body)
        return status, {**headers, "Content-Length": str(length)}, body

    stubber: Any = botocore_stubber
    stubber.process_request = with_length
    try:
        yield
    finally:
        del stubber.process_request


def _client(service: Any, region: str) -> Any:
    return boto3.client(
        service,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  moto asks for none
    )
