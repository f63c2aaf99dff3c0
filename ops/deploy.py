"""``python -m ops deploy``: bring a stage to AWS, or up to date."""

from __future__ import annotations

from pathlib import Path

import click

PROJECT_DIR = Path(__file__).resolve().parent.parent


@click.command()
@click.option("--stage", required=True, help="A stage of .chalice/config.json, e.g. prod.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option(
    "--package",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Deploy this zip, e.g. an older one; by default one is made.",
)
@click.option("--alarm-email", help="Who is told of alarms; by default as it is, at first nobody.")
@click.option("--no-doctor", is_flag=True, help="Do not examine the stage at the end.")
def deploy(
    stage: str,
    package: Path | None,
    alarm_email: str | None,
    *,
    dry_run: bool,
    no_doctor: bool,
) -> None:
    """Deploy a stage: data, functions, API and site. Run it again at any time."""
    from rich.console import Console

    from ops.deploying import steps
    from ops.deploying.commands import begin, deploy_steps, examine, show_result

    context = begin(PROJECT_DIR, stage, Console())
    context.package, context.alarm_email = package, alarm_email
    steps.run_all(deploy_steps(), context, dry_run=dry_run)
    if dry_run:
        return
    healthy = no_doctor or examine(context)
    show_result(context)
    if not healthy:
        raise click.exceptions.Exit(1)
