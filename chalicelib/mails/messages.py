"""Put a mail together: its headers, and the same in a text part and an HTML part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.mails.headers import mailboxes_header, text_header
from chalicelib.templating import render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from email.message import EmailMessage

    from chalicelib.mails.headers import Header


class Envelope(NamedTuple):
    """From whom a mail comes and to whom it goes, as ``Ada <ada@example.com>`` or an address.

    Attributes:
        now: when it is sent.
        reply_to: where answers go; None is to the sender.
    """

    sender: str
    to: Sequence[str]
    now: datetime
    reply_to: str | None = None


def message(
    template: str,
    envelope: Envelope,
    subject: str,
    *,
    more_headers: Mapping[str, str],
    told: Mapping[str, Any],
) -> EmailMessage:
    """Return a mail that is ASCII in lines of at most 998 characters, which end in CRLF.

    Args:
        template: the name of two, one .txt and one .html.
        envelope: what becomes From, To, Date and Reply-To.
        subject: any text.
        more_headers: any text by the header's name.
        told: what the templates say.

    Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_RawMessage.html
    """
    from email.message import EmailMessage
    from email.policy import SMTP

    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    for header in _headers(envelope):
        mail[header.name] = header
    for name, text in {"Subject": subject, **more_headers}.items():
        mail[name] = text_header(name, text)
    mail.set_content(render(f"{template}.txt", told))
    mail.add_alternative(render(f"{template}.html", told), subtype="html")
    return mail


def _headers(envelope: Envelope) -> list[Header]:
    from email.utils import format_datetime

    headers = [
        mailboxes_header("From", [envelope.sender]),
        mailboxes_header("To", envelope.to),
        text_header("Date", format_datetime(envelope.now)),
    ]
    if envelope.reply_to:
        headers.append(mailboxes_header("Reply-To", [envelope.reply_to]))
    return headers
