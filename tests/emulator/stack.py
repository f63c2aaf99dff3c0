"""The CloudFormation stack of a whole stage, made and changed as CI/CD would."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.emulator.packaged import BUCKET, STAGE, as_asked
from tests.emulator.server import REGION
from tests.emulator.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client

    from tests.emulator.packaged import Packaged, Template

NAME = f"formpost-{STAGE}"
_TEMPLATE_KEY = "template.json"


class Stack:
    """One stack, which is not there at first.

    Args:
        connect: makes the client of a service.
        packaged: has the zip of the functions.

    Attributes:
        outputs: by name, of the last deployment.
    """

    def __init__(self, connect: Callable[[str], Any], packaged: Packaged) -> None:
        self._cloudformation: CloudFormationClient = connect("cloudformation")
        self._s3: S3Client = connect("s3")
        self._s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        self._s3.put_object(
            Bucket=BUCKET, Key=packaged.zip_path.name, Body=packaged.zip_path.read_bytes()
        )
        self.outputs: dict[str, str] = {}

    def deploy(self, template: Template) -> None:
        """Make the stack, or change it to what the template says."""
        body = json.dumps(as_asked(template)).encode()
        self._s3.put_object(Bucket=BUCKET, Key=_TEMPLATE_KEY, Body=body)
        change = self._cloudformation.update_stack if self.outputs else self._create
        change(
            StackName=NAME,
            # By its URL: it is larger than the 51,200 bytes that a request may have.
            TemplateURL=f"https://s3.{REGION}.amazonaws.com/{BUCKET}/{_TEMPLATE_KEY}",
            Parameters=[{"ParameterKey": "Stage", "ParameterValue": STAGE}],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        self.outputs = wait_for("The stack", self._settled_outputs)

    def _create(self, **request: Any) -> None:
        self._cloudformation.create_stack(**request, OnFailure="DO_NOTHING")

    def _settled_outputs(self) -> dict[str, str] | None:
        [stack] = self._cloudformation.describe_stacks(StackName=NAME)["Stacks"]
        if stack["StackStatus"].endswith("_IN_PROGRESS"):
            return None
        assert stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, self._failures()
        return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}

    def _failures(self) -> list[str]:
        events = self._cloudformation.describe_stack_events(StackName=NAME)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED")
        ]
