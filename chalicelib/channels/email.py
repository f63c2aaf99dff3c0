"""Tell the owner by mail, so that answering it answers the visitor.

From is the owner's own address: a mail service refuses a stranger's, and so do
receivers (DMARC). The visitor stands in Reply-To. How the mail reads is said in mails/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.channels import Setting
from chalicelib.mails import addresses, submission_mail
from chalicelib.mails.mailboxes import is_mailbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.channels import Notice, Outbound, Sent

# SES takes 50 recipients a mail.
# Source: https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_RECIPIENTS = 50


def _is_mailbox_list(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 1 <= len(value) <= MAX_RECIPIENTS
        and all(is_mailbox(each) for each in value)
    )


SETTINGS: Mapping[str, Setting] = {
    "to": Setting(_is_mailbox_list, 'a list of addresses, e.g. ["ada@example.com"]'),
    "from": Setting(is_mailbox, 'an address that SES may send from, e.g. "Forms <f@example.com>"'),
}


def send(notice: Notice, outbound: Outbound) -> Sent:
    """Send one mail to the owner."""
    settings = notice.target.settings
    message = submission_mail(
        notice.submission,
        notice.form,
        sender=settings["from"],
        to=settings["to"],
        now=notice.now,
        inbox_url=notice.inbox_url,
    )
    return outbound.send_mail(message, recipients=addresses(settings["to"]), tags=notice.mail_tags)
