"""``python -m ops doctor``: look at a stage or an address, and say what to do."""

from __future__ import annotations

from pathlib import Path

import click

PROJECT_DIR = Path(__file__).resolve().parent.parent


def _address(_ctx: click.Context, _param: click.Parameter, url: str | None) -> str | None:
    from chalicelib.origins import origin_of

    if url is not None and origin_of(url) is None:
        raise click.BadParameter(f"{url} is no address such as http://localhost:8000.")
    return url


@click.command()
@click.option("--stage", help="A deployed stage: its account and its API.")
@click.option("--url", callback=_address, help="A running API, e.g. http://localhost:8000.")
@click.option("--json", "as_json", is_flag=True, help="The findings as a JSON array.")
def doctor(stage: str | None, url: str | None, *, as_json: bool) -> None:
    """Examine a Formpost. Exit code 1 if something is not as it should be."""
    from rich.console import Console

    from ops.deploying.commands import begin
    from ops.examining import report
    from ops.examining.examination import examine_stage, examine_url

    console = Console(stderr=as_json)
    if stage:
        findings = examine_stage(begin(PROJECT_DIR, stage, console), url)
    elif url:
        findings = examine_url(url)
    else:
        raise click.UsageError("Name a --stage, a --url, or both.")
    if as_json:
        found = list(findings)
        click.echo(report.as_json(found))
        healthy = all(finding.healthy for finding in found)
    else:
        healthy = report.show(findings, console)
    if not healthy:
        raise click.exceptions.Exit(1)
