"""``submissions export``: a form's submissions, as the owner's API writes them.

Nothing is gathered: each page of the table is written before the next one is asked for,
so a million submissions need no more memory than a thousand.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ops import stage as stages
from ops.submissions.choices import FOLDERS, Moment, form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from chalicelib.exports import Format
    from chalicelib.model import Form, Submission

# Nobody waits for a page, and DynamoDB ends one at 1 MB anyway.
_PAGE_SIZE = 1_000


@click.command()
@click.option("--form", "form_id", required=True, help="Which form.")
@click.option("--folder", type=click.Choice([*FOLDERS, "all"]), default="all", show_default=True)
@click.option("--since", type=Moment(), help="Received then or later: a time, or a day in UTC.")
@click.option("--until", type=Moment(), help="Received before.")
@click.option("--q", "query", default="", help="Words that all stand in it.")
@click.option("--format", "written_as", type=click.Choice(["csv", "jsonl"]), default="csv")
@click.option("--bom", is_flag=True, help="Begin a CSV with the mark by which Excel knows UTF-8.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Into this file, which is there once it is whole; by default to stdout.",
)
@stages.option
def export(  # noqa: PLR0913, PLR0917  click hands each option over
    form_id: str,
    folder: str,
    since: datetime | None,
    until: datetime | None,
    query: str,
    written_as: str,
    output: Path | None,
    stage: str | None,
    *,
    bom: bool,
) -> None:
    """Write a form's submissions as CSV or JSON Lines, newest first."""
    from chalicelib import search
    from chalicelib.exports import JsonLines
    from chalicelib.model import Folder
    from chalicelib.walking import Stretch
    from chalicelib.wiring import owner_inbox
    from ops.output import written
    from ops.progress import shown

    inbox = owner_inbox(stages.settings(stage), publish=False)
    form = form_of(form_id, inbox.forms)
    stretch = Stretch(None if folder == "all" else Folder(folder), since, until)
    words = search.words(query)

    def found() -> Iterator[Submission]:
        for seen in inbox.store.walk(form, stretch, now=inbox.now(), page_size=_PAGE_SIZE):
            submission = seen.submission
            if submission and (not words or search.has_words(submission, words)):
                yield submission

    with written(output) as file:
        lines: Format = JsonLines() if written_as == "jsonl" else _csv(form, found, has_mark=bom)
        file.write(lines.head().encode())
        for submission in shown(found(), "Exporting"):
            file.write(lines.line(submission).encode())


def _csv(form: Form, found: Callable[[], Iterator[Submission]], *, has_mark: bool) -> Format:
    """Return a CSV with a column for each name: the declared ones, then as they are met.

    A name that comes in only afterwards stands in the last column, as JSON.
    """
    from chalicelib.exports import Csv
    from ops.progress import shown

    names = dict.fromkeys(field.name for field in form.fields)
    for submission in shown(found(), "Looking for columns"):
        names.update((answer.name, None) for answer in submission.answers)
    return Csv(tuple(names), has_byte_order_mark=has_mark)
