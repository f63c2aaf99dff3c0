"""``submissions erase``: one submission by its id, or everything about a person.

What goes is what the owner's API erases: submissions, their deliveries, and what points
to them. It is shown before, and the receipt afterwards says how many of each are gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ops import stage as stages
from ops.submissions.choices import confirm, form_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.inbox import Inbox
    from chalicelib.model import Erased, Submission

# As many as one sees at a glance; the rest is counted.
_MAX_SHOWN = 20


@click.command()
@click.argument("submission_id", metavar="[ID]", required=False)
@click.option("--form", "form_id", help="With ID: the form that it was sent to.")
@click.option("--email", help="Everything about this person, over all forms and folders.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@stages.option
def erase(
    submission_id: str | None,
    form_id: str | None,
    email: str | None,
    stage: str | None,
    *,
    yes: bool,
) -> None:
    """Erase one submission by its ID, or everything about a person, for good."""
    from chalicelib.wiring import owner_inbox

    if (submission_id is None) == (email is None) or (submission_id is None) != (form_id is None):
        raise click.UsageError("Name an ID with its --form, or an --email.")
    inbox = owner_inbox(stages.settings(stage), publish=False)
    if email is not None:
        _erase_person(email.strip(), inbox, is_confirmed=yes)
    elif submission_id is not None and form_id is not None:
        _erase_one(submission_id.strip().upper(), form_id, inbox, is_confirmed=yes)


def _erase_person(email: str, inbox: Inbox, *, is_confirmed: bool) -> None:
    from chalicelib.validation import is_email

    # Every value is compared with it, so anything else could be an answer such as "yes".
    if not is_email(email):
        raise click.UsageError(f"{email} is no address such as name@example.com.")
    count = _show(_about(email, inbox), inbox)
    if not count:
        click.echo(f"There is nothing about {email}.")
        return
    confirm(f"To erase {_submissions(count)}, type the address", email, is_confirmed=is_confirmed)
    _print_receipt(email, _erase_all(email, inbox))


def _erase_one(submission_id: str, form_id: str, inbox: Inbox, *, is_confirmed: bool) -> None:
    from chalicelib import inbox as verbs
    from chalicelib.errors import SubmissionNotFound
    from chalicelib.model import reference

    form = form_of(form_id, inbox.forms)
    try:
        found = verbs.whole(form, submission_id, inbox)
    except SubmissionNotFound as error:
        raise click.ClickException(f"[{form.id}] has no submission {submission_id}.") from error
    _show(iter([found.submission]), inbox)
    name = reference(submission_id)
    confirm("To erase it, type its reference", name, is_confirmed=is_confirmed)
    _print_receipt(name, verbs.erase(form, submission_id, inbox))


def _about(email: str, inbox: Inbox) -> Iterator[Submission]:
    """Yield what is about a person, form by form."""
    from chalicelib import people

    cursor = None
    while True:
        page = people.find(email, cursor, inbox)
        yield from (submission for submission, _ in page.submissions)
        cursor = page.next_cursor
        if cursor is None:
            return


def _show(found: Iterator[Submission], inbox: Inbox) -> int:
    """Show the first of them, and return how many there are."""
    from itertools import islice

    from ops import listing
    from ops.progress import shown

    looked_at = shown(found, "Looking")
    first = list(islice(looked_at, _MAX_SHOWN))
    more = sum(1 for _ in looked_at)
    if first:
        listing.print_table(first, _MAX_SHOWN, "inbox", len(inbox.forms))
    if more:
        click.echo(f"and {more:,} more.")
    return len(first) + more


def _erase_all(email: str, inbox: Inbox) -> Erased:
    from chalicelib import people
    from chalicelib.model import Erased

    gone, cursor = Erased(), None
    while True:
        receipt = people.erase_all(email, cursor, inbox)
        gone = Erased(
            gone.submissions + receipt.submissions,
            gone.deliveries + receipt.deliveries,
            gone.pointers + receipt.pointers,
        )
        cursor = receipt.next_cursor
        if cursor is None:
            return gone


def _print_receipt(whom: str, gone: Erased) -> None:
    from datetime import UTC, datetime

    click.echo(f"Erased {whom}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC:")
    for kind, count in gone._asdict().items():
        click.echo(f"  {kind:<12} {count:>9,}")


def _submissions(count: int) -> str:
    return "this submission" if count == 1 else f"these {count:,} submissions"
