"""``python -m ops deliveries``: who was told of what, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ops import stage as stages
from ops.commands import Commands
from ops.submissions.choices import form_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.config import Settings
    from chalicelib.deliveries import Deliveries
    from chalicelib.delivery import Delivery

_STATES = ("pending", "failed", "refused", "bounced", "complained")


@click.group(cls=Commands)
def deliveries() -> None:
    """Look at notices to you that are not delivered, and send them again."""


@deliveries.command("list")
@click.argument("submission", required=False)
@click.option("--form", "form_id", help="Only this form; by default every form.")
@click.option("--state", type=click.Choice(_STATES), help="Only this state.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as a JSON array.")
@stages.option
def list_deliveries(
    submission: str | None,
    form_id: str | None,
    state: str | None,
    stage: str | None,
    *,
    as_json: bool,
) -> None:
    """Show what is not delivered, or every try for one SUBMISSION.

    SUBMISSION is an id or, for what is not delivered, a reference such as 8F3K-2M9Q.
    """
    from ops import delivery_listing

    settings = stages.settings(stage)
    _check_form(form_id, settings)
    store = _store(settings)
    if submission is None:
        found = list(_chosen(store, form_id, state))
    else:
        found = list(_of_submission(store, submission, stage))
    if as_json:
        click.echo(delivery_listing.as_json(found))
    elif submission is None:
        delivery_listing.print_undelivered(found)
    else:
        delivery_listing.print_attempts(found)


@deliveries.command("retry")
@click.argument("submission", required=False)
@click.argument("target", required=False)
@click.option("--failed", is_flag=True, help="Everything that was tried as often as it is.")
@click.option("--form", "form_id", help="With --failed: only this form.")
@stages.option
def retry_deliveries(
    submission: str | None,
    target: str | None,
    form_id: str | None,
    stage: str | None,
    *,
    failed: bool,
) -> None:
    """Send again what was to be told about one SUBMISSION, or all that --failed.

    SUBMISSION is an id or, for what is not delivered, a reference such as 8F3K-2M9Q. What
    was delivered is sent again only if you name its TARGET.
    """
    from chalicelib.delivery import DeliveryState
    from chalicelib.notify import retry
    from chalicelib.wiring import delivery_queue

    if failed == bool(submission):
        raise click.UsageError("Name a submission, or --failed.")
    settings = stages.settings(stage)
    _check_form(form_id, settings)
    store, queue = _store(settings), delivery_queue(settings)
    if submission is None:
        found = list(_chosen(store, form_id, DeliveryState.FAILED))
    else:
        found = [
            delivery
            for delivery in _of_submission(store, submission, stage)
            if delivery.target == target
            or (target is None and delivery.state != DeliveryState.DELIVERED)
        ]
    for delivery in found:
        retry(delivery, store, queue)
    click.echo(_said(len(found)))


def _check_form(form_id: str | None, settings: Settings) -> None:
    """Else a mistyped form would have nothing that is not delivered."""
    from chalicelib.forms import load_forms

    if form_id is not None:
        form_of(form_id, load_forms(settings.forms_file))


def _store(settings: Settings) -> Deliveries:
    from chalicelib.wiring import delivery_store

    return delivery_store(settings, publish=False)


def _chosen(store: Deliveries, form_id: str | None, state: str | None) -> Iterator[Delivery]:
    """Yield what is not delivered, newest submission first."""
    from chalicelib.delivery import DeliveryList

    found = [
        delivery
        for listed in DeliveryList
        for delivery in store.listed(listed)
        if form_id in {None, delivery.form} and state in {None, delivery.state}
    ]
    return iter(sorted(found, key=lambda delivery: delivery.submission_id, reverse=True))


def _of_submission(store: Deliveries, name: str, stage: str | None) -> tuple[Delivery, ...]:
    """Return the deliveries of one submission, by its id or its reference.

    Raises:
        click.UsageError: there are none.
    """
    from chalicelib.model import SUBMISSION_ID_LENGTH, reference

    wanted = name.strip().upper()
    if len(wanted) != SUBMISSION_ID_LENGTH:
        ids = {
            delivery.submission_id
            for delivery in _chosen(store, None, None)
            if reference(delivery.submission_id) == wanted
        }
        if not ids:
            raise click.UsageError(
                f'Nothing undelivered has the reference "{name}". By its id, any submission '
                f"can be named: {stages.command('submissions list --json', stage)} has ids."
            )
        wanted = ids.pop()
    found = store.of_submission(wanted)
    if not found:
        raise click.UsageError(f'No delivery belongs to the submission "{name}".')
    return found


def _said(count: int) -> str:
    match count:
        case 0:
            return "Nothing to send again."
        case 1:
            return "1 notice will be sent again."
        case _:
            return f"{count:,} notices will be sent again."
