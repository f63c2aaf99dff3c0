"""``python -m ops backup``: everything that a stage keeps, in a file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from ops import stage as stages


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Into this file, which is there once it is whole; by default to stdout.",
)
@click.option("--table", help="Another table, e.g. one that AWS restored beside the stage's.")
@stages.option
def backup(output: Path | None, table: str | None, stage: str | None) -> None:
    """Write every item of the table, one a line, for python -m ops restore."""
    from ops.backups import file as backup_file
    from ops.backups.table import kind_of, table_of
    from ops.output import written
    from ops.progress import shown

    settings = stages.settings(stage)
    if table and settings.store == "embedded":
        raise click.UsageError("This machine's database has one table.")
    counts: Counter[str] = Counter()
    with written(output) as file:
        for item in shown(table_of(settings, table).items(), "Backing up"):
            file.write(backup_file.line(item))
            counts[kind_of(item)] += 1
    click.echo(f"Backed up {said(counts)}.", err=True)


def said(counts: Counter[str]) -> str:
    """Return how many there are of each kind, e.g. ``3 items (2 submissions, 1 others)``."""
    kinds = ", ".join(f"{counts[kind]:,} {kind}" for kind in sorted(counts, key=_order))
    return f"{counts.total():,} items ({kinds})" if kinds else "0 items"


def _order(kind: str) -> int:
    return ("submissions", "deliveries", "tokens", "others").index(kind)
