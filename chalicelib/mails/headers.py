"""Write a mail's headers, in ASCII and in short lines, whatever text is in them.

Not by Python's email.headerregistry: in 3.11 it loses spaces, leaves out the space that
RFC 2047 wants between encoded words, so that Yahoo refuses the mail, and takes the
quotes off a name with a comma, which makes two mailboxes of one.
Source: https://github.com/python/cpython/issues/92081
Source: https://github.com/python/cpython/issues/144156
Source: https://github.com/python/cpython/issues/121284
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from chalicelib.mails.mailboxes import mailbox
from chalicelib.texts import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.policy import EmailPolicy

# A line may have 998, and a word of plain text is not broken. Source: RFC 5322, 2.1.1
MAX_PLAIN_CHARACTERS = 900


class Header(str):
    """A header's text, with how it is written; EmailMessage takes it as it is.

    Source: https://docs.python.org/3.11/library/email.policy.html (header_store_parse, fold)
    """

    __slots__ = ("name", "written")

    name: str
    written: str

    def __new__(cls, name: str, text: str, written: str) -> Self:
        """Return a text that knows its name, and itself in ASCII, folded at newlines."""
        header = super().__new__(cls, text)
        header.name, header.written = name, written
        return header

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the whole header as it is sent."""
        return f"{self.name}: {self.written}\n".replace("\n", policy.linesep)


def text_header(name: str, text: str) -> Header:
    """Return a header such as Subject; line breaks in the text become blanks."""
    line = one_line(text)
    return Header(name, line, _encoded(line, name))


def mailboxes_header(name: str, mailboxes: Sequence[str]) -> Header:
    """Return a header such as To.

    Raises:
        ValueError: one is not a mailbox; forms.toml was checked for that at the start.
    """
    return Header(name, ", ".join(mailboxes), ",\n ".join(map(_written_mailbox, mailboxes)))


def _written_mailbox(text: str) -> str:
    from email.utils import formataddr

    name, address = mailbox(text)
    # formataddr writes a name that is not ASCII as one word, however long it becomes.
    return formataddr((name, address)) if _is_plain(name) else f"{_encoded(name)} <{address}>"


def _encoded(line: str, header_name: str | None = None) -> str:
    """Return a text as RFC 2047 has it in a header, in lines of 76 characters or one word."""
    from email.header import Header as LegacyHeader

    charset = "us-ascii" if _is_plain(line) else "utf-8"
    return LegacyHeader(line, charset, header_name=header_name).encode()


def _is_plain(line: str) -> bool:
    """Whether a header can have a text as it is; one with ``=?`` would be decoded."""
    return line.isascii() and "=?" not in line and len(line) <= MAX_PLAIN_CHARACTERS
