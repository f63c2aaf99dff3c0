"""Tell owners by mail, once a day at most, what could not be delivered.

It goes where the forms' own mail goes, one mail for all forms with the same owner. A
form that tells nobody by mail has the alarm and ``python -m ops deliveries list``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.delivery import DeliveryList
from chalicelib.errors import DeliveryFailed
from chalicelib.model import reference, timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.mails import Failure
    from chalicelib.outbox import Outbox

# A day, and room for a schedule that comes a little early.
MIN_INTERVAL = timedelta(hours=20)
_FIRST_LOOK_BACK = timedelta(days=1)


class Owner(NamedTuple):
    """Who is told: from one of the owner's mailboxes to others."""

    sender: str
    to: tuple[str, ...]


def summarize(outbox: Outbox) -> None:
    """Mail every owner what failed since the last summary, if anything did.

    A summary that the mail service does not take is not tried again: what it was
    about stays listed, and its alarm has been raised.

    Raises:
        StoreUnavailable: nothing was sent; the same call again sends it.
    """
    now, last = outbox.now(), outbox.deliveries.last_summary()
    if last is not None and now - last < MIN_INTERVAL:
        return
    told = _by_owner(_failures_since(last or now - _FIRST_LOOK_BACK, outbox), outbox)
    # Noted before it is sent, so that two invocations at once send one.
    if told and outbox.deliveries.save_summary(now, since=last):
        for owner, failures in told.items():
            _send(owner, failures, now, outbox)


def _failures_since(since: datetime, outbox: Outbox) -> dict[str, list[Failure]]:
    """Return what failed, by form."""
    # Jinja2 is not imported with it yet.
    from chalicelib.mails import Failure

    by_form: dict[str, list[Failure]] = {}
    for delivery in outbox.deliveries.listed(DeliveryList.UNDELIVERED):
        form, last = outbox.forms.get(delivery.form), delivery.last_word
        if form is None or last is None or last.at <= since:
            continue
        failure = Failure(
            form_title=form.title,
            reference=reference(delivery.submission_id),
            target=delivery.target,
            state=delivery.state,
            at=last.at,
            outcome=last.outcome,
            attempts=len(delivery.attempts),
        )
        by_form.setdefault(form.id, []).append(failure)
    return by_form


def _by_owner(
    failures_by_form: Mapping[str, list[Failure]], outbox: Outbox
) -> dict[Owner, list[Failure]]:
    """Return what failed by whom it is told, for the forms that tell somebody by mail."""
    by_owner: dict[Owner, list[Failure]] = {}
    for form_id, failures in failures_by_form.items():
        targets = outbox.forms[form_id].targets
        mail = next((target for target in targets if target.channel == "email"), None)
        if mail is not None:
            owner = Owner(mail.settings["from"], tuple(mail.settings["to"]))
            by_owner.setdefault(owner, []).extend(failures)
    return by_owner


def _send(owner: Owner, failures: list[Failure], now: datetime, outbox: Outbox) -> None:
    from chalicelib import mails

    message = mails.failures_summary(
        failures, sender=owner.sender, to=owner.to, now=now, inbox_url=outbox.inbox_url
    )
    level = "info"
    try:
        recipients = mails.addresses(owner.to)
        outcome = outbox.outbound.send_mail(message, recipients=recipients, tags={}).outcome
    except DeliveryFailed as error:
        level, outcome = "error", str(error)
    outbox.write_log(
        {
            "level": level,
            "time": timestamp(now),
            "event": "summarize",
            "failures": len(failures),
            "outcome": outcome,
        }
    )
