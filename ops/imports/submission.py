"""Make what was received elsewhere a submission that the table takes, or say why it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.bulk_store import bytes_of
from chalicelib.intake import MAX_USER_AGENT_LENGTH
from chalicelib.model import Folder, Sender, Signal, SpamRules, Submission, Verdict
from chalicelib.repository import MAX_ITEM_BYTES
from chalicelib.retention import expiry
from ops.imports.entries import Unreadable
from ops.imports.identity import submission_id

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.model import Form
    from ops.imports.entries import Received

# Clocks differ by minutes. What is further off is a day taken for a month, and would stand
# above all that comes in until then.
_MAX_AHEAD = timedelta(days=1)
_WAS_SPAM = Signal("import", SpamRules().threshold, "was spam where it was exported")


class Choices(NamedTuple):
    """What the owner decides for all that says nothing itself.

    Attributes:
        folder: where it goes.
        is_read: how it is marked.
        now: what has expired by now is not stored.
    """

    folder: Folder
    is_read: bool
    now: datetime


def made_of(received: Received, form: Form, choices: Choices) -> Submission:
    """Return the submission to store.

    Raises:
        Unreadable: it cannot be stored; the text says why.
    """
    folder = received.folder or choices.folder
    made = Submission(
        id=submission_id(received, form),
        form=form.id,
        received_at=received.received_at,
        # No export has the address or its hash.
        sender=Sender("", received.origin, _short(received.user_agent)),
        answers=received.answers,
        folder=folder,
        verdict=Verdict(_signals(received, folder), form.spam.threshold),
        subject=received.subject,
        reply_to=received.reply_to,
        expires_at=expiry(received.received_at, form),
        is_read=choices.is_read if received.is_read is None else received.is_read,
    )
    _check(made, form, choices)
    return made


def _signals(received: Received, folder: Folder) -> tuple[Signal, ...]:
    is_own = received.id is not None
    return received.signals or ((_WAS_SPAM,) if folder == Folder.SPAM and not is_own else ())


def _check(made: Submission, form: Form, choices: Choices) -> None:
    if made.received_at > choices.now + _MAX_AHEAD:
        raise Unreadable(f"its time {made.received_at:%Y-%m-%d} is still to come")
    if made.expires_at is not None and made.expires_at <= choices.now.timestamp():
        raise Unreadable(f"it is older than the {form.retention_days:,} days of retention_days")
    try:
        size = bytes_of(made, form)
    except UnicodeEncodeError as error:
        raise Unreadable("it has a character that UTF-8 cannot hold") from error
    if size > MAX_ITEM_BYTES:
        raise Unreadable(f"it has {size:,} bytes; {MAX_ITEM_BYTES:,} can be kept together")


def _short(user_agent: str | None) -> str | None:
    return user_agent[:MAX_USER_AGENT_LENGTH] if user_agent else None
