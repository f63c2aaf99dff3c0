"""What a stage has in the account, as Chalice's state file would say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.deploying.names import API_HANDLER, APP, DELIVER, FEEDBACK, RELAY, SUMMARIZE
from ops.deploying.problems import StepProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.deploying.steps import Context

Entry = dict[str, Any]


def entries(context: Context) -> Iterator[Entry]:
    """Yield an entry, as Chalice writes it, for each thing of the stage in the account."""
    arns = dict(_functions(context))
    for handler, arn in arns.items():
        yield {"name": handler, "resource_type": "lambda_function", "lambda_arn": arn}
    if API_HANDLER in arns:
        yield from _api(context, arns[API_HANDLER])
    for handler, event_entries in _EVENT_ENTRIES.items():
        if handler in arns:
            yield from event_entries(context, arns[handler])


def event_sources(context: Context, handler: str) -> list[Entry]:
    """Return the event source mappings with which Lambda invokes a handler's function."""
    suffix = f":function:{context.names.function_by_handler[handler]}"
    pages = context.aws.functions.get_paginator("list_event_source_mappings").paginate()
    return [
        dict(mapping)
        for page in pages
        for mapping in page["EventSourceMappings"]
        if mapping["FunctionArn"].endswith(suffix)
    ]


def subscriptions(context: Context) -> list[Entry]:
    """Return the subscriptions with which the topic of mail events invokes feedback."""
    client = context.aws.sns
    suffix = f":function:{context.names.function_by_handler[FEEDBACK]}"
    pages = client.get_paginator("list_subscriptions_by_topic").paginate(
        TopicArn=context.mail_events_topic_arn
    )
    try:
        return [
            dict(subscription)
            for page in pages
            for subscription in page["Subscriptions"]
            if subscription["Endpoint"].endswith(suffix)
        ]
    except client.exceptions.NotFoundException:
        return []


def schedule(context: Context) -> Entry | None:
    """Return the rule that invokes summarize; None where there is none."""
    client = context.aws.events
    try:
        return dict(client.describe_rule(Name=context.names.schedule))
    except client.exceptions.ResourceNotFoundException:
        return None


def _stream_entries(context: Context, function_arn: str) -> Iterator[Entry]:
    for mapping in event_sources(context, RELAY):
        yield {
            "name": "relay-dynamodb-event-source",
            "resource_type": "dynamodb_event",
            "stream_arn": mapping["EventSourceArn"],
            "event_uuid": mapping["UUID"],
            "lambda_arn": function_arn,
        }


def _queue_entries(context: Context, function_arn: str) -> Iterator[Entry]:
    for mapping in event_sources(context, DELIVER):
        yield {
            "name": "deliver-sqs-event-source",
            "resource_type": "sqs_event",
            "queue_arn": mapping["EventSourceArn"],
            "event_uuid": mapping["UUID"],
            "queue": context.names.delivery_queue,
            "lambda_arn": function_arn,
        }


def _topic_entries(context: Context, function_arn: str) -> Iterator[Entry]:
    for subscription in subscriptions(context):
        yield {
            "name": "feedback-sns-subscription",
            "resource_type": "sns_event",
            "topic": context.names.mail_events_topic,
            "lambda_arn": function_arn,
            "subscription_arn": subscription["SubscriptionArn"],
            "topic_arn": subscription["TopicArn"],
        }


def _schedule_entries(context: Context, _function_arn: str) -> Iterator[Entry]:
    if schedule(context) is not None:
        yield {
            "name": "summarize-event",
            "resource_type": "cloudwatch_event",
            "rule_name": context.names.schedule,
        }


_EVENT_ENTRIES: dict[str, Callable[[Context, str], Iterator[Entry]]] = {
    RELAY: _stream_entries,
    DELIVER: _queue_entries,
    FEEDBACK: _topic_entries,
    SUMMARIZE: _schedule_entries,
}


def _functions(context: Context) -> Iterator[tuple[str, str]]:
    client = context.aws.functions
    for handler, name in context.names.function_by_handler.items():
        try:
            yield handler, client.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
        except client.exceptions.ResourceNotFoundException:
            continue


def _api(context: Context, function_arn: str) -> Iterator[Entry]:
    apis = [found for found in _apis_by_name(context) if _invokes(context, found, function_arn)]
    if len(apis) > 1:
        raise StepProblem(
            f"There are {len(apis)} APIs of the stage {context.stage}: {', '.join(apis)}. Find out"
            " which one your pages use, and delete the other in the API Gateway console."
        )
    for found in apis:
        url = f"https://{found}.execute-api.{context.aws.region}.amazonaws.com/{context.stage}/"
        yield {
            "name": "rest_api",
            "resource_type": "rest_api",
            "rest_api_id": found,
            "rest_api_url": url,
        }


def _apis_by_name(context: Context) -> list[str]:
    pages = context.aws.apigateway.get_paginator("get_rest_apis").paginate()
    return [api["id"] for page in pages for api in page["items"] if api["name"] == APP]


def _invokes(context: Context, rest_api_id: str, function_arn: str) -> bool:
    """Tell whether an API is this stage's: each stage's has the same name, Chalice's."""
    pages = context.aws.apigateway.get_paginator("get_resources").paginate(
        restApiId=rest_api_id, embed=["methods"]
    )
    return any(
        f"{function_arn}/" in method.get("methodIntegration", {}).get("uri", "")
        for page in pages
        for resource in page["items"]
        for method in resource.get("resourceMethods", {}).values()
    )
