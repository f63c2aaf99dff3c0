"""``python -m ops doctor``: a healthy stage, and each thing that can be wrong with one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from ops.deploying.inventory import event_sources, subscriptions
from ops.deploying.state import api_id, state_path
from ops.examining.account import examine_account
from ops.examining.examination import examine_stage
from tests.deploy.servers import local_api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.deploying.steps import Context
    from ops.examining.finding import Finding


@pytest.fixture(scope="module")
def api(deployed: Context) -> Iterator[str]:
    """Run the deployed app on this machine, on the stage's own table."""
    # This machine may be busier than DynamoDB.
    environment = {**os.environ, "FORMPOST_STORE": "aws", "FORMPOST_STORE_TIMEOUT_SECONDS": "10"}
    with local_api(deployed.project_dir, environment) as url:
        yield url


def test_a_healthy_stage_has_no_complaint(deployed: Context, api: str) -> None:
    findings = list(examine_stage(deployed, api))

    assert [finding for finding in findings if not finding.healthy] == []
    checks = [finding.check for finding in findings]
    site = deployed.outputs["SiteUrl"]
    assert checks == [
        "Chalice's state file",
        "Gateway responses",
        "Throttling",
        "Table",
        "Queues",
        "Event source of relay",
        "Event source of deliver",
        "Event source of feedback",
        "Event source of summarize",
        "Policies",
        "Mail events",
        "API answers",
        f"Preflight from {site}",
        f"Request from {site}",
        "CORS on 404",
        "CORS on 405",
        "CORS on 413",
        "CORS on 415",
        "Test post to contact",
    ]


def test_the_test_post_is_removed_again(deployed: Context, api: str) -> None:
    list(examine_stage(deployed, api))

    items = deployed.aws.dynamodb.scan(TableName="formpost-prod")["Items"]
    assert [item for item in items if item["sk"]["S"].startswith("SUB#")] == []


def test_the_command_says_it_as_json_and_by_its_exit_code(deployed: Context, api: str) -> None:
    healthy = _doctor(deployed, "--stage", "prod", "--url", api, "--json")
    unreachable = _doctor(deployed, "--url", "http://127.0.0.1:9", "--json")

    assert healthy.returncode == 0, healthy.stdout
    assert all(finding["healthy"] for finding in json.loads(healthy.stdout))
    assert unreachable.returncode == 1
    assert (
        json.loads(unreachable.stdout)[0]["advice"] == "Check the address, and that the API runs."
    )


def test_every_complaint_says_what_to_do(deployed: Context) -> None:
    """Everything that can be wrong, at once: each change is one that people make by hand."""
    aws, rest_api_id = deployed.aws, api_id(deployed)
    aws.apigateway.delete_gateway_response(restApiId=rest_api_id, responseType="THROTTLED")
    [deliver] = event_sources(deployed, "deliver")
    aws.functions.update_event_source_mapping(UUID=deliver["UUID"], Enabled=False)
    [relay] = event_sources(deployed, "relay")
    aws.functions.update_event_source_mapping(
        UUID=relay["UUID"], FilterCriteria={"Filters": []}, MaximumRetryAttempts=-1
    )
    [subscription] = subscriptions(deployed)
    aws.sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    aws.events.disable_rule(Name="formpost-prod-summarize-event")
    aws.dynamodb.update_time_to_live(
        TableName="formpost-prod",
        TimeToLiveSpecification={"AttributeName": "expires_at", "Enabled": False},
    )
    aws.sqs.delete_queue(
        QueueUrl=aws.sqs.get_queue_url(QueueName="formpost-prod-dead-letters")["QueueUrl"]
    )
    [policy] = aws.iam.list_role_policies(RoleName="formpost-prod-relay")["PolicyNames"]
    aws.iam.put_role_policy(
        RoleName="formpost-prod-relay",
        PolicyName=policy,
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
            }
        ),
    )
    aws.apigateway.update_stage(
        restApiId=rest_api_id,
        stageName="prod",
        patchOperations=[{"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "10000"}],
    )
    state_path(deployed.project_dir, "prod").rename(deployed.project_dir / "kept.json")
    without_state = _complaints(deployed)
    (deployed.project_dir / "kept.json").rename(state_path(deployed.project_dir, "prod"))

    complaints = _complaints(deployed)
    assert without_state["Chalice's state file"].seen == ".chalice/deployed/prod.json is not there"
    assert complaints["Gateway responses"].seen == "not as in the repository: THROTTLED"
    assert complaints["Throttling"].seen == "10000.0 requests a second, burst 40"
    assert complaints["Table"].seen == "not right: time to live"
    assert complaints["Queues"].seen.startswith("AWS refused GetQueueUrl")
    assert '"MaximumRetryAttempts": -1' in complaints["Event source of relay"].seen
    assert '"FilterCriteria": {"Filters": []}' in complaints["Event source of relay"].seen
    assert complaints["Event source of feedback"].seen.endswith("invokes it by 0 subscriptions")
    assert complaints["Event source of summarize"].seen == "rate(1 day), DISABLED"
    assert complaints["Event source of deliver"].seen == "is Disabled"
    assert complaints["Policies"].seen == "differ: formpost-prod-relay"
    assert all("python -m ops deploy --stage prod" in f.advice for f in complaints.values())


def _complaints(context: Context) -> dict[str, Finding]:
    return {found.check: found for found in examine_account(context) if not found.healthy}


def _doctor(context: Context, *arguments: str) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "ops", "doctor", *arguments],
        cwd=context.project_dir,
        capture_output=True,
        text=True,
        check=False,
    )
