"""``spam replay``: what rules would have made of the submissions that are stored.

One walk from the oldest to the newest, and nothing is changed. Each submission is judged
knowing what its owner says of those before it, and no other: as a form does that learns. Rules
count once they stand in forms.toml, and then for what comes in.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ops import stage as stages
from ops.submissions.choices import Moment, form_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chalicelib.bulk_store import Marked
    from chalicelib.model import SpamRules


@click.command()
@click.option("--form", "form_id", required=True, help="Which form.")
@click.option(
    "--weights",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML with the keys of [<form>.spam]; by default that table of forms.toml.",
)
@click.option("--since", type=Moment(), help="Count what was received then or later.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@stages.option
def replay(
    form_id: str, file: Path | None, since: datetime | None, stage: str | None, *, as_json: bool
) -> None:
    """Judge what is stored once more, and say what would be right and wrong.

    Nothing is changed. What your folders say is taken for the truth.
    """
    from datetime import UTC, datetime

    from chalicelib.forms import load_forms
    from chalicelib.learned import Learned
    from chalicelib.model import Folder
    from chalicelib.reading import Reading
    from ops.spam import report
    from ops.spam.judging import Judge
    from ops.spam.tally import Tally
    from ops.submissions.stores import bulk_store

    settings = stages.settings(stage)
    form = form_of(form_id, load_forms(settings.forms_file))
    judge = Judge(form, _rules(file) if file else form.spam)
    tally, learned, now = Tally(), Learned(), datetime.now(UTC)
    for submission, is_marked in _shown(bulk_store(settings).oldest_first(form, now=now), now):
        verdict = judge.verdict(submission, learned)
        if is_marked:
            learned.learn(Reading(submission), is_spam=submission.folder == Folder.SPAM)
        if since is None or submission.received_at >= since:
            tally.count(submission, verdict, is_marked=is_marked)
    if as_json:
        click.echo(report.as_json(form.id, tally))
    else:
        report.print_tables(form.id, tally, rules=str(file or "forms.toml"))


def _rules(file: Path) -> SpamRules:
    """Return the rules of a file.

    Raises:
        click.ClickException: it is not TOML.
        ConfigError: a key is unknown, or its value is not one that is allowed.
    """
    import tomllib

    from chalicelib.spam_rules import spam_rules

    try:
        table: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{file} cannot be read as TOML: {error}.") from error
    return spam_rules(str(file), table)


def _shown(found: Iterator[Marked], now: datetime) -> Iterator[Marked]:
    """Yield each submission, and show how far the walk has come from the first one to now."""
    from itertools import chain

    from ops.progress import shown

    first = next(found, None)
    if first is None:
        return
    begin = newest = first.submission.received_at

    def watched() -> Iterator[Marked]:
        nonlocal newest
        for marked in chain([first], found):
            newest = marked.submission.received_at
            yield marked

    seconds = int((now - begin).total_seconds())
    position = lambda: int((newest - begin).total_seconds())  # noqa: E731
    yield from shown(watched(), "Judging", total=seconds, position=position)
