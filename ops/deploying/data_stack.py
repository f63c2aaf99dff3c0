"""The CloudFormation stack of .chalice/resources.json: made, changed, or found as it should be.

Every change goes through a change set that is read first: one that would
replace or remove what holds data is never carried out. A table or queue that
outlived its stack is taken into the new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from botocore.exceptions import ClientError

from ops.deploying.problems import StepProblem
from ops.deploying.waiting import until

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import (
        DescribeChangeSetOutputTypeDef,
        ParameterTypeDef,
        StackTypeDef,
    )

    from ops.deploying.steps import Context

Extent = Literal["whole", "data"]

HOLDS_DATA = frozenset({"Table", "DeliveryQueue", "DeadLetterQueue", "RelayFailureQueue"})
# A CloudFront distribution takes some 5 minutes; CloudFormation gives it up to half an hour.
STACK_DEADLINE_SECONDS = 1800.0
CHANGE_SET_DEADLINE_SECONDS = 120.0
_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")


class DeployDataStack:
    """Bring the stack to what resources.json says.

    Args:
        extent: ``data`` leaves out the site and the alarms.
    """

    title = "Data stack"

    def __init__(self, extent: Extent = "whole") -> None:
        self._extent = extent

    def plan(self, context: Context) -> str:
        """Say whether the stack is there."""
        verb = "create" if find_stack(context) is None else "bring up to date"
        return f"{verb} the stack {context.names.data_stack} from .chalice/resources.json"

    def run(self, context: Context) -> str:
        """Make or change the stack and keep its outputs in the context."""
        stack = _settled(context)
        changed = self._change(context, stack)
        if changed is not None:
            stack = _settled(context)
            status = stack["StackStatus"] if stack else "gone"
            if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"}:
                raise StepProblem(f"CloudFormation says {status}. {_first_failure(context)}")
        context.outputs = outputs_of(stack)
        name = context.names.data_stack
        if changed is None:
            return f"{name} is as it should be"
        return f"{name}: {changed} resources made or changed"

    def _change(self, context: Context, stack: StackTypeDef | None) -> int | None:
        """Carry out a change set; return how many resources it names, None if nothing changed."""
        client, name = context.aws.cloudformation, context.names.data_stack
        change_set = f"formpost-{uuid4().hex}"
        is_new = stack is None or stack["StackStatus"] == "REVIEW_IN_PROGRESS"
        client.create_change_set(
            StackName=name,
            ChangeSetName=change_set,
            ChangeSetType="CREATE" if is_new else "UPDATE",
            TemplateBody=(context.project_dir / ".chalice" / "resources.json").read_text("utf-8"),
            Parameters=self._parameters(context, is_new=is_new),
            ImportExistingResources=True,
        )
        found = until(
            "The change set",
            lambda: _ready_change_set(context, change_set),
            deadline_seconds=CHANGE_SET_DEADLINE_SECONDS,
        )
        reason = found.get("StatusReason", "")
        if found["Status"] == "FAILED":
            client.delete_change_set(StackName=name, ChangeSetName=change_set)
            if any(text in reason for text in _NO_CHANGES):
                return None
            raise StepProblem(f"CloudFormation does not take .chalice/resources.json: {reason}")
        _refuse_loss(found)
        client.execute_change_set(StackName=name, ChangeSetName=change_set)
        return len(found["Changes"])

    def _parameters(self, context: Context, *, is_new: bool) -> list[ParameterTypeDef]:
        email: ParameterTypeDef = {"ParameterKey": "AlarmEmail"}
        if context.alarm_email is not None or is_new:
            email["ParameterValue"] = context.alarm_email or ""
        else:
            email["UsePreviousValue"] = True
        return [
            {"ParameterKey": "Stage", "ParameterValue": context.stage},
            {"ParameterKey": "Extent", "ParameterValue": self._extent},
            email,
        ]


def find_stack(context: Context) -> StackTypeDef | None:
    """Return the stack, or None where there is none."""
    try:
        [stack] = context.aws.cloudformation.describe_stacks(StackName=context.names.data_stack)[
            "Stacks"
        ]
    except ClientError as error:
        # CloudFormation has no code of its own for this.
        if "does not exist" in error.response["Error"].get("Message", ""):
            return None
        raise
    return stack


def outputs_of(stack: StackTypeDef | None) -> dict[str, str]:
    """Return the outputs by name."""
    listed = stack.get("Outputs", []) if stack else []
    return {output["OutputKey"]: output["OutputValue"] for output in listed}


def _settled(context: Context) -> StackTypeDef | None:
    """Return the stack when nothing is under way in it any more."""

    def settled() -> tuple[StackTypeDef | None] | None:
        stack = find_stack(context)
        is_busy = stack is not None and stack["StackStatus"].endswith("_IN_PROGRESS")
        if is_busy and stack and stack["StackStatus"] != "REVIEW_IN_PROGRESS":
            return None
        return (stack,)

    (stack,) = until("The data stack", settled, deadline_seconds=STACK_DEADLINE_SECONDS)
    if stack is None:
        return None
    if stack["StackStatus"] == "ROLLBACK_COMPLETE":
        # Its first creation failed: such a stack can only be deleted. Data are retained.
        context.aws.cloudformation.delete_stack(StackName=context.names.data_stack)
        return _settled(context)
    if stack["StackStatus"].endswith("_FAILED"):
        raise StepProblem(
            f"The stack is {stack['StackStatus']}. {_first_failure(context)}"
            " See docs/operations.md, A stack that is stuck."
        )
    return stack


def _ready_change_set(context: Context, change_set: str) -> DescribeChangeSetOutputTypeDef | None:
    found = context.aws.cloudformation.describe_change_set(
        StackName=context.names.data_stack, ChangeSetName=change_set
    )
    return found if found["Status"] in {"CREATE_COMPLETE", "FAILED"} else None


def _refuse_loss(change_set: DescribeChangeSetOutputTypeDef) -> None:
    lost = [
        change["ResourceChange"]["LogicalResourceId"]
        for change in change_set["Changes"]
        if change["ResourceChange"]["LogicalResourceId"] in HOLDS_DATA
        and (
            change["ResourceChange"]["Action"] == "Remove"
            or change["ResourceChange"].get("Replacement") == "True"
        )
    ]
    if lost:
        raise StepProblem(
            f"The change of .chalice/resources.json would replace or remove {', '.join(lost)},"
            " so nothing was changed. Undo it, or move the data first; see docs/operations.md."
        )


def _first_failure(context: Context) -> str:
    """Return why CloudFormation gave up; its first failure causes all others."""
    events = context.aws.cloudformation.describe_stack_events(StackName=context.names.data_stack)[
        "StackEvents"
    ]
    reasons = [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
        for event in reversed(events)
        if event.get("ResourceStatus", "").endswith("_FAILED")
    ]
    return reasons[0] if reasons else "The CloudFormation console has the events."
