"""``python -m ops run``: the whole system on this machine."""

from __future__ import annotations

from pathlib import Path

import click

PROJECT_DIR = Path(__file__).resolve().parent.parent


@click.command()
def run() -> None:
    """Start the site, the API, its database and the notices; Ctrl-C stops them.

    Mail becomes files, which the site shows at /mail/. API_PORT and SITE_PORT choose other
    ports than 8000 and 8080.
    """
    from ops.local import stack

    stack.run(PROJECT_DIR)
