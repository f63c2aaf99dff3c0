"""``submissions import``: take over what this or another service exported.

Nobody is told of what is imported, and importing it again stores nothing twice, so a
command that was cut short is simply run again.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import click

from ops import stage as stages
from ops.submissions.choices import FOLDERS, form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chalicelib.model import Form, Submission
    from ops.imports.entries import Refused
    from ops.imports.files import Entries
    from ops.imports.submission import Choices

# As many as DynamoDB looks up at once; some megabytes, if each is as large as it can be.
_BATCH_SIZE = 100


class _Counts(NamedTuple):
    """What became of a file's submissions."""

    stored: int
    known: int
    refused: int


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--form", "form_id", required=True, help="Which form they go to.")
@click.option(
    "--from",
    "service",
    type=click.Choice(["formpost", "netlify", "formspree"]),
    help="Whose export it is; by default what its columns tell.",
)
@click.option(
    "--folder",
    type=click.Choice(FOLDERS),
    default="inbox",
    show_default=True,
    help="Where it goes, unless the file says so for each.",
)
@click.option("--unread", is_flag=True, help="Mark as unread, unless the file says so for each.")
@click.option("--dry-run", is_flag=True, help="Store nothing; only say what would be.")
@stages.option
def import_submissions(  # noqa: PLR0913  click hands each option over
    file: BinaryIO,
    form_id: str,
    service: str | None,
    folder: str,
    stage: str | None,
    *,
    unread: bool,
    dry_run: bool,
) -> None:
    """Store what is in FILE: CSV, JSON Lines or JSON of Formpost, Formspree or Netlify.

    FILE can be - for stdin. Nobody is told of it. Twice is as good as once.
    """
    from datetime import UTC, datetime

    from chalicelib.forms import load_forms
    from chalicelib.model import Folder
    from ops.imports.files import NotAnExport, entries
    from ops.imports.submission import Choices
    from ops.progress import shown
    from ops.submissions.stores import bulk_store

    settings = stages.settings(stage)
    form = form_of(form_id, load_forms(settings.forms_file))
    store = bulk_store(settings)
    choices = Choices(Folder(folder), is_read=not unread, now=datetime.now(UTC))

    def add(batch: Sequence[Submission]) -> int:
        return len(store.missing(batch, form)) if dry_run else store.add_missing(batch, form)

    size, position = _extent(file)
    try:
        found = shown(entries(file), "Importing", total=size, position=position)
        counts = _import(_read(found, form, choices, service), add)
    except NotAnExport as error:
        raise click.ClickException(str(error)) from error
    click.echo(_said(counts, is_dry_run=dry_run))
    if counts.refused:
        raise SystemExit(1)


def _read(
    found: Entries, form: Form, choices: Choices, service: str | None
) -> Iterator[Submission | Refused]:
    from ops.imports import dialects, submission
    from ops.imports.entries import Refused, Unreadable

    for entry in found:
        if isinstance(entry, Refused):
            yield entry
            continue
        try:
            yield submission.made_of(dialects.received(entry, form, service), form, choices)
        except Unreadable as error:
            yield Refused(entry.place, str(error))


def _import(
    found: Iterator[Submission | Refused], add: Callable[[Sequence[Submission]], int]
) -> _Counts:
    """Store batch by batch, and name each that is refused."""
    from ops.imports.entries import Refused

    stored = read = refused = 0
    batch: list[Submission] = []
    for each in found:
        if isinstance(each, Refused):
            refused += 1
            # Not by click.echo, which writes into the bar: rich puts aside what is printed.
            print(f"{each.place}: {each.reason}.", file=sys.stderr)
            continue
        read += 1
        batch.append(each)
        if len(batch) == _BATCH_SIZE:
            stored += add(batch)
            batch = []
    stored += add(batch)
    return _Counts(stored, read - stored, refused)


def _extent(file: BinaryIO) -> tuple[int | None, Callable[[], int] | None]:
    """Return how many bytes a file has, and what tells how many were read; not of a pipe."""
    return (os.fstat(file.fileno()).st_size, file.tell) if file.seekable() else (None, None)


def _said(counts: _Counts, *, is_dry_run: bool) -> str:
    words = "would be stored" if is_dry_run else "stored"
    return f"{counts.stored:,} {words}, {counts.known:,} there already, {counts.refused:,} refused."
