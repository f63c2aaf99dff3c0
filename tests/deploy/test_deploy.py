"""``python -m ops deploy``: the first time, again, and without doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.deploying.commands import deploy_steps
from ops.deploying.state import api_id
from ops.deploying.steps import run_all
from tests.deploy.account import WHOLE, counts, ids

if TYPE_CHECKING:
    import pytest

    from ops.deploying.steps import Context
    from tests.deploy.conftest import LocalAws, OpsCommand


def test_the_last_lines_are_a_form_with_the_real_address_and_the_site(
    run_ops: OpsCommand, context: Context
) -> None:
    done = run_ops("deploy", "--stage", "prod", "--package", str(context.package), "--no-doctor")

    assert done.returncode == 0, done.stderr
    address = f"https://{api_id(context)}.execute-api.eu-west-1.amazonaws.com/prod"
    site, form = done.stdout[done.stdout.index("The site") :].split("Paste this into a page:")
    assert ".cloudfront.net" in site
    assert form.strip().startswith(f'<form method="post" action="{address}/contact">')
    assert form.strip().endswith("</form>")


def test_the_doctor_looks_at_what_was_deployed(
    run_ops: OpsCommand, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The emulator's API has no address, so the doctor's way there ends at a closed port."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    done = run_ops("deploy", "--stage", "prod", "--package", str(context.package))

    _, found = done.stdout.split("The doctor:")
    complaints = [line.split(":")[0] for line in found.splitlines() if line.startswith("✗")]
    assert complaints == ["✗ API answers", "✗ Test post to contact"]
    assert found.count("✓") == 11
    assert "Paste this into a page:" in found
    assert done.returncode == 1


def test_a_second_deployment_adds_nothing(context: Context) -> None:
    run_all(deploy_steps(), context)
    first = ids(context)
    run_all(deploy_steps(), context)

    assert ids(context) == first
    assert counts(context) == WHOLE


def test_a_second_deployment_puts_back_what_the_first_line_of_chalice_takes_away(
    context: Context, local_aws: LocalAws
) -> None:
    run_all(deploy_steps(), context)
    local_aws.calls()
    run_all(deploy_steps(), context)

    calls = local_aws.calls()
    replaced = calls.index("apigateway:PUT restapis")
    assert calls[replaced:].count("apigateway:PUT gatewayresponses") == 8
    # Chalice's, then ours with the gateway responses.
    assert calls[replaced:].count("apigateway:POST deployments") == 2
    assert calls[replaced:].count("apigateway:PATCH stages") == 1
    assert "cloudformation:ExecuteChangeSet" not in calls


def test_a_file_that_is_gone_from_the_site_is_gone_from_the_bucket(context: Context) -> None:
    run_all(deploy_steps(), context)
    bucket = context.outputs["SiteBucketName"]
    context.aws.s3.put_object(Bucket=bucket, Key="old.html", Body=b"old")
    run_all(deploy_steps(), context)

    listed = context.aws.s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert "old.html" not in {found["Key"] for found in listed}


def test_a_dry_run_changes_nothing(run_ops: OpsCommand, local_aws: LocalAws) -> None:
    done = run_ops("deploy", "--stage", "prod", "--dry-run")

    assert done.returncode == 0, done.stderr
    assert "Data stack: create the stack formpost-prod-data" in done.stdout
    reading = ("Describe", "Get", "List")
    for call in local_aws.calls():
        verb = call.partition(":")[2]
        assert verb.startswith((*reading, "GET")), call


def test_the_stage_local_is_not_deployed(run_ops: OpsCommand) -> None:
    done = run_ops("deploy", "--stage", "local")

    assert done.returncode == 1
    assert 'There is no stage "local" in .chalice/config.json to deploy; it has' in done.stderr
