"""``python -m ops destroy``: everything goes but the data, unless they are named as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.deploying.commands import deploy_steps
from ops.deploying.steps import run_all
from tests.deploy.account import NOTHING, WHOLE, counts

if TYPE_CHECKING:
    from ops.deploying.steps import Context
    from tests.deploy.conftest import OpsCommand


def test_the_data_stay_and_the_rest_goes(run_ops: OpsCommand, context: Context) -> None:
    run_all(deploy_steps(), context)
    done = run_ops("destroy", "--stage", "prod")

    assert done.returncode == 0, done.stderr
    assert counts(context) == NOTHING
    assert context.aws.sns.list_topics()["Topics"] == []
    assert context.aws.s3.list_buckets()["Buckets"] == []
    assert context.aws.logs.describe_log_groups()["logGroups"] == []
    assert context.aws.dynamodb.list_tables()["TableNames"] == ["formpost-prod"]
    assert len(context.aws.sqs.list_queues()["QueueUrls"]) == 3


def test_a_stage_can_be_deployed_again_on_its_old_data(
    run_ops: OpsCommand, context: Context
) -> None:
    run_all(deploy_steps(), context)
    item = {"pk": {"S": "FORM#contact#0"}, "sk": {"S": "SUB#1"}}
    context.aws.dynamodb.put_item(TableName="formpost-prod", Item=item)
    run_ops("destroy", "--stage", "prod")
    run_all(deploy_steps(), context)

    assert counts(context) == WHOLE
    assert context.aws.dynamodb.scan(TableName="formpost-prod")["Items"] == [item]


def test_with_data_nothing_is_left(run_ops: OpsCommand, context: Context) -> None:
    run_all(deploy_steps(), context)
    done = run_ops("destroy", "--stage", "prod", "--with-data", typed="prod\n")

    assert done.returncode == 0, done.stderr
    assert context.aws.dynamodb.list_tables()["TableNames"] == []
    assert context.aws.sqs.list_queues().get("QueueUrls", []) == []


def test_data_are_not_deleted_for_another_word(run_ops: OpsCommand, context: Context) -> None:
    run_all(deploy_steps(), context)
    done = run_ops("destroy", "--stage", "prod", "--with-data", typed="yes\n")

    assert done.returncode == 1
    assert "Nothing was changed" in done.stderr
    assert counts(context) == WHOLE


def test_a_second_removal_finds_nothing_to_do(run_ops: OpsCommand, context: Context) -> None:
    run_all(deploy_steps(), context)
    run_ops("destroy", "--stage", "prod", "--with-data", typed="prod\n")
    done = run_ops("destroy", "--stage", "prod", "--with-data", typed="prod\n")

    assert done.returncode == 0, done.stderr
