"""Tell owners by mail, once a day at most, what could not be delivered.

Each form's owner gets one mail about it, where its own mail goes. A form that
tells nobody by mail has the alarm and ``python -m ops deliveries list``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.errors import DeliveryFailed
from chalicelib.model import DeliveryList, reference, timestamp

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.mails import Failure
    from chalicelib.model import Form, Target
    from chalicelib.outbox import Outbox

# A day, and room for a schedule that comes a little early.
MIN_INTERVAL = timedelta(hours=20)
_FIRST_LOOK_BACK = timedelta(days=1)


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
    failures_by_form = _failures_since(last or now - _FIRST_LOOK_BACK, outbox)
    told = [
        (form, target, failures)
        for form_id, failures in failures_by_form.items()
        if (form := outbox.forms.get(form_id)) and (target := _mail_target(form))
    ]
    # Noted before it is sent, so that two invocations at once send one.
    if told and outbox.deliveries.save_summary(now, since=last):
        for form, target, failures in told:
            _send(form, target, failures, now, outbox)


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


def _mail_target(form: Form) -> Target | None:
    return next((target for target in form.targets if target.channel == "email"), None)


def _send(
    form: Form, target: Target, failures: list[Failure], now: datetime, outbox: Outbox
) -> None:
    from chalicelib import mails

    to = target.settings["to"]
    message = mails.failures_summary(
        failures, sender=target.settings["from"], to=to, now=now, inbox_url=outbox.inbox_url
    )
    level = "info"
    try:
        sent = outbox.outbound.send_mail(message, recipients=mails.addresses(to), tags={})
        outcome = sent.outcome
    except DeliveryFailed as error:
        level, outcome = "error", str(error)
    outbox.write_log(
        {
            "level": level,
            "time": timestamp(now),
            "event": "summarize",
            "form": form.id,
            "failures": len(failures),
            "outcome": outcome,
        }
    )
