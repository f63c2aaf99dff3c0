"""The command line of ``ops``: one module for each command or group of commands.

Those modules import what they need when they run, so that ``--help`` is quick.
"""

from __future__ import annotations

import click

from ops.deploy import deploy
from ops.destroy import destroy
from ops.doctor import doctor
from ops.package import package
from ops.run import run
from ops.submissions import submissions
from ops.template import template


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Run and look after your Formpost."""


cli.add_command(package)
cli.add_command(run)
cli.add_command(deploy)
cli.add_command(destroy)
cli.add_command(doctor)
cli.add_command(submissions)
cli.add_command(template)
