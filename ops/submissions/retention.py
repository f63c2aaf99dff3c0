"""``submissions retention``: keep what is stored for as long as its form says now.

``retention_days`` is written with each submission when it comes in, so a change is for
later ones. This command makes it one for all, their deliveries included. Relay tells
nobody of that, not even targets that are newer than a submission; see ``items.is_news``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from ops import stage as stages
from ops.submissions.choices import confirm, form_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chalicelib.bulk_store import BulkStore, Kept
    from chalicelib.model import Form


class _Change(NamedTuple):
    """One submission that is not kept for as long as its form says.

    Attributes:
        expires_at: unix s, as the form says; None is for good.
        ends_now: that is over already.
    """

    kept: Kept
    expires_at: int | None
    ends_now: bool


@click.command()
@click.option("--form", "form_id", required=True, help="Which form.")
@click.option("--dry-run", is_flag=True, help="Change nothing; only say what would be.")
@click.option("--yes", is_flag=True, help="Do not ask, though some would be gone at once.")
@stages.option
def retention(form_id: str, stage: str | None, *, dry_run: bool, yes: bool) -> None:
    """Apply a form's retention_days to what it has received before."""
    from datetime import UTC, datetime

    from chalicelib.forms import load_forms
    from ops.progress import shown
    from ops.submissions.stores import bulk_store

    settings = stages.settings(stage)
    form = form_of(form_id, load_forms(settings.forms_file))
    store, now = bulk_store(settings), datetime.now(UTC)
    due = ending = 0
    for change in shown(_changes(store, form, now), "Looking"):
        due += 1
        ending += change.ends_now
    click.echo(_said(form, due, ending))
    if dry_run or not due:
        return
    if ending:
        confirm("To go on, type the form's name", form.id, is_confirmed=yes)
    changes = shown(_changes(store, form, now), "Changing", total=due)
    changed = sum(store.keep(change.kept, change.expires_at) for change in changes)
    click.echo(f"Changed {changed:,}.")


def _changes(store: BulkStore, form: Form, now: datetime) -> Iterator[_Change]:
    """Yield what has to change. What has ended stays so, though DynamoDB deletes it later."""
    from chalicelib.retention import expiry

    seconds = int(now.timestamp())
    for kept in store.kept(form):
        has_ended = kept.expires_at is not None and kept.expires_at <= seconds
        expires_at = expiry(kept.received_at, form)
        if not has_ended and expires_at != kept.expires_at:
            ends_now = expires_at is not None and expires_at <= seconds
            yield _Change(kept, expires_at, ends_now)


def _said(form: Form, count: int, ending: int) -> str:
    days = form.retention_days
    rule = "until you delete them" if days is None else f"for {days:,} days"
    words = f"[{form.id}] keeps submissions {rule}. "
    if not count:
        return f"{words}All are kept so."
    older = f"; {ending:,} of them are older, and gone at once" if ending else ""
    return f"{words}To change: {count:,}{older}."
