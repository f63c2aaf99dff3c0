"""One attempt: find what there is to tell, put secrets in their places, ask the channel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib import failures
from chalicelib.channels import Notice, channel, is_secret_reference
from chalicelib.claims import ADDRESS_SECONDS, address_claim
from chalicelib.errors import DeliveryFailed, DeliverySkipped, StoreUnavailable, SubmissionNotFound
from chalicelib.outbox import log_line, target_of

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.channels import Sent
    from chalicelib.delivery import Delivery
    from chalicelib.model import Submission, Target
    from chalicelib.outbox import Outbox


def attempt(delivery: Delivery, now: datetime, outbox: Outbox) -> Sent:
    """Tell a delivery's target once, and return what it said.

    Raises:
        DeliveryFailed: and nothing else, but for a store that does not answer.
    """
    try:
        return _send(delivery, now, outbox)
    except (DeliveryFailed, StoreUnavailable):
        raise
    except Exception as fault:  # noqa: BLE001  whatever it is, the record says so
        # The stack tells us where; a message could quote what a visitor sent.
        outbox.write_log(
            {
                "level": "error",
                "event": "fault",
                **log_line(delivery, now, "fault", outbox),
                "error": failures.describe(fault, None),
            }
        )
        raise DeliveryFailed(f"A fault of Formpost's own ({type(fault).__name__}).") from None


def _send(delivery: Delivery, now: datetime, outbox: Outbox) -> Sent:
    form = outbox.forms.get(delivery.form)
    target = target_of(delivery, outbox)
    if form is None or target is None:
        raise DeliverySkipped("The form does not have this target any more.")
    try:
        submission = outbox.submissions.get(form, delivery.submission_id, now=now)
    except SubmissionNotFound:
        raise DeliverySkipped("The submission was erased before.") from None
    notice = Notice(
        submission=submission,
        form=form,
        target=_with_secrets(target, outbox),
        now=now,
        inbox_url=inbox_url(outbox.inbox_url, submission),
        claim_address=lambda address: _claim_address(address, submission, now, outbox),
    )
    return channel(target.channel).send(notice, outbox.outbound)


def inbox_url(page_url: str | None, submission: Submission) -> str | None:
    """Return where the owner reads a submission; behind the ``#``, which no log gets."""
    return f"{page_url}#/{submission.form}/{submission.id}" if page_url else None


def _with_secrets(target: Target, outbox: Outbox) -> Target:
    """Return a target with secrets in the place of references to them."""
    known = channel(target.channel).SETTINGS
    return replace(
        target,
        settings={
            key: _resolved(value, outbox) if known[key].is_secret else value
            for key, value in target.settings.items()
        },
    )


def _resolved(value: Any, outbox: Outbox) -> Any:
    if isinstance(value, list):
        return [_resolved(each, outbox) for each in value]
    return outbox.read_secret(value) if is_secret_reference(value) else value


def _claim_address(address: str, submission: Submission, now: datetime, outbox: Outbox) -> bool:
    return outbox.deliveries.claim_address(
        address_claim(submission.form, address, outbox.submissions.signing_key()),
        submission.id,
        now=now,
        expires_at=int(now.timestamp()) + ADDRESS_SECONDS,
    )
