"""Tell the owner by mail, so that answering it answers the visitor.

From is the owner's own address: a mail service refuses a stranger's, and so do
receivers (DMARC). The visitor stands in Reply-To. EmailMessage refuses line
breaks in headers, so nothing that was sent can become a header of its own.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from chalicelib.channels import Setting
from chalicelib.model import reference, timestamp
from chalicelib.validation import is_email

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.channels import Notice, Outbound
    from chalicelib.model import Form, Submission

# SES takes 50 recipients a mail.
# Source: https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_RECIPIENTS = 50


def _is_mailbox(value: Any) -> bool:
    return isinstance(value, str) and "\n" not in value and is_email(parseaddr(value)[1])


def _is_mailbox_list(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 1 <= len(value) <= MAX_RECIPIENTS
        and all(_is_mailbox(mailbox) for mailbox in value)
    )


SETTINGS: Mapping[str, Setting] = {
    "to": Setting(_is_mailbox_list, 'a list of addresses, e.g. ["ada@example.com"]'),
    "from": Setting(_is_mailbox, 'an address that SES may send from, e.g. "Forms <f@example.com>"'),
}


def send(notice: Notice, outbound: Outbound) -> str:
    """Send one mail to the owner."""
    message = compose(notice.submission, notice.form, notice.settings)
    recipients = [parseaddr(mailbox)[1] for mailbox in notice.settings["to"]]
    message_id = outbound.send_mail(message, recipients=recipients)
    return f"accepted by the mail service as {message_id}"


def compose(submission: Submission, form: Form, settings: Mapping[str, Any]) -> EmailMessage:
    """Return the mail about one submission."""
    message = EmailMessage()
    message["From"] = settings["from"]
    message["To"] = ", ".join(settings["to"])
    subject = submission.subject or f"{form.title}: {reference(submission.id)}"
    # EmailMessage reads an encoded word in what it is given, line breaks inside included,
    # and would write those as headers of their own.
    message["Subject"] = subject.replace("=?", "= ?")
    reply_to = submission.reply_to or _email_answer(submission, form)
    if reply_to and "=?" not in reply_to:
        message["Reply-To"] = reply_to
    # SES gives every mail a Message-ID of its own, so a repeat is known by this.
    message["X-Formpost-Submission"] = submission.id
    message.set_content(_text(submission, form))
    return message


def _email_answer(submission: Submission, form: Form) -> str | None:
    """Return what the visitor gave as an address, if it is one."""
    declared = {field.name for field in form.fields if field.type == "email"} or {"email"}
    given = (answer.values[0].strip() for answer in submission.answers if answer.name in declared)
    return next((address for address in given if is_email(address)), None)


def _text(submission: Submission, form: Form) -> str:
    label_by_name = {field.name: field.label for field in form.fields}
    paragraphs = [
        f"{label_by_name.get(answer.name, answer.name)}:\n" + "\n".join(answer.values)
        for answer in submission.answers
    ]
    about = f"{form.title}, {timestamp(submission.received_at)}, {reference(submission.id)}"
    return "\n\n".join([*paragraphs, f"-- \n{about}\n"])
