"""``python -m ops submissions``: what visitors have sent, from the command line.

One module for each command; it imports what it needs when it runs.
"""

from __future__ import annotations

import click

from ops.commands import Commands
from ops.submissions.erase import erase
from ops.submissions.export import export
from ops.submissions.importing import import_submissions
from ops.submissions.newest import list_submissions
from ops.submissions.retention import retention


@click.group(cls=Commands)
def submissions() -> None:
    """Look at what was sent, export it, import it, erase it."""


submissions.add_command(list_submissions)
submissions.add_command(export)
submissions.add_command(import_submissions)
submissions.add_command(erase)
submissions.add_command(retention)
