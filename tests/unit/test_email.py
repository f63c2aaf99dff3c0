"""The mail that the owner gets: from the owner's address, answered to the visitor."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.channels import channel, channel_names
from chalicelib.channels.email import compose
from chalicelib.config import PROJECT_DIR
from chalicelib.model import Answer
from tests.builders import a_field, a_form, a_submission

if TYPE_CHECKING:
    from email.message import EmailMessage

    from chalicelib.model import Form

SETTINGS = {"to": ["Ada <ada@owner.example>"], "from": "Contact form <forms@owner.example>"}


def mail(form: Form | None = None, **changes: Any) -> EmailMessage:
    """Return a mail as its receiver reads it."""
    sent = compose(a_submission(**changes), form or a_form(), SETTINGS)
    received = message_from_bytes(sent.as_bytes(), policy=default)
    assert received.defects == []
    return received


def test_every_file_of_the_folder_is_a_channel() -> None:
    files = sorted(path.stem for path in (PROJECT_DIR / "chalicelib/channels").glob("[!_]*.py"))

    assert list(channel_names()) == files
    for name in files:
        assert channel(name).SETTINGS
        assert callable(channel(name).send)


def test_it_comes_from_the_owner_and_is_answered_to_the_visitor() -> None:
    received = mail(fields={"email": "visitor@example.com"})

    assert received["From"] == "Contact form <forms@owner.example>"
    assert received["To"] == "Ada <ada@owner.example>"
    assert received["Reply-To"] == "visitor@example.com"


def test_reply_to_is_what_the_form_asks_for_before_what_it_declares() -> None:
    form = a_form(fields=(a_field("mail", type="email"),))

    assert mail(form, fields={"mail": "a@b.c"})["Reply-To"] == "a@b.c"
    assert mail(form, fields={"mail": "a@b.c"}, reply_to="d@e.f")["Reply-To"] == "d@e.f"
    assert mail(form, fields={"email": "a@b.c"})["Reply-To"] is None


def test_the_subject_is_the_form_s_with_the_reference() -> None:
    submission = a_submission()

    received = mail()

    assert received["Subject"] == f"Contact us: {submission.id[-8:-4]}-{submission.id[-4:]}"
    assert mail(subject="Grüße")["Subject"] == "Grüße"


def test_a_repeated_delivery_can_be_recognised() -> None:
    assert mail()["X-Formpost-Submission"] == a_submission().id


def test_every_value_can_be_read() -> None:
    answers = (Answer("topic", ("a", "b")), Answer("message", ("one\ntwo\n" + "long " * 500,)))
    form = a_form(fields=(a_field("topic", label="Your topic"),))

    body = mail(form, answers=answers).get_content()

    assert "Your topic:\na\nb\n" in body
    assert "one\ntwo\n" in body
    assert body.count("long ") >= 499


HOSTILE = "x\r\nBcc: all@evil.example\r\n\r\n<script>"


@pytest.mark.parametrize(
    "changes",
    [
        {"fields": {"email": HOSTILE, HOSTILE: HOSTILE}},
        {"fields": {"email": "a@b.c\nBcc: d@e.f"}},
        {
            "fields": {"message": "=?utf-8?q?=0ABcc:_d@e.f?="},
            "subject": "=?utf-8?q?a=0ABcc:_d@e.f?=",
        },
        {"fields": {"email": "a@b.c, d@e.f"}},
        {"reply_to": "=?utf-8?q?a=0ABcc=3A_d?=@e.f"},
    ],
)
def test_nothing_that_was_sent_becomes_a_header(changes: dict[str, Any]) -> None:
    received = mail(**changes)

    assert set(received.keys()) <= {
        "From",
        "To",
        "Subject",
        "Reply-To",
        "X-Formpost-Submission",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }
    assert received["Bcc"] is None
    assert received["Reply-To"] is None
