"""The channel autoresponse: the owner's words to the visitor, once a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.channels import autoresponse
from chalicelib.channels.autoresponse import normalised_address
from chalicelib.errors import DeliverySkipped
from chalicelib.model import answers_from
from tests.builders import a_field, a_form, a_notice, a_submission
from tests.fakes import RecordedOutbound
from tests.received_mail import receive

if TYPE_CHECKING:
    from chalicelib.channels import Notice
    from tests.fakes import SentMail

SETTINGS = {
    "from": "Ada <ada@owner.example>",
    "subject": "We have your message ({reference})",
    "text": "Thank you for writing to {form}.\n\nYour reference is {reference}.",
}


def answered(settings: dict[str, Any] | None = None, **changes: Any) -> SentMail:
    """Return the mail that goes out for a notice."""
    outbound = RecordedOutbound()
    autoresponse.send(
        a_notice("autoresponse", {**SETTINGS, **(settings or {})}, **changes), outbound
    )
    [sent] = outbound.mails
    return sent


def skipped(**changes: Any) -> str:
    """Return why no mail goes out for a notice."""
    outbound = RecordedOutbound()
    with pytest.raises(DeliverySkipped) as caught:
        autoresponse.send(a_notice("autoresponse", SETTINGS, **changes), outbound)
    assert outbound.mails == []
    return str(caught.value)


def test_the_visitor_reads_the_owner_s_words() -> None:
    submission = a_submission(seed=7)
    reference = f"{submission.id[-8:-4]}-{submission.id[-4:]}"

    sent = answered(submission=submission, form=a_form(title="Ada & Söhne <3"))

    received = receive(sent.message)
    assert received.headers["Subject"] == f"We have your message ({reference})"
    words = f"Thank you for writing to Ada & Söhne <3.\n\nYour reference is {reference}."
    assert received.text == words + "\n"
    assert words in received.page.texts_in("div")
    assert sent.recipients == ["ada@example.com"]
    assert sent.tags["target"] == "autoresponse"


def test_its_text_and_its_subject_are_fit_for_a_mail() -> None:
    """A text in TOML ends with a line break; a form's title may have one inside."""
    settings = {"text": "\r\nHello\r\n\0\n\n", "subject": "{form}"}

    received = receive(answered(settings, form=a_form(title="Say\nhello")).message)

    assert received.text == "Hello\n\ufffd\n"
    assert "Hello\n\ufffd" in received.page.texts_in("div")
    assert received.headers["Subject"] == "Say hello"
    assert received.page.texts_in("title") == received.page.texts_in("h1") == ["Say hello"]


def test_machines_see_that_a_machine_answered() -> None:
    """Else two of them answer each other for ever. Source: RFC 3834."""
    received = receive(answered().message)

    assert received.headers["Auto-Submitted"] == "auto-replied"
    assert received.headers["X-Auto-Response-Suppress"] == "All"
    assert received.headers["X-Formpost-Submission"] == a_submission().id
    assert received.header_names == {
        "From",
        "To",
        "Subject",
        "Date",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "X-Formpost-Submission",
    }


def test_an_answer_to_it_goes_where_the_owner_says() -> None:
    elsewhere = receive(answered({"reply_to": "Büro, Ada <office@owner.example>"}).message)

    assert receive(answered().message).headers["Reply-To"] is None
    [mailbox] = elsewhere.headers["Reply-To"].addresses
    assert mailbox.addr_spec == "office@owner.example"
    assert mailbox.display_name == "Büro, Ada"


def test_it_goes_to_the_address_that_the_owner_would_answer() -> None:
    form = a_form(fields=(a_field("mail", type="email"),))

    declared = answered(form=form, submission=a_submission(fields={"mail": " A.b+c@d.e "}))
    asked = answered(submission=a_submission(fields={"email": "a@b.c"}, reply_to="d@e.f"))

    assert declared.recipients == ["A.b+c@d.e"]
    assert receive(declared.message).headers["To"] == "A.b+c@d.e"
    assert asked.recipients == ["d@e.f"]


@pytest.mark.parametrize(
    "fields",
    [
        {"message": "no address"},
        {"email": " "},
        {"email": "Ada <ada@example.com>"},
        {"email": "a@b.c, d@e.f"},
        {"email": "a@b.c\r\nBcc: d@e.f"},
        {"email": '"a b"@c.d'},
        {"email": "=?utf-8?q?a?=@b.c"},
        {"email": "a..b@c.d"},
        {"email": "ada@gmail"},
        {"email": "ada@192.0.2.1"},
    ],
)
def test_without_one_plain_address_there_is_nothing_to_do(fields: dict[str, str]) -> None:
    assert skipped(submission=a_submission(fields=fields)) == "The visitor left no e-mail address."


def test_an_address_is_answered_once_a_day() -> None:
    claimed: list[str] = []

    def refuse(address: str) -> bool:
        claimed.append(address)
        return False

    reason = skipped(
        claim_address=refuse, submission=a_submission(fields={"email": "A.da+1@gmail.com"})
    )

    assert reason == "This address was answered already today."
    assert claimed == ["ada@gmail.com"]


@given(
    words=st.lists(
        st.text(st.characters(categories=["L", "N", "S"]), min_size=12), min_size=3, max_size=3
    )
)
def test_not_one_word_of_a_visitor_is_in_it(words: list[str]) -> None:
    """Or anybody could mail any text to anybody."""
    name, value, subject = words

    def with_words(*texts: str) -> Notice:
        pairs = [("email", "ada@example.com"), (texts[0], texts[1]), (texts[0], "{form}")]
        submission = a_submission(answers=answers_from(pairs), subject=texts[2])
        return a_notice("autoresponse", SETTINGS, submission=submission)

    outbound = RecordedOutbound()
    autoresponse.send(with_words(name, value, subject), outbound)
    autoresponse.send(with_words("-", "-", "-"), outbound)

    hostile, harmless = (receive(sent.message) for sent in outbound.mails)
    assert hostile[1:] == harmless[1:]
    assert hostile.header_names == harmless.header_names
    for header in harmless.header_names:
        assert hostile.headers[header] == harmless.headers[header]


@pytest.mark.parametrize("key", ["subject", "text"])
@pytest.mark.parametrize(
    "wrong", ["", " ", 7, "Dear {name}", "{reference.__class__}", "{}", "{{form}} {x}"]
)
def test_a_word_that_nothing_stands_for_is_told_at_the_start(key: str, wrong: Any) -> None:
    assert not autoresponse.SETTINGS[key].is_allowed(wrong)


@pytest.mark.parametrize("wrong", ["two\nlines", "a" * 201, "turned \u202e around"])
def test_a_subject_is_one_line(wrong: str) -> None:
    assert not autoresponse.SETTINGS["subject"].is_allowed(wrong)
    assert autoresponse.SETTINGS["text"].is_allowed(wrong)


def test_reply_to_may_be_left_out_and_nothing_else() -> None:
    required = {key for key, setting in autoresponse.SETTINGS.items() if setting.required}

    assert required == {"from", "subject", "text"}
    assert autoresponse.SETTINGS.keys() - required == {"reply_to"}
    for key, value in SETTINGS.items():
        assert autoresponse.SETTINGS[key].is_allowed(value)
    for key in ("from", "reply_to"):
        assert not autoresponse.SETTINGS[key].is_allowed("Ada")


def test_a_brace_that_holds_no_word_is_a_brace() -> None:
    words = "So } or {so"

    assert autoresponse.SETTINGS["text"].is_allowed(words)
    assert receive(answered({"text": words}).message).text == f"{words}\n"


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada@EXAMPLE.com", "ada@example.com"),
        ("ada+shop@example.com", "ada@example.com"),
        ("ada+a+b@example.com", "ada@example.com"),
        ("a.d.a@example.com", "a.d.a@example.com"),
        ("a.d.a@gmail.com", "ada@gmail.com"),
        ("A.da+shop@GoogleMail.com", "ada@gmail.com"),
        ("ada@notgmail.com", "ada@notgmail.com"),
        ("a.da@mail.gmail.com", "a.da@mail.gmail.com"),
    ],
)
def test_one_mailbox_has_many_addresses(written: str, same: str) -> None:
    assert normalised_address(written) == same


@given(st.emails())
def test_an_address_that_is_normal_stays_so(address: str) -> None:
    once = normalised_address(address)

    assert normalised_address(once) == once
    assert normalised_address(address.upper()) == normalised_address(address.lower())
