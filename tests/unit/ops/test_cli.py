"""What holds for every command."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chalicelib.config import PROJECT_DIR


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
