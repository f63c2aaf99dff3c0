"""What holds for every command."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chalicelib.config import PROJECT_DIR
from chalicelib.errors import NotAllowed
from ops.tokens import tokens


@pytest.mark.parametrize(
    ("environment", "region"),
    [
        ({"AWS_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-2"),
        # As the AWS CLI has it.
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-1"),
        ({}, "None"),
    ],
)
def test_the_region_is_where_other_tools_of_aws_find_it(
    environment: dict[str, str], region: str
) -> None:
    """boto3 alone does not read AWS_REGION."""
    script = (
        "import boto3, ops.cli\n"
        "ops.cli.cli(['submissions', '--help'], standalone_mode=False)\n"
        "print(boto3.Session().region_name)"
    )

    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT_DIR,
        env={**environment, "AWS_CONFIG_FILE": "none"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.splitlines()[-1] == region


@pytest.mark.parametrize("group", [(), ("submissions",), ("deliveries",), ("spam",), ("tokens",)])
def test_the_help_cuts_no_sentence(group: tuple[str, ...]) -> None:
    shown = _ops(*group, "--help", environment={}).stdout

    assert "Commands:" in shown
    assert "..." not in shown.partition("Commands:")[2]


@pytest.mark.parametrize(
    "command",
    [
        ("submissions", "list"),
        ("submissions", "export", "--form", "contact"),
        ("deliveries", "list"),
        ("tokens", "list"),
        ("spam", "replay", "--form", "contact"),
        ("backup",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "No region is set. Set one, e.g. AWS_REGION=eu-west-1."),
        (
            {"AWS_REGION": "eu-west-1"},
            (
                "There are no credentials. Set AWS_PROFILE, or sign in with"
                " `aws sso login` or `aws configure`."
            ),
        ),
        (
            {"AWS_REGION": "eu-west-1", "AWS_PROFILE": "nobody"},
            (
                "There are no credentials that work (The config profile (nobody) could not be"
                " found). Set AWS_PROFILE, or sign in with `aws sso login` or `aws configure`."
            ),
        ),
    ],
    ids=["no region", "no credentials", "no such profile"],
)
def test_a_stage_that_cannot_be_reached_is_one_sentence(
    command: tuple[str, ...], environment: dict[str, str], sentence: str
) -> None:
    done = _ops(*command, "--stage", "prod", environment=environment)

    assert done.stderr == f"Error: {sentence}\n"
    assert done.returncode == 1


def test_a_python_without_our_packages_is_told_which_one_has_them() -> None:
    """Whoever types python instead of .venv/bin/python, as the inbox and mails have it short."""
    bare = [sys.executable, "-S", "-m", "ops", "tokens", "create", "Ada"]

    done = subprocess.run(bare, cwd=PROJECT_DIR, capture_output=True, text=True, check=False)

    assert done.stderr == (
        "This Python has no click. The one that make run sets up has it: .venv/bin/python -m ops\n"
    )
    assert done.returncode == 1


@pytest.mark.parametrize("url", ["localhost", "localhost:8000", "ftp://example.com", "http://[::1"])
def test_the_doctor_says_how_an_address_begins(url: str) -> None:
    done = _ops("doctor", "--url", url, environment={})

    assert done.stderr.endswith(
        f"Error: Invalid value for '--url': {url} is no address such as http://localhost:8000.\n"
    )
    assert done.returncode == 2


def test_the_command_that_a_token_for_reading_is_told_works_as_it_stands() -> None:
    _, command = str(NotAllowed()).split("python -m ops tokens create ")

    arguments = tokens.commands["create"].make_context("create", command.split()).params

    assert arguments["scope"] == "write"


def _ops(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command where nothing is known of AWS but what the environment says."""
    nothing = {
        "AWS_CONFIG_FILE": "none",
        "AWS_SHARED_CREDENTIALS_FILE": "none",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return subprocess.run(
        [sys.executable, "-m", "ops", *arguments],
        cwd=PROJECT_DIR,
        env={**nothing, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
