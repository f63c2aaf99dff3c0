"""Compare what a stage has in AWS with what the repository says."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from ops.deploying import stage_file
from ops.deploying.event_sources import event_source_options
from ops.deploying.gateway_responses import GATEWAY_RESPONSES, put_request
from ops.deploying.inventory import event_sources, schedule, subscriptions
from ops.deploying.names import DELIVER, RELAY
from ops.deploying.state import RecoverState, api_id, state_path
from ops.deploying.steps import stage_settings
from ops.examining.finding import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.deploying.steps import Context
    from ops.examining.finding import Finding, Seen


def examine_account(context: Context) -> Iterator[Finding]:
    """Yield a finding for each check."""
    redeploy = f"Run python -m ops deploy --stage {context.stage} again."
    checks: dict[str, Callable[[Context], Seen]] = {
        "Chalice's state file": _state,
        "Gateway responses": _gateway_responses,
        "Throttling": _throttling,
        "Table": _table,
        "Queues": _queues,
        "Event source of relay": lambda context: _event_source(context, RELAY),
        "Event source of deliver": lambda context: _event_source(context, DELIVER),
        "Event source of feedback": _subscription,
        "Event source of summarize": _schedule,
        "Policies": _policies,
    }
    for name, check in checks.items():
        yield find(name, partial(check, context), redeploy)


def _state(context: Context) -> Seen:
    path = state_path(context.project_dir, context.stage)
    if not path.exists():
        return False, f".chalice/deployed/{path.name} is not there"
    missing = RecoverState().plan(context)
    return missing.startswith("nothing"), f".chalice/deployed/{path.name}: {missing}"


def _gateway_responses(context: Context) -> Seen:
    items = context.aws.apigateway.get_gateway_responses(restApiId=api_id(context))["items"]
    found: dict[str, Any] = {item["responseType"]: item for item in items}
    wrong = [
        response.kind
        for response in GATEWAY_RESPONSES
        if not _includes(found.get(response.kind), put_request(response))
    ]
    return not wrong, f"not as in the repository: {', '.join(wrong)}" if wrong else "as configured"


def _throttling(context: Context) -> Seen:
    limits = stage_file.limits(context.project_dir, context.stage)
    stage = context.aws.apigateway.get_stage(restApiId=api_id(context), stageName=context.stage)
    found = dict(stage.get("methodSettings", {}).get("*/*", {}))
    rate, burst = found.get("throttlingRateLimit"), found.get("throttlingBurstLimit")
    healthy = (rate, burst) == (limits.throttle_rate_per_second, limits.throttle_burst)
    return healthy, f"{rate} requests a second, burst {burst}"


def _table(context: Context) -> Seen:
    client, name = context.aws.dynamodb, context.names.table
    table = client.describe_table(TableName=name)["Table"]
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    to_live = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    settings = stage_settings(stage_file.read(context.project_dir), context.stage)
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    facts = {
        "time to live": to_live.get("TimeToLiveStatus") == "ENABLED"
        and to_live.get("AttributeName") == "expires_at",
        "stream": table.get("StreamSpecification", {}).get("StreamViewType") == "NEW_IMAGE",
        "stream's ARN in config.json": table.get("LatestStreamArn")
        == settings["environment_variables"].get("FORMPOST_STREAM_ARN"),
        "backups": recovery.get("PointInTimeRecoveryStatus") == "ENABLED",
        "deletion protection": table.get("DeletionProtectionEnabled") is True,
    }
    wrong = [fact for fact, holds in facts.items() if not holds]
    return not wrong, f"not right: {', '.join(wrong)}" if wrong else ", ".join(facts)


def _queues(context: Context) -> Seen:
    for queue in context.names.queues:
        context.aws.sqs.get_queue_url(QueueName=queue)
    return True, ", ".join(context.names.queues)


def _event_source(context: Context, handler: str) -> Seen:
    found = event_sources(context, handler)
    if len(found) != 1:
        return False, f"there are {len(found)}"
    url = context.aws.sqs.get_queue_url(QueueName=context.names.relay_failure_queue)["QueueUrl"]
    attributes = context.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    wanted = event_source_options(attributes["Attributes"]["QueueArn"])[handler]
    state = found[0].get("State")
    if state != "Enabled":
        return False, f"is {state}"
    return _includes(found[0], wanted), json.dumps({name: found[0].get(name) for name in wanted})


def _subscription(context: Context) -> Seen:
    found = subscriptions(context)
    seen = f"{context.names.mail_events_topic} invokes it by {len(found)} subscriptions"
    return len(found) == 1, seen


def _schedule(context: Context) -> Seen:
    found = schedule(context)
    if found is None:
        return False, f"there is no rule {context.names.schedule}"
    return found["State"] == "ENABLED", f"{found['ScheduleExpression']}, {found['State']}"


def _policies(context: Context) -> Seen:
    wrong = []
    functions = stage_file.read(context.project_dir)["lambda_functions"]
    for handler, role in context.names.role_by_handler.items():
        names = context.aws.iam.list_role_policies(RoleName=role)["PolicyNames"]
        found: list[Any] = [
            context.aws.iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in names
        ]
        written = context.project_dir / ".chalice" / functions[handler]["iam_policy_file"]
        if found != [json.loads(written.read_text("utf-8"))]:
            wrong.append(role)
    return not wrong, f"differ: {', '.join(wrong)}" if wrong else "as in the repository"


def _includes(found: Any, wanted: Any) -> bool:
    """Tell whether everything wanted is there; AWS adds more."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            _includes(found.get(name), value) for name, value in wanted.items()
        )
    return bool(found == wanted)
