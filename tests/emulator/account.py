"""An account in the emulator: one stage is deployed to it, gets posts, and is looked at."""

from __future__ import annotations

import json
import secrets
import time
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import boto3
from botocore.config import Config

from chalicelib.errors import SubmissionNotFound
from chalicelib.forms import load_forms
from chalicelib.model import DeliveryState, Folder
from chalicelib.repository import Repository
from ops.deploying.names import Names
from ops.deploying.waiting import until
from tests.emulator.packaged import BUCKET, FORMS_FILE, STAGE
from tests.emulator.server import REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

    from chalicelib.model import Submission
    from tests.emulator.packaged import Packaged, Template
    from tests.emulator.server import Emulator

T = TypeVar("T")

STACK = f"formpost-{STAGE}"
# It takes a second; a failed attempt is repeated after two more.
DEADLINE_SECONDS = 60.0
_TEMPLATE_KEY = "template.json"
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
        self._cloudformation: CloudFormationClient = self._client("cloudformation")
        self._dynamodb: DynamoDBClient = self._client("dynamodb")
        self._functions: LambdaClient = self._client("lambda")
        self._s3: S3Client = self._client("s3")
        self._sqs: SQSClient = self._client("sqs")
        self._names = Names(STAGE)
        [self._form] = load_forms(FORMS_FILE).values()
        self._repository = Repository(
            lambda: self._dynamodb,
            table=self._names.table,
            random_bytes=secrets.token_bytes,
            pause=time.sleep,
        )
        self._s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        self._s3.put_object(
            Bucket=BUCKET, Key=packaged.zip_path.name, Body=packaged.zip_path.read_bytes()
        )
        # As an owner does before the first mail: SES refuses senders that it does not know.
        sesv2: SESV2Client = self._client("sesv2")
        for target in self._form.targets:
            address = parseaddr(target.settings["from"])[1]
            sesv2.create_email_identity(EmailIdentity=address)
        self._outputs: dict[str, str] = {}

    def deploy(self, template: Template) -> None:
        """Make the stack, or change it to what the template says."""
        self._s3.put_object(Bucket=BUCKET, Key=_TEMPLATE_KEY, Body=json.dumps(template).encode())
        change = self._cloudformation.update_stack if self._outputs else self._create
        change(
            StackName=STACK,
            # By its URL: it is larger than the 51,200 bytes that a request may have.
            TemplateURL=f"https://s3.{REGION}.amazonaws.com/{BUCKET}/{_TEMPLATE_KEY}",
            Parameters=[{"ParameterKey": "Stage", "ParameterValue": STAGE}],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        self._outputs = self._wait("The stack", self._settled_outputs)

    def post(self, **fields: str) -> tuple[int, dict[str, Any]]:
        """Post to the contact form; return status and body of the answer."""
        path = f"/restapis/{self._outputs['RestAPIId']}/{STAGE}/_user_request_/contact"
        status, body = self._emulator.ask("POST", path, urlencode(fields), _HEADERS)
        return status, json.loads(body)

    @property
    def stored(self) -> list[Submission]:
        return [
            submission
            for folder in Folder
            for submission in self._repository.list(
                self._form, folder, now=datetime.now(UTC)
            ).submissions
        ]

    @property
    def mails(self) -> list[dict[str, Any]]:
        _, body = self._emulator.ask("GET", "/_ministack/ses/messages")
        by_account: dict[str, list[dict[str, Any]]] = json.loads(body)["messages"]
        return [mail for mails in by_account.values() for mail in mails]

    def is_told(self, submission_id: str) -> bool:
        """Tell whether the mail to the owner is recorded as delivered."""
        try:
            delivery = self._repository.get_delivery(submission_id, "email")
        except SubmissionNotFound:
            return False
        assert delivery.state in {DeliveryState.PENDING, DeliveryState.DELIVERED}, delivery
        return delivery.state == DeliveryState.DELIVERED

    def wait_until_told(self, submission_id: str) -> None:
        self._wait("The mail", lambda: self.is_told(submission_id) or None)

    def wait_until_failed(self, handler: str) -> None:
        """Wait until the stream or the queue has seen its function fail."""
        self._wait(f"A failure of {handler}", lambda: self._has_failed(handler) or None)

    def retry_soon(self) -> None:
        """Let the queue hand out again after 2 s what failed; the stage waits 3 minutes."""
        url = self._sqs.get_queue_url(QueueName=self._names.delivery_queue)["QueueUrl"]
        self._sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "2"})

    def _create(self, **request: Any) -> None:
        self._cloudformation.create_stack(**request, OnFailure="DO_NOTHING")

    def _settled_outputs(self) -> dict[str, str] | None:
        [stack] = self._cloudformation.describe_stacks(StackName=STACK)["Stacks"]
        if stack["StackStatus"].endswith("_IN_PROGRESS"):
            return None
        assert stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, self._failures()
        return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}

    def _failures(self) -> list[str]:
        events = self._cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED")
        ]

    def _has_failed(self, handler: str) -> bool:
        name = self._names.function_by_handler[handler]
        [mapping] = self._functions.list_event_source_mappings(FunctionName=name)[
            "EventSourceMappings"
        ]
        return mapping["LastProcessingResult"] == "FAILED"

    def _wait(self, what: str, ready: Callable[[], T | None]) -> T:
        return until(what, ready, deadline_seconds=DEADLINE_SECONDS)

    def _client(self, service: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=self._emulator.url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  the emulator's root user
            config=Config(proxies={}),
        )
