"""The recipes of docs/operations.md that need a deployment, rehearsed: a move, a lost table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ops.deploying.data_stack import DeployDataStack
from ops.deploying.stage_file import WriteStageFile
from ops.deploying.steps import run_all

if TYPE_CHECKING:
    from pathlib import Path

    from ops.deploying.steps import Context
    from tests.deploy.conftest import OpsCommand

TABLE = "formpost-prod"
SECRET = {"pk": {"S": "KEYS"}, "sk": {"S": "SIGNING"}, "secret": {"B": "bm90IGEgc2VjcmV0"}}
SUBMISSION = {
    "pk": {"S": "FORM#contact#0"},
    "sk": {"S": "SUB#01JDCN3M000000000000000000"},
    "folder_key": {"S": "FORM#contact#0#inbox"},
}


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of the old place."""
    file = tmp_path / "prod.jsonl"
    file.write_text("".join(json.dumps({"Item": item}) + "\n" for item in (SECRET, SUBMISSION)))
    return file


def stored(context: Context) -> list[Any]:
    items = context.aws.dynamodb.scan(TableName=TABLE)["Items"]
    return sorted((item["pk"]["S"], item["sk"]["S"]) for item in items)


def test_a_stage_gets_its_table_then_what_is_in_it_then_the_rest(
    context: Context, run_ops: OpsCommand, backup: Path
) -> None:
    run_all([DeployDataStack("data")], context)
    restored = run_ops("restore", str(backup), "--stage", "prod")
    stream = context.outputs["StreamArn"]
    run_all([DeployDataStack(), WriteStageFile()], context)

    assert "Restored 2 items (1 submissions, 1 others)." in restored.stdout, restored.stderr
    assert stored(context) == [
        ("FORM#contact#0", SUBMISSION["sk"]["S"]),
        ("KEYS", "SIGNING"),
    ]
    # The secret of the old place, not one that the doctor's post has made.
    assert restored.stderr == ""
    assert context.outputs["StreamArn"] == stream
    assert context.outputs["SiteUrl"]


def test_a_table_that_is_gone_is_made_again_and_filled(
    context: Context, run_ops: OpsCommand, backup: Path
) -> None:
    run_all([DeployDataStack(), WriteStageFile()], context)
    client = context.aws.dynamodb
    client.update_table(TableName=TABLE, DeletionProtectionEnabled=False)
    client.delete_table(TableName=TABLE)
    context.aws.cloudformation.delete_stack(StackName=context.names.data_stack)
    run_all([DeployDataStack(), WriteStageFile()], context)
    run_ops("restore", str(backup), "--stage", "prod")
    copied = run_ops("backup", "--stage", "prod").stdout

    assert len(stored(context)) == 2
    lines = [json.loads(line)["Item"] for line in copied.splitlines()]
    assert SECRET in lines
    assert {**SUBMISSION, "last_change": {"S": "kept"}} in lines


def test_the_template_can_be_given_to_cloudformation_as_it_is(project: Path) -> None:
    """The move begins with ``aws cloudformation deploy``, without a bucket.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    template = (project / ".chalice" / "resources.json").read_bytes()

    assert len(template) <= 51_200
    parameters = json.loads(template)["Parameters"]
    assert "data" in parameters["Extent"]["AllowedValues"]
    assert {name for name, each in parameters.items() if "Default" not in each} == {"Stage"}
