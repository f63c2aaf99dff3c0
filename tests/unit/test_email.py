"""The channel email: the mail that the owner gets, answered to the visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.channels import channel, channel_names, email
from chalicelib.config import PROJECT_DIR
from chalicelib.errors import DeliveryFailed
from chalicelib.model import Answer
from tests.builders import a_field, a_form, a_notice, a_submission
from tests.fakes import RecordedOutbound
from tests.received_mail import receive

if TYPE_CHECKING:
    from chalicelib.model import Form
    from tests.received_mail import ReceivedMail

SETTINGS = {
    "to": ["Ada <ada@owner.example>", "office@owner.example"],
    "from": "Contact form <forms@owner.example>",
}


def mail(form: Form | None = None, **changes: Any) -> ReceivedMail:
    """Return the mail about a submission as the owner reads it."""
    outbound = RecordedOutbound()
    notice = a_notice("email", SETTINGS, form=form or a_form(), submission=a_submission(**changes))
    email.send(notice, outbound)
    [sent] = outbound.mails
    return receive(sent.message)


def test_every_file_of_the_folder_is_a_channel() -> None:
    files = sorted(path.stem for path in (PROJECT_DIR / "chalicelib/channels").glob("[!_]*.py"))

    assert list(channel_names()) == files
    for name in files:
        assert channel(name).SETTINGS
        assert callable(channel(name).send)


def test_it_comes_from_the_owner_and_is_answered_to_the_visitor() -> None:
    headers = mail(fields={"email": "visitor@example.com"}).headers

    assert headers["From"] == "Contact form <forms@owner.example>"
    assert headers["To"] == "Ada <ada@owner.example>, office@owner.example"
    assert headers["Reply-To"] == "visitor@example.com"


def test_it_goes_to_every_address_with_what_identifies_the_delivery() -> None:
    outbound, notice = RecordedOutbound(), a_notice("email", SETTINGS)

    told = email.send(notice, outbound)

    [sent] = outbound.mails
    assert sent.recipients == ["ada@owner.example", "office@owner.example"]
    assert sent.tags == {
        "form": "contact",
        "submission": a_submission().id,
        "target": "email",
    }
    assert told.outcome == "accepted by the mail service as message-1"


def test_what_the_mail_service_says_is_what_became_of_it() -> None:
    with pytest.raises(DeliveryFailed, match="busy"):
        email.send(a_notice("email", SETTINGS), RecordedOutbound(DeliveryFailed("busy")))


def test_reply_to_is_what_the_form_asks_for_before_what_it_declares() -> None:
    form = a_form(fields=(a_field("mail", type="email"),))

    def reply_to(**changes: Any) -> Any:
        return mail(form, **changes).headers["Reply-To"]

    assert reply_to(fields={"mail": "a@b.c"}) == "a@b.c"
    assert reply_to(fields={"mail": "a@b.c"}, reply_to="d@e.f") == "d@e.f"
    assert reply_to(fields={"email": "a@b.c"}) is None
    assert reply_to(fields={"mail": "a@b.c"}, reply_to="d..e@f.g") == "a@b.c"
    assert reply_to(answers=(Answer("mail", ("", " a@b.c ")),)) == "a@b.c"


def test_the_owner_is_told_where_an_answer_goes() -> None:
    answerable, anonymous = mail(fields={"email": "a@b.c"}), mail(fields={"message": "Hello"})

    for part in (answerable.text, answerable.html):
        assert "Your reply goes to a@b.c." in part
    for part in (anonymous.text, anonymous.html):
        assert "The visitor left no address to reply to." in part


def test_the_subject_is_the_visitor_s_or_the_form_s_with_the_reference() -> None:
    submission_id = a_submission(seed=7).id

    assert mail(subject="Grüße").headers["Subject"] == "Grüße"
    assert (
        mail(a_form(title="Say\nhello"), seed=7).headers["Subject"]
        == f"Say hello: {submission_id[-8:-4]}-{submission_id[-4:]}"
    )


def test_a_repeated_delivery_can_be_recognised() -> None:
    assert mail(seed=7).headers["X-Formpost-Submission"] == a_submission(seed=7).id


def test_nothing_answers_it_by_itself_and_its_date_is_of_this_attempt() -> None:
    headers = mail(minutes=-60).headers

    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Date"] == "Mon, 23 Nov 2026 12:00:00 +0000"


def test_the_inbox_is_one_click_away() -> None:
    url = 'https://owner.example/inbox.html?a=1&b="#/contact/1'
    outbound = RecordedOutbound()

    email.send(a_notice("email", SETTINGS, inbox_url=url), outbound)

    received = receive(outbound.mails[0].message)
    assert url in received.text
    assert [e.attributes["href"] for e in received.page.elements if e.tag == "a"] == [url]


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("to", "ada@owner.example"),
        ("to", []),
        ("to", ["ada"]),
        ("to", ["a@b.c, d@e.f"]),
        ("to", ["a@b.c"] * 51),
        ("from", "Ada"),
        ("from", ["a@b.c"]),
    ],
)
def test_a_wrong_address_is_told_at_the_start(key: str, wrong: Any) -> None:
    assert not email.SETTINGS[key].is_allowed(wrong)


def test_a_right_address_is_allowed() -> None:
    assert email.SETTINGS["to"].is_allowed(["a@b.c"] * 50)
    assert email.SETTINGS["to"].is_allowed(SETTINGS["to"])
    assert email.SETTINGS["from"].is_allowed(SETTINGS["from"])
