"""``python -m ops destroy``: take a stage away, but for its data."""

from __future__ import annotations

from pathlib import Path

import click

PROJECT_DIR = Path(__file__).resolve().parent.parent


@click.command()
@click.option("--stage", required=True, help="A stage of .chalice/config.json, e.g. prod.")
@click.option("--with-data", is_flag=True, help="Delete the submissions as well. Asks again.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
def destroy(stage: str, *, with_data: bool, dry_run: bool) -> None:
    """Remove functions, API, site, mail events, alarms and logs. What was submitted stays."""
    from rich.console import Console

    from ops.deploying import steps
    from ops.deploying.commands import begin, destroy_steps

    context = begin(PROJECT_DIR, stage, Console())
    if with_data and not dry_run:
        typed = click.prompt(
            f"This deletes every submission of {stage}. Type the stage's name to go on"
        )
        if typed != stage:
            raise click.ClickException("That is not the stage's name. Nothing was changed.")
    steps.run_all(destroy_steps(with_data=with_data), context, dry_run=dry_run)
