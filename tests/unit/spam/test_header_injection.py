"""A line break and a mail header in a field of one line is an attack; in a message it is a mail."""

from __future__ import annotations

import pytest

from chalicelib.model import Signal
from tests.unit.spam.judging import signal

FORWARDED = (
    "I got this, is it from you?\r\n\r\nFrom: Billing <b@example.com>\r\nTo: helen@example.org\r\n"
    "Cc: info@example.com\nSubject: Invoice\nContent-Type: text/plain\n\nPlease pay."
)


@pytest.mark.parametrize(
    "field", ["email", "your-name", "firstName", "Subject", "phone", "company"]
)
@pytest.mark.parametrize(
    "injected",
    [
        "x\nBcc: one@victim.example",
        "x\r\nbcc:one@victim.example",
        "x\rCC : one@victim.example",
        "x\n\n  To:one@victim.example",
        "x%0ABcc:one@victim.example",
        "x%0d%0acc%3Aone@victim.example",
        "x\\r\\nBcc: one@victim.example",
        "x\nContent-Type: multipart/mixed; boundary=a",
        "x\nMIME-Version: 1.0",
        "x\nContent-Transfer-Encoding: base64",
        "x\nReply-To: one@victim.example",
    ],
)
def test_a_header_in_a_field_of_one_line_is_told(field: str, injected: str) -> None:
    found = signal("header_injection", {field: injected, "message": "hi"})

    assert found is not None
    assert found.points == 4


def test_the_sentence_names_field_and_header_in_one_line() -> None:
    found = signal("header_injection", {"name": "Joe\r\nBcc: one@victim.example\r\nTo: two@x"})

    assert found == Signal(
        "header_injection", 4.0, 'name carries a mail header: "Bcc: one@victim.example To: two@x"'
    )


@pytest.mark.parametrize("field", ["message", "comment", "text", "hotel_wishes", "description"])
def test_a_mail_that_is_pasted_into_a_message_is_none(field: str) -> None:
    assert signal("header_injection", {"name": "Helen", field: FORWARDED}) is None


@pytest.mark.parametrize(
    "value",
    [
        "Ada Lovelace",
        "cc: the board",
        "To: whom it may concern",
        "50% bcc: none",
        "First line\nsecond line",
        "C:\\name\\to: x",
        "Re: subject: to be or not",
        "Account: 1\nTotal: 2",
    ],
)
def test_these_are_no_headers(value: str) -> None:
    assert signal("header_injection", {"subject": value, "company": value}) is None


def test_the_control_field_for_the_subject_is_looked_at() -> None:
    """Its line breaks have become blanks when it was received."""
    found = signal("header_injection", {"message": "hi"}, subject="Hi Bcc: one@victim.example")

    assert found == Signal(
        "header_injection", 4.0, '_subject carries a mail header: "Bcc: one@victim.example"'
    )
    assert signal("header_injection", {"message": "hi"}, subject="Re: To: do list, cc: Bob") is None
