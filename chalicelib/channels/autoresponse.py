"""Answer the visitor by mail, in the owner's words only.

Anybody can post anybody's address. So the mail carries not one word of what was
sent, or it could carry any text to anyone; and an address is answered once a day by
one form, or it could be flooded. Follows RFC 3834 (automatic responses).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalicelib.channels import Setting
from chalicelib.errors import DeliverySkipped
from chalicelib.mails import autoresponse_mail
from chalicelib.mails.mailboxes import is_mailbox, visitor_address
from chalicelib.mails.messages import Envelope
from chalicelib.model import reference
from chalicelib.texts import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.channels import Notice, Outbound, Sent

# What fits one line of a mail program; visitors' subjects have the same limit.
MAX_SUBJECT_LENGTH = 200
# What the owner's words may stand in for: nothing that a visitor chooses.
PLACEHOLDERS = ("form", "reference")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# One mailbox has both domains, and every address that differs in its dots.
# Source: https://support.google.com/mail/answer/7436150
_GMAIL_DOMAINS = frozenset({"gmail.com", "googlemail.com"})


def _is_text(value: Any) -> bool:
    return (
        isinstance(value, str)
        and bool(value.strip())
        and set(_PLACEHOLDER.findall(value)) <= set(PLACEHOLDERS)
    )


def _is_subject(value: Any) -> bool:
    return _is_text(value) and len(value) <= MAX_SUBJECT_LENGTH and one_line(value) == value


_WORDS = "{form} and {reference} are the only words in braces"
SETTINGS: Mapping[str, Setting] = {
    "from": Setting(is_mailbox, 'an address that SES may send from, e.g. "Ada <ada@example.com>"'),
    "subject": Setting(
        _is_subject, f"one line of at most {MAX_SUBJECT_LENGTH} characters; {_WORDS}"
    ),
    "text": Setting(_is_text, f"a text that is not empty; {_WORDS}"),
    "reply_to": Setting(is_mailbox, 'an address, e.g. "Ada <ada@example.com>"', required=False),
}


def send(notice: Notice, outbound: Outbound) -> Sent:
    """Send one mail to the visitor.

    Raises:
        DeliverySkipped: there is no address, or it has been answered.
    """
    to = visitor_address(notice.submission, notice.form)
    if to is None:
        raise DeliverySkipped("The visitor left no e-mail address.")
    if not notice.claim_address(normalised_address(to)):
        raise DeliverySkipped("This address was answered already today.")
    settings = notice.target.settings
    message = autoresponse_mail(
        notice.submission.id,
        Envelope(settings["from"], [to], notice.now, settings.get("reply_to")),
        subject=_filled_in(settings["subject"], notice),
        text=_filled_in(settings["text"], notice),
    )
    return outbound.send_mail(message, recipients=[to], tags=notice.mail_tags)


def normalised_address(address: str) -> str:
    """Return the same for every way to write one mailbox, e.g. ``A.da+x@GMail.com``.

    Not for sending: a mail server may tell apart what this does not.
    """
    local_part, _, domain = address.lower().rpartition("@")
    local_part = local_part.partition("+")[0]
    if domain in _GMAIL_DOMAINS:
        return f"{local_part.replace('.', '')}@gmail.com"
    return f"{local_part}@{domain}"


def _filled_in(words: str, notice: Notice) -> str:
    text_by_placeholder = {
        "form": notice.form.title,
        "reference": reference(notice.submission.id),
    }
    return _PLACEHOLDER.sub(lambda found: text_by_placeholder[found[1]], words)
