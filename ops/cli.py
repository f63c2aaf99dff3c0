"""The command line of ``ops``: one module for each command or group of commands.

Those modules import what they need when they run, so that ``--help`` is quick.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ops.backup import backup
from ops.commands import Commands
from ops.deliveries import deliveries
from ops.deploy import deploy
from ops.destroy import destroy
from ops.doctor import doctor
from ops.package import package
from ops.restore import restore
from ops.run import run
from ops.spam import spam
from ops.submissions import submissions
from ops.template import template
from ops.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Run and look after your Formpost."""
    os.environ.update(region_for_boto3(os.environ))


def region_for_boto3(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what boto3 has to be told of the region: AWS's other tools read AWS_REGION first.

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
    """
    region = environment.get("AWS_REGION")
    return {"AWS_DEFAULT_REGION": region} if region else {}


cli.add_command(package)
cli.add_command(run)
cli.add_command(deploy)
cli.add_command(destroy)
cli.add_command(doctor)
cli.add_command(submissions)
cli.add_command(spam)
cli.add_command(deliveries)
cli.add_command(backup)
cli.add_command(restore)
cli.add_command(template)
cli.add_command(tokens)
