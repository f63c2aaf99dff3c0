"""``python -m ops run``: the whole system on this machine."""

from __future__ import annotations

from pathlib import Path

import click

PROJECT_DIR = Path(__file__).resolve().parent.parent


@click.command()
def run() -> None:
    """Start the site, the API and its database; Ctrl-C stops them.

    API_PORT and SITE_PORT choose other ports than 8000 and 8080.
    """
    from ops.local import stack

    stack.run(PROJECT_DIR)
