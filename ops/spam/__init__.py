"""``python -m ops spam``: how a form's spam is judged, looked at before it counts.

One module for each command; it imports what it needs when it runs.
"""

from __future__ import annotations

import click

from ops.commands import Commands
from ops.spam.replay import replay


@click.group(cls=Commands)
def spam() -> None:
    """Try how submissions are judged."""


spam.add_command(replay)
