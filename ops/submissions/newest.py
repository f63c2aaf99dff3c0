"""``submissions list``: the newest first, as a table or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ops import stage as stages
from ops.submissions.choices import FOLDERS, form_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.model import Folder, Form, Submission
    from chalicelib.repository import Repository

_DEFAULT_LIMIT = 50
# Few and large pages: a page of the embedded store costs a look at every item.
_PAGE_SIZE = 500


@click.command("list")
@click.option("--form", "form_id", help="Only this form; by default every form.")
@click.option("--folder", type=click.Choice(FOLDERS), default="inbox", show_default=True)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help=f"At most so many; by default {_DEFAULT_LIMIT}, with --json all.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything, as a JSON array.")
@stages.option
def list_submissions(
    form_id: str | None, folder: str, limit: int | None, stage: str | None, *, as_json: bool
) -> None:
    """Show submissions, newest first."""
    from itertools import islice

    from chalicelib.forms import load_forms
    from chalicelib.model import Folder
    from chalicelib.wiring import submission_store
    from ops import listing

    settings = stages.settings(stage)
    all_forms = load_forms(settings.forms_file)
    forms = list(all_forms.values()) if form_id is None else [form_of(form_id, all_forms)]
    newest_first = _newest_first(submission_store(settings, publish=False), forms, Folder(folder))
    if as_json:
        click.echo(listing.as_json(islice(newest_first, limit)))
        return
    # One more, to be able to say that there are more.
    limit = limit or _DEFAULT_LIMIT
    listing.print_table(list(islice(newest_first, limit + 1)), limit, folder, len(forms))


def _newest_first(store: Repository, forms: list[Form], folder: Folder) -> Iterator[Submission]:
    from heapq import merge

    by_form = [_of_form(store, form, folder) for form in forms]
    return merge(*by_form, key=lambda submission: submission.id, reverse=True)


def _of_form(store: Repository, form: Form, folder: Folder) -> Iterator[Submission]:
    """Yield a folder page by page, and ask for no page that is not looked at."""
    from datetime import UTC, datetime

    cursor = None
    while True:
        now = datetime.now(UTC)
        page = store.list(form, folder, now=now, limit=_PAGE_SIZE, cursor=cursor)
        yield from page.submissions
        cursor = page.next_cursor
        if cursor is None:
            return
