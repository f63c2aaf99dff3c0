"""The command line of ``ops``: one module for each command or group of commands.

Those modules import what they need when they run, so that ``--help`` is quick.
"""

from __future__ import annotations

import click

from ops.run import run
from ops.submissions import submissions


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Run and look after your Formpost."""


cli.add_command(run)
cli.add_command(submissions)
