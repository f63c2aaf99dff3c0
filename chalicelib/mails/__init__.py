"""The mails that Formpost writes: to the owner, to the visitor, about notices that failed.

Each has a text part, and an HTML part that fetches nothing. What a visitor sent
reaches these parts as it came, and of the headers only Subject, Reply-To and To, in
one line each. Sending is not done here, see channels/ and outbound.py.

The API checks forms.toml with mailboxes.py at its cold start; so what composes a mail
(email.policy, Jinja2) is imported where one is composed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chalicelib.documents import labelled_answers
from chalicelib.mails.mailboxes import addresses, visitor_address
from chalicelib.mails.messages import Envelope, message
from chalicelib.model import reference
from chalicelib.texts import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from email.message import EmailMessage

    from chalicelib.delivery import DeliveryState
    from chalicelib.model import Form, Submission

__all__ = [
    "MAX_LISTED_FAILURES",
    "Failure",
    "addresses",
    "autoresponse_mail",
    "failures_summary",
    "submission_mail",
]

# More than a person reads in one mail; the command that it names lists them all.
MAX_LISTED_FAILURES = 50
# SES gives every mail a Message-ID of its own, so a repeat is known by this.
_SUBMISSION_HEADER = "X-Formpost-Submission"
# Whatever answers mail by itself leaves it alone. Source: RFC 3834, 2 and 5
_GENERATED = {"Auto-Submitted": "auto-generated"}
# The second is Exchange's own word for it. Source:
# https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcmail (2.1.3.2.20)
_REPLIED = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class Failure(NamedTuple):
    """One notice that was not delivered.

    Attributes:
        reference: of the submission, e.g. ``8F3K-2M9Q``.
        at: when that was known.
        outcome: of the last attempt, in words for the owner.
        attempts: how many were made.
    """

    form_title: str
    reference: str
    target: str
    state: DeliveryState
    at: datetime
    outcome: str
    attempts: int


def submission_mail(  # noqa: PLR0913  all but two stand by name where it is called
    submission: Submission,
    form: Form,
    *,
    sender: str,
    to: Sequence[str],
    now: datetime,
    inbox_url: str | None,
) -> EmailMessage:
    """Return what the owner reads about one submission; answering it answers the visitor.

    Args:
        submission: what was sent.
        form: the form it was sent with.
        sender: the owner's mailbox that it comes from.
        to: the owner's mailboxes that it goes to.
        now: when it is sent.
        inbox_url: of the submission in the owner's inbox, if there is one.
    """
    subject = submission.subject or f"{form.title}: {reference(submission.id)}"
    reply_to = visitor_address(submission, form)
    answers = labelled_answers(submission, form)
    return message(
        "mail_submission",
        Envelope(sender, to, now, reply_to),
        subject,
        more_headers={**_GENERATED, _SUBMISSION_HEADER: submission.id},
        told={
            "title": one_line(subject),
            "form_title": one_line(form.title),
            "received": _moment(submission.received_at),
            "reference": reference(submission.id),
            "answered": [answer for answer in answers if answer.values],
            "left_empty": [answer.label for answer in answers if not answer.values],
            "inbox_url": inbox_url,
            "reply_to": reply_to,
        },
    )


def autoresponse_mail(
    submission_id: str, envelope: Envelope, *, subject: str, text: str
) -> EmailMessage:
    """Return what the visitor reads: the owner's words, and none of the visitor's own.

    Args:
        submission_id: of what is answered; nothing else of it is told.
        envelope: from the owner to the visitor.
        subject: in the owner's words.
        text: in the owner's words.

    Source: RFC 3834 (automatic responses).
    """
    return message(
        "mail_autoresponse",
        envelope,
        subject,
        more_headers={**_REPLIED, _SUBMISSION_HEADER: submission_id},
        told={"title": one_line(subject), "text": clean(text).strip()},
    )


def failures_summary(
    failures: Sequence[Failure],
    *,
    sender: str,
    to: Sequence[str],
    now: datetime,
    inbox_url: str | None,
) -> EmailMessage:
    """Return what the owner reads about notices that were not delivered, newest first.

    Args:
        failures: at least one, in any order.
        sender: the owner's mailbox that it comes from.
        to: the owner's mailboxes that it goes to.
        now: when it is sent.
        inbox_url: of the owner's inbox, if there is one.
    """
    count = len(failures)
    subject = "1 notice was not delivered" if count == 1 else f"{count} notices were not delivered"
    newest = sorted(failures, key=lambda failure: failure.at, reverse=True)[:MAX_LISTED_FAILURES]
    return message(
        "mail_failures",
        Envelope(sender, to, now),
        subject,
        more_headers=_GENERATED,
        told={
            "title": subject,
            "failures": [_in_words(failure) for failure in newest],
            "more": count - len(newest),
            "inbox_url": inbox_url,
        },
    )


def _in_words(failure: Failure) -> dict[str, str]:
    attempts = "1 attempt" if failure.attempts == 1 else f"{failure.attempts} attempts"
    return {
        "reference": failure.reference,
        "notice": f"{one_line(failure.form_title)}, {failure.reference}: {failure.target}",
        "state": f"{failure.state.capitalize()} after {attempts}, {_moment(failure.at)}",
        "outcome": one_line(failure.outcome),
    }


def _moment(moment: datetime) -> str:
    """Return a time in UTC as a person reads it, e.g. ``23 November 2026, 12:00 UTC``."""
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
