"""What an account has of everything that could be made twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ops.deploying.steps import Context

# Of a whole stage: an API, five functions, two event sources, a subscription, a rule, five roles.
WHOLE = [1, 5, 2, 1, 1, 5]
NOTHING = [0] * len(WHOLE)


def ids(context: Context) -> dict[str, list[str]]:
    """Return the id of everything that could have been made twice."""
    return {
        "apis": [api["id"] for api in context.aws.apigateway.get_rest_apis()["items"]],
        "functions": [
            function["FunctionArn"]
            for function in context.aws.functions.list_functions()["Functions"]
        ],
        "event sources": [
            mapping["UUID"]
            for mapping in context.aws.functions.list_event_source_mappings()["EventSourceMappings"]
        ],
        "subscriptions": [
            subscription["SubscriptionArn"]
            for subscription in context.aws.sns.list_subscriptions()["Subscriptions"]
        ],
        "rules": [rule["Arn"] for rule in context.aws.events.list_rules()["Rules"]],
        "roles": [role["Arn"] for role in context.aws.iam.list_roles()["Roles"]],
    }


def counts(context: Context) -> list[int]:
    """Return how many there are of each."""
    return [len(found) for found in ids(context).values()]
