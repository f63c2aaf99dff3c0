"""An account in the emulator: one stage is deployed to it, gets posts, and is looked at."""

from __future__ import annotations

import json
import re
import secrets
import time
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import boto3
from botocore.config import Config

from chalicelib.deliveries import Deliveries
from chalicelib.forms import load_forms
from chalicelib.learned import Learned
from chalicelib.lesson_store import DynamoLessons
from chalicelib.model import Folder
from chalicelib.repository import Repository
from chalicelib.token_store import TokenStore
from chalicelib.tokens import Scope, issue
from ops.deploying.names import API_HANDLER, RELAY, Names
from tests.emulator.events import SUBJECT
from tests.emulator.packaged import FORMS_FILE, STAGE
from tests.emulator.server import REGION
from tests.emulator.stack import Stack
from tests.emulator.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from chalicelib.delivery import Delivery, Task
    from chalicelib.model import Submission
    from tests.emulator.packaged import Packaged, Template
    from tests.emulator.server import Emulator

# Base64 of 24 bytes or more, as Standard Webhooks wants it; these are not random.
OLD_SECRET = "whsec_b2xkIHNlY3JldCBvZiB0aGUgdGVzdHMgMzJieXRlcw=="  # noqa: S105  nobody else's
SECRET = "whsec_bmV3IHNlY3JldCBvZiB0aGUgdGVzdHMgMzJieXRlcw=="  # noqa: S105  nobody else's
_RELAYED = re.compile(r"-relay processed (\d+) DynamoDB stream records")
_HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/x-www-form-urlencoded",
    "User-Agent": "Firefox",
}


class Account:
    """The account that is in a fresh emulator. Its root user deploys, and IAM asks root nothing.

    Args:
        emulator: running.
        packaged: what is deployed.
    """

    def __init__(self, emulator: Emulator, packaged: Packaged) -> None:
        self._emulator = emulator
        self._dynamodb: DynamoDBClient = self._client("dynamodb")
        self._functions: LambdaClient = self._client("lambda")
        self._sns: SNSClient = self._client("sns")
        self._sqs: SQSClient = self._client("sqs")
        self._names = Names(STAGE)
        self._forms = load_forms(FORMS_FILE)
        self.deliveries = Deliveries(lambda: self._dynamodb, table=self._names.table)
        self._stack = Stack(self._client, packaged)
        self._log_start = len(emulator.log)

    def prepare(self, webhook_url: str) -> None:
        """Do what an owner does before the first mail and the first webhook."""
        ses = self._client("sesv2")
        for form in self._forms.values():
            for target in form.targets:
                if "from" in target.settings:
                    address = parseaddr(target.settings["from"])[1]
                    ses.create_email_identity(EmailIdentity=address)
        ssm = self._client("ssm")
        ssm.put_parameter(Name="/formpost/prod/webhook", Type="SecureString", Value=SECRET)
        ssm.put_parameter(Name="/formpost/prod/webhook-url", Type="String", Value=webhook_url)
        self._client("secretsmanager").create_secret(
            Name="formpost/prod/webhook-old", SecretString=OLD_SECRET
        )

    def deploy(self, template: Template) -> None:
        """Make the stage, or change it to what the template says."""
        self._stack.deploy(template)

    def post(self, form_id: str = "contact", **fields: str) -> tuple[int, dict[str, Any]]:
        """Post to a form; return status and body of the answer."""
        api = f"/restapis/{self._stack.outputs['RestAPIId']}/{STAGE}/_user_request_"
        path = "/contact" if form_id == "contact" else f"/f/{form_id}"
        status, body = self._emulator.ask("POST", api + path, urlencode(fields), _HEADERS)
        return status, json.loads(body)

    def owner_token(self) -> str:
        """Make a token that may do everything, as `python -m ops tokens create` does."""
        token, text = issue(
            "test",
            Scope.WRITE,
            now=datetime.now(UTC),
            days=1,
            random_bytes=secrets.token_bytes,
        )
        TokenStore(lambda: self._dynamodb, table=self._names.table).keep(token)
        return text

    def ask_as_owner(self, method: str, path: str, token: str, body: Any = None) -> tuple[int, str]:
        """Send a request to the owner's API; return status and body of the answer."""
        api = f"/restapis/{self._stack.outputs['RestAPIId']}/{STAGE}/_user_request_"
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        text = "" if body is None else json.dumps(body)
        return self._emulator.ask(method, api + path, text, headers)

    def publish_mail_event(self, message: str) -> None:
        """Tell the topic, as SES does; the emulator's SES tells nothing."""
        self._sns.publish(
            TopicArn=self._topic_arn,
            Subject=SUBJECT,
            Message=message,
            # AWS's events have the key in any case, which Chalice needs; the emulator's do not.
            MessageAttributes={"any": {"DataType": "String", "StringValue": "any"}},
        )

    def queue(self, task: Task) -> None:
        """Put an attempt into the queue, as relay and deliver do."""
        self._sqs.send_message(
            QueueUrl=self._queue_url(self._names.delivery_queue),
            MessageBody=json.dumps(task._asdict()),
        )

    def invoke(self, handler: str, event: Any) -> str | None:
        """Call a function and return the message of what it raised, if it raised."""
        name = self._names.function_by_handler[handler]
        answer = self._functions.invoke(FunctionName=name, Payload=json.dumps(event))
        content = json.loads(answer["Payload"].read())
        return str(content["errorMessage"]) if answer.get("FunctionError") else None

    @property
    def stored(self) -> list[Submission]:
        repository = Repository(
            lambda: self._dynamodb,
            table=self._names.table,
            random_bytes=secrets.token_bytes,
            pause=time.sleep,
        )
        now = datetime.now(UTC)
        return [
            submission
            for form in self._forms.values()
            for folder in Folder
            for submission in repository.list(form, folder, now=now).submissions
        ]

    @property
    def records_relayed(self) -> int:
        """How many records of the stream relay was given, by the emulator's log."""
        log = self._emulator.log[self._log_start :]
        return sum(map(int, _RELAYED.findall(log)))

    @property
    def mails(self) -> list[dict[str, Any]]:
        _, body = self._emulator.ask("GET", "/_ministack/ses/messages")
        by_account: dict[str, list[dict[str, Any]]] = json.loads(body)["messages"]
        return [mail for mails in by_account.values() for mail in mails]

    @property
    def dead_letters(self) -> list[dict[str, Any]]:
        url = self._queue_url(self._names.dead_letter_queue)
        answer = self._sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]

    def wait_until(
        self, submission_id: str, target: str, holds: Callable[[Delivery], bool]
    ) -> Delivery:
        """Return a delivery once something holds for it."""

        def found() -> Delivery | None:
            delivery = self.deliveries.get(submission_id, target)
            return delivery if delivery is not None and holds(delivery) else None

        return wait_for(f"The delivery {submission_id} {target}", found)

    def captcha_outcomes(self) -> list[str]:
        """Return what the API's log says of captchas that could not be verified."""
        return [line["outcome"] for line in self._logged(API_HANDLER, "captcha")]

    def marks(self, form_id: str) -> tuple[int, int]:
        """Return how many submissions a form has learned as spam, and as none."""
        packed = DynamoLessons(lambda: self._dynamodb, table=self._names.table).read(form_id).packed
        learned = Learned.unpack(packed) if packed else Learned()
        return learned.spam, learned.others

    def wait_for_marks(self, form_id: str, spam: int, others: int) -> None:
        """Wait until a form has learned from so many submissions."""
        wait_for(
            f"{spam} and {others} marks", lambda: self.marks(form_id) == (spam, others) or None
        )

    def wait_for_lesson_that_failed(self) -> str:
        """Return what relay says of a lesson that it could not teach, once it does."""

        def found() -> str | None:
            lines = self._logged(RELAY, "teach")
            return str(lines[0]["error"]["type"]) if lines else None

        return wait_for("A lesson that failed", found)

    def _logged(self, handler: str, event: str) -> list[dict[str, Any]]:
        name = self._names.function_by_handler[handler]
        events = self._client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")
        lines = (each["message"] for each in events["events"])
        logged = (json.loads(line) for line in lines if line.startswith("{"))
        return [each for each in logged if each.get("event") == event]

    def wait_until_failed(self, handler: str) -> None:
        """Wait until the stream or the queue has seen its function fail."""
        wait_for(f"A failure of {handler}", lambda: self._has_failed(handler) or None)

    def retry_soon(self) -> None:
        """Let the queue hand out again after 2 s what failed; the stage waits 3 minutes."""
        url = self._queue_url(self._names.delivery_queue)
        self._sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "2"})

    def _has_failed(self, handler: str) -> bool:
        name = self._names.function_by_handler[handler]
        [mapping] = self._functions.list_event_source_mappings(FunctionName=name)[
            "EventSourceMappings"
        ]
        return mapping["LastProcessingResult"] == "FAILED"

    @property
    def _topic_arn(self) -> str:
        suffix = f":{self._names.mail_events_topic}"
        topics = [topic["TopicArn"] for topic in self._sns.list_topics()["Topics"]]
        [arn] = [arn for arn in topics if arn.endswith(suffix)]
        return arn

    def _queue_url(self, name: str) -> str:
        return self._sqs.get_queue_url(QueueName=name)["QueueUrl"]

    def _client(self, service: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=self._emulator.url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  the emulator's root user
            config=Config(proxies={}),
        )
