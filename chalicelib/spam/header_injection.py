"""A field of one line carries a line break and a mail header behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalicelib.field_names import is_one_line
from chalicelib.model import Signal
from chalicelib.texts import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# No browser lets a line break into such a field. Not enough alone, for the page may have made
# a field of several lines of it, into which somebody pastes a mail.
POINTS = 4.0
_HEADERS = r"(?:b?cc|to|from|subject|reply-to|content-(?:type|transfer-encoding)|mime-version)"
# A line break, also percent-encoded once more or written as in a program. All repeats are bounded.
_INJECTED = re.compile(
    rf"(?:[\r\n]|%0[ad]|\\[rn])[ \t\r\n]{{0,4}}({_HEADERS})[ \t]{{0,4}}(?::|%3a)", re.IGNORECASE
)
# Of _subject, which is made one line on arrival, the break is a blank; these are no words.
_IN_SUBJECT = re.compile(r" (bcc|content-type|mime-version) {0,4}:", re.IGNORECASE)
_SHOWN_LENGTH = 60
# What one-line fields hold is shorter; the rest is not read.
_VALUE_LENGTH = 2_000


def check(submission: Submission, _form: Form, _context: Context) -> Signal | None:
    """Look into the fields of one line; a mail that is pasted into a message is none of them."""
    for name, value in _one_line_values(submission):
        if found := _INJECTED.search(value):
            return _signal(name, value[found.start() :])
    subject = (submission.subject or "")[:_VALUE_LENGTH]
    if found := _IN_SUBJECT.search(subject):
        return _signal("_subject", subject[found.start() :])
    return None


def _one_line_values(submission: Submission) -> Iterable[tuple[str, str]]:
    for name, values in submission.answers:
        for value in values:
            # The cheap question first: most values of one line have no such thing at all.
            bounded = value[:_VALUE_LENGTH]
            has_break = any(sign in bounded for sign in ("\n", "\r", "%", "\\"))
            if has_break and is_one_line(name):
                yield name, bounded


def _signal(name: str, injected: str) -> Signal:
    field, shown = shortened(name, _SHOWN_LENGTH), shortened(injected, _SHOWN_LENGTH)
    return Signal("header_injection", POINTS, f'{field} carries a mail header: "{shown}"')
