"""What is in the account after ``python -m ops deploy``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app import app
from ops.deploying.inventory import event_sources
from ops.deploying.names import DELIVER, RELAY
from ops.deploying.state import api_id

if TYPE_CHECKING:
    from ops.deploying.steps import Context
    from tests.deploy.conftest import LocalAws


def test_every_route_of_the_app_is_in_the_api(deployed: Context) -> None:
    pages = deployed.aws.apigateway.get_paginator("get_resources").paginate(
        restApiId=api_id(deployed)
    )
    found = {
        (resource["path"].replace("//", "/") or "/", method)
        for page in pages
        for resource in page["items"]
        for method in resource.get("resourceMethods", {})
    }
    declared = {(path, method) for path, methods in app.routes.items() for method in methods}
    assert declared <= found
    assert {(path, "OPTIONS") for path in app.routes} <= found


def test_each_function_has_a_role_with_the_policy_of_the_repository(
    deployed: Context,
) -> None:
    assert len(deployed.names.role_by_handler) == 5
    for handler, role in deployed.names.role_by_handler.items():
        [name] = deployed.aws.iam.list_role_policies(RoleName=role)["PolicyNames"]
        found: Any = deployed.aws.iam.get_role_policy(RoleName=role, PolicyName=name)
        file = f"policy-{handler.removesuffix('_handler')}.json"
        written = deployed.project_dir / ".chalice" / file
        assert found["PolicyDocument"] == json.loads(written.read_text())


def test_each_function_has_the_memory_timeout_and_variables_of_its_stage(deployed: Context) -> None:
    found = {}
    for handler, name in deployed.names.function_by_handler.items():
        function = deployed.aws.functions.get_function_configuration(FunctionName=name)
        found[handler] = (function["MemorySize"], function["Timeout"], function["Architectures"])
        assert function["Environment"]["Variables"] == {
            "FORMPOST_TABLE": "formpost-prod",
            "FORMPOST_DELIVERY_QUEUE": "formpost-prod-deliveries",
            "FORMPOST_DEAD_LETTER_QUEUE": "formpost-prod-dead-letters",
            "FORMPOST_MAIL_EVENTS_TOPIC": "formpost-prod-mail-events",
            "FORMPOST_CONFIGURATION_SET": "formpost-prod",
            "FORMPOST_METRICS": "formpost-prod",
            "FORMPOST_STREAM_ARN": deployed.outputs["StreamArn"],
            "FORMPOST_ALLOWED_ORIGINS": deployed.outputs["SiteUrl"],
            "FORMPOST_INBOX_URL": f"{deployed.outputs['SiteUrl']}/inbox.html",
        }
    assert found == {
        "api_handler": (512, 15, ["arm64"]),
        "relay": (256, 60, ["arm64"]),
        "deliver": (256, 30, ["arm64"]),
        "feedback": (256, 30, ["arm64"]),
        "summarize": (256, 60, ["arm64"]),
    }


def test_the_stream_and_the_queue_invoke_with_limits(deployed: Context) -> None:
    [relay], [deliver] = event_sources(deployed, RELAY), event_sources(deployed, DELIVER)
    assert relay["EventSourceArn"] == deployed.outputs["StreamArn"]
    assert (relay["BatchSize"], deliver["BatchSize"]) == (100, 1)
    assert relay["BisectBatchOnFunctionError"] is True
    assert relay["MaximumRetryAttempts"] == 20
    assert relay["MaximumRecordAgeInSeconds"] == 21_600
    assert relay["DestinationConfig"]["OnFailure"]["Destination"].endswith(
        ":formpost-prod-relay-failures"
    )
    [only] = relay["FilterCriteria"]["Filters"]
    assert json.loads(only["Pattern"]) == {
        "dynamodb": {"NewImage": {"sk": {"S": [{"prefix": "SUB#"}]}}}
    }
    assert deliver["EventSourceArn"].endswith(":formpost-prod-deliveries")
    assert deliver["ScalingConfig"] == {"MaximumConcurrency": 5}


def test_the_topic_invokes_feedback_and_a_daily_rule_summarize(deployed: Context) -> None:
    [subscription] = deployed.aws.sns.list_subscriptions()["Subscriptions"]
    assert subscription["TopicArn"].endswith(":formpost-prod-mail-events")
    assert subscription["Endpoint"].endswith(":function:formpost-prod-feedback")
    [rule] = deployed.aws.events.list_rules()["Rules"]
    [target] = deployed.aws.events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert rule["ScheduleExpression"] == "rate(1 day)"
    assert target["Arn"].endswith(":function:formpost-prod-summarize")


def test_the_stage_is_throttled_and_logs_end(deployed: Context) -> None:
    stage = deployed.aws.apigateway.get_stage(restApiId=api_id(deployed), stageName="prod")
    assert stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 20
    assert stage["methodSettings"]["*/*"]["throttlingBurstLimit"] == 40
    groups = deployed.aws.logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
    assert {group["logGroupName"]: group["retentionInDays"] for group in groups} == dict.fromkeys(
        deployed.names.log_groups, 30
    )


def test_the_gateway_s_own_answers_are_problems_with_cors(deployed: Context) -> None:
    found = deployed.aws.apigateway.get_gateway_responses(restApiId=api_id(deployed))["items"]
    by_kind = {response["responseType"]: response for response in found}
    assert by_kind["MISSING_AUTHENTICATION_TOKEN"]["statusCode"] == "404"
    assert by_kind["THROTTLED"]["responseParameters"]["gatewayresponse.header.Retry-After"] == "'1'"
    for response in found:
        headers = response["responseParameters"]
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
        assert headers["gatewayresponse.header.X-Content-Type-Options"] == "'nosniff'"
        assert headers["gatewayresponse.header.Strict-Transport-Security"] == "'max-age=31536000'"
        problem = json.loads(response["responseTemplates"]["application/json"])
        assert problem["request_id"] == "$context.requestId"


def test_the_site_is_uploaded_with_the_address_of_the_api(deployed: Context) -> None:
    client, bucket = deployed.aws.s3, deployed.outputs["SiteBucketName"]
    page = client.get_object(Bucket=bucket, Key="contact.html")
    script = client.get_object(Bucket=bucket, Key="config.js")
    assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")
    assert api_id(deployed).encode() in page["Body"].read()
    assert api_id(deployed).encode() in script["Body"].read()
    style = client.get_object(Bucket=bucket, Key="style.css")
    assert style["CacheControl"] == "public, max-age=3600"
    # Modules of one version belong together.
    module = client.get_object(Bucket=bucket, Key="inbox/main.js")
    assert module["CacheControl"] == "no-cache"


def test_each_function_logs_json(deployed: Context, aws_process: LocalAws) -> None:
    bodies = aws_process.sent("lambda:PUT configuration")

    assert bodies.count('{"LoggingConfig": {"LogFormat": "JSON"}}') == 5
    assert len(deployed.names.function_by_handler) == 5
