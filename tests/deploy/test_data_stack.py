"""The stack that holds the data: what is refused, and what is taken as it is found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ops.deploying.commands import deploy_steps
from ops.deploying.data_stack import DeployDataStack
from ops.deploying.problems import StepFailed
from ops.deploying.steps import run_all

if TYPE_CHECKING:
    from ops.deploying.steps import Context
    from tests.deploy.conftest import LocalAws


@pytest.mark.parametrize("name", ["Table", "DeliveryQueue", "DeadLetterQueue", "RelayFailureQueue"])
def test_a_change_that_would_lose_data_is_refused(
    context: Context, local_aws: LocalAws, name: str
) -> None:
    run_all([DeployDataStack()], context)
    path = context.project_dir / ".chalice" / "resources.json"
    template = json.loads(path.read_text())
    del template["Resources"][name]
    path.write_text(json.dumps(template))
    local_aws.calls()
    with pytest.raises(StepFailed, match=f"would replace or remove {name}, so nothing was"):
        run_all([DeployDataStack()], context)

    assert "cloudformation:ExecuteChangeSet" not in local_aws.calls()


def test_a_stack_whose_first_creation_failed_is_made_again_on_the_data_that_stayed(
    context: Context, local_aws: LocalAws
) -> None:
    run_all([DeployDataStack()], context)
    stream_arn = context.outputs["StreamArn"]
    local_aws.leave_stack("formpost-prod-data", "ROLLBACK_COMPLETE")
    run_all([DeployDataStack()], context)

    assert "cloudformation:DeleteStack" in local_aws.calls()
    assert context.outputs["StreamArn"] == stream_arn


def test_a_stack_that_is_stuck_is_explained(context: Context, local_aws: LocalAws) -> None:
    run_all([DeployDataStack()], context)
    local_aws.leave_stack("formpost-prod-data", "UPDATE_ROLLBACK_FAILED")

    with pytest.raises(StepFailed, match=r"UPDATE_ROLLBACK_FAILED.*A stack that is stuck"):
        run_all([DeployDataStack()], context)


def test_origins_that_the_owner_added_are_kept(context: Context) -> None:
    path = context.project_dir / ".chalice" / "config.json"
    config = json.loads(path.read_text())
    variables = config["stages"]["prod"]["environment_variables"]
    variables["FORMPOST_ALLOWED_ORIGINS"] = "https://example.com"
    path.write_text(json.dumps(config))
    run_all(deploy_steps()[:2], context)
    run_all(deploy_steps()[:2], context)

    written = json.loads(path.read_text())["stages"]["prod"]["environment_variables"]
    assert (
        written["FORMPOST_ALLOWED_ORIGINS"] == f"https://example.com,{context.outputs['SiteUrl']}"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, "formpost-prod"), ("", ""), ("my/metrics", "my/metrics")],
    ids=["new", "turned off", "the owner's"],
)
def test_metrics_are_on_unless_the_owner_says_otherwise(
    context: Context, before: str | None, after: str
) -> None:
    path = context.project_dir / ".chalice" / "config.json"
    config = json.loads(path.read_text())
    variables = config["stages"]["prod"]["environment_variables"]
    variables.pop("FORMPOST_METRICS")
    if before is not None:
        variables["FORMPOST_METRICS"] = before
    path.write_text(json.dumps(config))
    run_all(deploy_steps()[:2], context)

    written = json.loads(path.read_text())["stages"]["prod"]["environment_variables"]
    assert written["FORMPOST_METRICS"] == after
