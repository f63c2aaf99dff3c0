"""``python -m ops template``: write .chalice/merge-template.json anew."""

from __future__ import annotations

from pathlib import Path

import click

PROJECT_DIR = Path(__file__).resolve().parent.parent


@click.command()
def template() -> None:
    """Write .chalice/merge-template.json, after a change of resources.json or of config.json."""
    from ops.deploying.template import write

    click.echo(write(PROJECT_DIR))
