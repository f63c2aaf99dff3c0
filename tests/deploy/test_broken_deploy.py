"""A deployment that stops at any point is mended by the next one, with nothing made twice."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from ops.deploying.commands import deploy_steps
from ops.deploying.problems import StepFailed
from ops.deploying.state import state_path
from ops.deploying.steps import run_all
from tests.deploy.account import WHOLE, counts, ids

if TYPE_CHECKING:
    from ops.deploying.steps import Context
    from tests.deploy.conftest import LocalAws


# In the order of a deployment, so that each run gets further than the one before.
AT_FIRST = (
    ("Data stack", "cloudformation:CreateChangeSet"),
    ("Data stack", "cloudformation:ExecuteChangeSet"),
    ("Functions and API", "iam:CreateRole"),
    ("Functions and API", "lambda:POST functions"),
    ("Functions and API", "lambda:POST event-source-mappings"),
    ("Functions and API", "sns:Subscribe"),
    ("Functions and API", "events:PutTargets"),
    ("Functions and API", "apigateway:POST restapis"),
    ("Functions and API", "lambda:POST policy"),
    ("Functions and API", "apigateway:POST deployments"),
    ("Gateway responses", "apigateway:PUT gatewayresponses"),
    ("Throttling", "apigateway:PATCH stages"),
    ("Event sources", "lambda:PUT event-source-mappings"),
    ("Logs", "logs:PutRetentionPolicy"),
    ("Site", "s3:GET formpost-prod-site"),
    ("Site", "cloudfront:POST invalidation"),
)
LATER = (
    ("Chalice's state", "lambda:GET formpost-prod"),
    ("Functions and API", "lambda:PUT code"),
    ("Functions and API", "apigateway:PUT restapis"),
)


def test_a_first_deployment_that_is_refused_at_every_step_ends_well_with_nothing_twice(
    context: Context, local_aws: LocalAws
) -> None:
    for title, call in AT_FIRST:
        # Chalice makes these calls as well, in its step.
        local_aws.refuse(call, after=2 if title == "Event sources" else 0)
        with pytest.raises(StepFailed) as failed:
            run_all(deploy_steps(), context)
        assert failed.value.message.startswith(f"{title}: "), call
        assert "AccessDenied" in failed.value.message
        assert "run the same command again" in failed.value.message
    run_all(deploy_steps(), context)

    assert counts(context) == WHOLE


def test_a_later_deployment_that_is_refused_leaves_what_runs(
    context: Context, local_aws: LocalAws
) -> None:
    run_all(deploy_steps(), context)
    before = ids(context)
    for title, call in LATER:
        local_aws.refuse(call)
        with pytest.raises(StepFailed, match=f"^{title}: "):
            run_all(deploy_steps(), context)
        assert ids(context) == before
    run_all(deploy_steps(), context)

    assert ids(context) == before


def test_a_folder_that_cannot_be_written_to_is_named(context: Context) -> None:
    in_the_way = context.project_dir / ".chalice" / "config.new"
    in_the_way.mkdir()
    with pytest.raises(StepFailed, match=r"^config\.json: .*config\.new"):
        run_all(deploy_steps(), context)

    in_the_way.rmdir()
    run_all(deploy_steps(), context)
    assert counts(context) == WHOLE


def test_a_package_that_cannot_be_made_stops_before_anything_that_visitors_notice(
    context: Context, local_aws: LocalAws
) -> None:
    package, context.package = context.package, None
    (context.project_dir / "chalicelib" / "forms.toml").unlink()
    with pytest.raises(StepFailed, match=r"^Package: "):
        run_all(deploy_steps(), context)

    assert not [call for call in local_aws.calls() if call.startswith(("lambda:", "apigateway:"))]
    shutil.copy("chalicelib/forms.toml", context.project_dir / "chalicelib")
    context.package = package
    run_all(deploy_steps(), context)
    assert counts(context) == WHOLE


def test_a_lost_state_file_is_noticed_and_written_anew_before_anything_is_made_twice(
    context: Context,
) -> None:
    run_all(deploy_steps(), context)
    path = state_path(context.project_dir, "prod")
    kept, before = json.loads(path.read_text()), ids(context)
    shutil.rmtree(path.parent)
    with context.console.capture() as told:
        run_all(deploy_steps(), context)

    assert "prod.json was lost, or the first deployment stopped half-way" in told.get()
    assert "rest_api" in told.get()
    assert ids(context) == before
    by_name = {entry["name"]: entry for entry in json.loads(path.read_text())["resources"]}
    assert by_name == {entry["name"]: entry for entry in kept["resources"]}


def test_two_apis_of_one_stage_stop_the_deployment_with_both_ids(context: Context) -> None:
    """Chalice alone makes the second one when its file is lost."""
    run_all(deploy_steps(), context)
    [first] = ids(context)["apis"]
    document = context.aws.apigateway.get_export(
        restApiId=first, stageName="prod", exportType="swagger"
    )["body"].read()
    assert document
    uri = f"arn:aws:apigateway:eu-west-1:lambda:path/x/functions/{_api_function(context)}/y"
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
    second = {
        "swagger": "2.0",
        "info": {"title": "formpost", "version": "1"},
        "paths": {"/": {"get": {"x-amazon-apigateway-integration": integration}}},
    }
    made = context.aws.apigateway.import_rest_api(body=json.dumps(second).encode())
    state_path(context.project_dir, "prod").unlink()

    with pytest.raises(StepFailed, match="There are 2 APIs of the stage prod") as failed:
        run_all(deploy_steps(), context)
    assert first in failed.value.message
    assert made["id"] in failed.value.message


def _api_function(context: Context) -> str:
    name = context.names.function_by_handler["api_handler"]
    return context.aws.functions.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
