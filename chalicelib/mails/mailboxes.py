"""Where mail comes from and goes to: mailboxes of the owner's, the address of a visitor.

The API checks forms.toml with is_mailbox at its cold start; so nothing is imported
here that a submission does not need.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.texts import one_line
from chalicelib.validation import is_email

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.model import Form, Submission

# Source: RFC 5321, 4.5.3.1.1
MAX_LOCAL_PART_BYTES = 64
_QUOTED = re.compile('"(.*)"')
# No name needs these, and without them quoting one cannot go wrong.
_NO_PART_OF_A_NAME = re.compile(r'["<>\\]')


class Mailbox(NamedTuple):
    """An address, and the name that stands before it, which may be empty."""

    name: str
    address: str


def mailbox(text: str) -> Mailbox:
    """Read ``Ada <ada@example.com>`` or ``ada@example.com``.

    Raises:
        ValueError: it is neither, or a name that no header needs.
    """
    name, bracket, rest = text.strip().rpartition("<")
    name = name.strip()
    if quoted := _QUOTED.fullmatch(name):
        name = quoted[1]
    address = rest.removesuffix(">") if bracket else rest
    is_closed = rest.endswith(">") or not bracket
    is_name = one_line(name) == name and not _NO_PART_OF_A_NAME.search(name)
    if not is_closed or not is_name or not is_mail_address(address):
        raise ValueError(f"{text!r} is not a mailbox")
    return Mailbox(name, address)


def is_mailbox(value: Any) -> bool:
    """Whether a setting is one mailbox."""
    try:
        return isinstance(value, str) and bool(mailbox(value))
    except ValueError:
        return False


def addresses(mailboxes: Iterable[str]) -> list[str]:
    """Return where mail to these mailboxes goes, e.g. ``["ada@example.com"]``."""
    return [mailbox(each).address for each in mailboxes]


def visitor_address(submission: Submission, form: Form) -> str | None:
    """Return where the visitor can be written to: a bare address that is safe in a header.

    It is ``_replyto``; else the first address in a declared field of type email or, when
    there is none declared, in a field named ``email``. One that no mail can reach, such as
    ``ada@gmail``, does not count: a mail service may refuse the whole mail for it.
    """
    declared = {field.name for field in form.fields if field.type == "email"} or {"email"}
    answered = [
        value.strip()
        for answer in submission.answers
        if answer.name in declared
        for value in answer.values
    ]
    given = [submission.reply_to or "", *answered]
    return next((address for address in given if _is_reachable(address)), None)


def _is_reachable(address: str) -> bool:
    """Whether an address is one on the internet, not on this machine or by number.

    Source: RFC 7085 (domains without a dot); RFC 3696, 2 (a top-level domain is no number)
    """
    _, dot, top_level = address.rpartition("@")[2].rpartition(".")
    return is_mail_address(address) and bool(dot) and not top_level.isdigit()


def is_mail_address(text: str) -> bool:
    """Whether a header can have this address; browsers take more, e.g. ``a..b@example.com``."""
    local_part = text.rpartition("@")[0]
    return (
        is_email(text)
        and len(local_part) <= MAX_LOCAL_PART_BYTES
        and all(local_part.split("."))
        # Whoever reads the header might take it for an encoded word.
        and "=?" not in text
    )
