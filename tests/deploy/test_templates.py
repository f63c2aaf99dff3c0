"""The templates that CloudFormation is given, by the judgement of cfn-lint and checkov."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.config import PROJECT_DIR
from ops.deploying import stage_file, template
from ops.deploying.data_stack import HOLDS_DATA
from ops.deploying.event_sources import event_source_options
from ops.deploying.names import Names
from tests.deploy import checkov

RESOURCES_FILE = PROJECT_DIR / ".chalice" / "resources.json"
RESOURCES: dict[str, Any] = json.loads(RESOURCES_FILE.read_text("utf-8"))["Resources"]
SKIPS = dict(
    line.split(" ", 1)
    for line in Path(__file__).with_name("checkov_skips.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)


@pytest.fixture(scope="session")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what ``chalice package --merge-template`` writes for prod."""
    project = tmp_path_factory.mktemp("merged") / "project"
    project.mkdir()
    for name in ("chalicelib", ".chalice"):
        shutil.copytree(PROJECT_DIR / name, project / name)
    shutil.copy(PROJECT_DIR / "app.py", project)
    # Packages would only be downloaded into the zip, which nobody looks at here.
    (project / "requirements.txt").touch()
    chalice = [sys.executable, "-c", "from chalice.cli import main; main()", "package"]
    merge = ["--merge-template", ".chalice/merge-template.json"]
    done = subprocess.run(
        [*chalice, "--stage", "prod", *merge, "out"],
        cwd=project,
        env={**os.environ, "AWS_DEFAULT_REGION": "eu-west-1", "FORMPOST_STORE": "aws"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return project / "out" / "sam.json"


@pytest.fixture(scope="session")
def complaints(merged: Path) -> list[dict[str, Any]]:
    """Return what checkov says of the merged template, which has every resource."""
    return checkov.failed_checks(merged)


@pytest.mark.parametrize("file", [RESOURCES_FILE], ids=lambda path: path.name)
def test_cfn_lint_has_nothing_to_say_of_the_data(file: Path) -> None:
    assert _cfn_lint(file) == ""


def test_cfn_lint_has_nothing_to_say_of_the_whole_stage(merged: Path) -> None:
    assert _cfn_lint(merged) == ""


def test_checkov_has_nothing_to_say_but_what_is_skipped_with_a_reason(
    complaints: list[dict[str, Any]],
) -> None:
    left = [
        (complaint["check_id"], complaint["check_name"], complaint["resource"])
        for complaint in [*complaints, *checkov.failed_checks(RESOURCES_FILE)]
        if complaint["check_id"] not in SKIPS
    ]

    assert left == []


def test_every_skip_has_a_reason_and_is_needed(complaints: list[dict[str, Any]]) -> None:
    assert all(len(reason) > 30 for reason in SKIPS.values())
    assert {complaint["check_id"] for complaint in complaints} >= SKIPS.keys()


def test_the_merge_template_is_up_to_date() -> None:
    """After a change of resources.json or config.json, run ``python -m ops template``."""
    written = json.loads((PROJECT_DIR / ".chalice" / template.FILE).read_text("utf-8"))

    assert written == json.loads(json.dumps(template.merge_template(PROJECT_DIR)))


def test_the_whole_stage_has_the_event_source_options_of_a_deployment(merged: Path) -> None:
    resources = json.loads(merged.read_text("utf-8"))["Resources"]
    failures = {"Fn::GetAtt": ["RelayFailureQueue", "Arn"]}

    options = event_source_options(failures)
    [relay] = resources["Relay"]["Properties"]["Events"].values()
    [deliver] = resources["Deliver"]["Properties"]["Events"].values()
    assert options["relay"].items() <= relay["Properties"].items()
    assert relay["Properties"]["Stream"] == {"Fn::GetAtt": ["Table", "StreamArn"]}
    assert options["deliver"].items() <= deliver["Properties"].items()
    # Two intrinsic functions in one place are none.
    assert list(deliver["Properties"]["Queue"]) == ["Fn::Sub"]


def test_the_whole_stage_makes_what_functions_name_before_the_functions(merged: Path) -> None:
    """What is named by its resource comes first, e.g. the topic before its subscription."""
    resources = json.loads(merged.read_text("utf-8"))["Resources"]

    for handler in ("APIHandler", "Relay", "Deliver", "Feedback", "Summarize"):
        variables = resources[handler]["Properties"]["Environment"]["Variables"]
        assert variables["FORMPOST_MAIL_EVENTS_TOPIC"] == {
            "Fn::GetAtt": ["MailEventsTopic", "TopicName"]
        }
        assert variables["FORMPOST_CONFIGURATION_SET"] == {"Ref": "MailConfiguration"}
        assert variables["FORMPOST_DEAD_LETTER_QUEUE"] == {
            "Fn::GetAtt": ["DeadLetterQueue", "QueueName"]
        }


def test_only_ses_publishes_mail_events_and_only_for_this_stage() -> None:
    policy = RESOURCES["MailEventsTopicPolicy"]["Properties"]["PolicyDocument"]

    [statement] = policy["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sns:Publish")
    assert statement["Principal"] == {"Service": "ses.amazonaws.com"}
    [(operator, conditions)] = statement["Condition"].items()
    assert operator == "StringEquals"
    assert conditions["AWS:SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert conditions["AWS:SourceArn"]["Fn::Sub"].endswith(":configuration-set/formpost-${Stage}")
    # SES tries to publish when the destination is made.
    assert RESOURCES["MailEvents"]["DependsOn"] == "MailEventsTopicPolicy"


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_every_function_has_an_alarm_for(metric: str) -> None:
    watched = [
        alarm["Properties"]["Dimensions"][0]["Value"]["Fn::Sub"]
        for alarm in RESOURCES.values()
        if alarm["Type"] == "AWS::CloudWatch::Alarm"
        and (alarm["Properties"]["Namespace"], alarm["Properties"]["MetricName"])
        == ("AWS/Lambda", metric)
    ]

    assert sorted(watched) == sorted(Names("${Stage}").function_by_handler.values())


@pytest.mark.parametrize("name", sorted(HOLDS_DATA))
def test_what_holds_data_outlives_its_stack(name: str) -> None:
    assert RESOURCES[name]["DeletionPolicy"] == "Retain"
    assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"
    # CloudFormation takes back into a stack only what has a name of ours.
    assert {"TableName", "QueueName"} & RESOURCES[name]["Properties"].keys()


def test_a_message_waits_longer_than_six_times_what_deliver_may_take() -> None:
    """As AWS advises; else a slow delivery is made twice."""
    config = stage_file.read(PROJECT_DIR)
    timeout = config["lambda_functions"]["deliver"]["lambda_timeout"]

    assert RESOURCES["DeliveryQueue"]["Properties"]["VisibilityTimeout"] >= 6 * timeout


def test_dead_letters_are_kept_longer_than_deliveries() -> None:
    """Their time begins when they were first queued."""
    seconds = {
        name: RESOURCES[name]["Properties"]["MessageRetentionPeriod"]
        for name in ("DeliveryQueue", "DeadLetterQueue")
    }

    assert seconds["DeadLetterQueue"] > seconds["DeliveryQueue"]


def test_policies_name_formpost_s_resources_only() -> None:
    for path in sorted((PROJECT_DIR / ".chalice").glob("policy-*.json")):
        for statement in json.loads(path.read_text("utf-8"))["Statement"]:
            actions, resources = _listed(statement["Action"]), _listed(statement["Resource"])
            assert not [action for action in actions if "*" in action], path.name
            for resource in resources:
                # ListStreams takes no resource, and a mail's sender is the owner's domain.
                if actions != ["dynamodb:ListStreams"] and ":identity/" not in resource:
                    assert re.search(r"[:/]formpost[-/]", resource), path.name


def test_each_stage_has_the_same_keys() -> None:
    stages = stage_file.read(PROJECT_DIR)["stages"]

    assert stages["dev"].keys() == stages["prod"].keys() == stages["local"].keys()
    assert (
        stages["dev"]["environment_variables"].keys()
        == stages["prod"]["environment_variables"].keys()
    )


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _cfn_lint(path: Path) -> str:
    done = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), path],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr
