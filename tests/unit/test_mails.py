"""What every mail holds to: safe headers, two parts that say the same, nothing fetched."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.config import PROJECT_DIR
from chalicelib.delivery import DeliveryState
from chalicelib.mails import (
    MAX_LISTED_FAILURES,
    Failure,
    addresses,
    failures_summary,
    submission_mail,
)
from chalicelib.mails.mailboxes import Mailbox, is_mailbox, mailbox
from chalicelib.model import Answer, answers_from
from tests.builders import NOON, a_field, a_form, a_submission
from tests.received_mail import receive

if TYPE_CHECKING:
    from chalicelib.model import Form
    from tests.received_mail import ReceivedMail

SENDER = "Forms <forms@owner.example>"
OWNER = "ada@owner.example"
HEADERS = {"From", "To", "Subject", "Date", "Auto-Submitted", "X-Formpost-Submission"}
SUMMARY_HEADERS = {"From", "To", "Subject", "Date", "Auto-Submitted"}

# Each tries to leave its place: for a header, for an address, for an element, for its line.
HOSTILE = [
    "x\r\nBcc: all@evil.example\r\n\r\n<script>alert(1)</script>",
    "x\nBcc: all@evil.example",
    "x\rBcc: all@evil.example",
    "x\u2028Bcc: all@evil.example\u2029y\x85z\x0bw\x0cv",
    "x\0y\x1b[31mz\x7f\x9b",
    "=?utf-8?q?x=0D=0ABcc:_all=40evil.example?=",
    "=?utf-8?b?eA0KQmNjOiBhbGxAZXZpbC5leGFtcGxl?= =?utf-8?q?x?=",
    "=\u202e?utf-8?q?x=0ABcc:_all=40evil.example?=",
    "=?utf-8?q?x=0ABcc=3A_all?=@evil.example",
    'a@b.c, all@evil.example, "x" <y@evil.example>',
    '"a\r\nBcc: all@evil.example"@b.c',
    "Ada <all@evil.example>",
    "\u202egpj.exe\u2066",
    "</dd></dl><script src=https://evil.example/x.js></script>",
    "<img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a>",
    '" onmouseover="alert(1)" x="',
    "<!-- --!> ]]> <style>@import 'https://evil.example'</style>",
    "&lt;b&gt; &amp;amp; &#0; &nbsp",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "--===============1==--\r\nContent-Type: text/html\r\n\r\n<b>",
    ".\r\n.\r\nQUIT",
    "From x\n-- \nContact us",
    "a" * 2_000,
    "\U0001f600" * 500,
]


def short(text: str) -> str:
    """Return a name for a test about a long text."""
    return ascii(text[:20])


def mail(form: Form | None = None, **changes: Any) -> ReceivedMail:
    """Return the mail about a submission as the owner reads it."""
    message = submission_mail(
        a_submission(**changes),
        form or a_form(),
        sender=SENDER,
        to=[OWNER],
        now=NOON,
        inbox_url="https://owner.example/inbox.html#/contact/1",
    )
    return receive(message)


def values(received: ReceivedMail) -> list[str]:
    """Return what is shown below the labels of the HTML part."""
    return received.page.texts_in("dd")


@pytest.mark.parametrize("hostile", HOSTILE, ids=short)
@pytest.mark.parametrize("place", ["name", "value", "email", "subject", "reply_to", "blank"])
def test_nothing_that_was_sent_becomes_a_header(place: str, hostile: str) -> None:
    pairs = {"name": (hostile, "x"), "email": ("email", hostile), "blank": (hostile, "")}
    changes: Any = {place: hostile} if place in {"subject", "reply_to"} else {}

    received = mail(
        answers=answers_from([pairs.get(place, ("message", hostile)), ("last", "x")]), **changes
    )

    assert received.header_names == HEADERS
    assert received.headers["From"] == SENDER
    assert received.headers["To"] == OWNER
    assert len(received.headers["Subject"].splitlines()) == 1


def plain_line(text: str) -> str:
    """Return a text with one blank for each run of blanks."""
    return " ".join(text.split())


@given(
    st.text(
        st.characters(
            exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"
        )
    ).filter(
        lambda text: (
            text.strip()
            and not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
        )
    )
)
def test_a_subject_arrives_as_it_was_typed(subject: str) -> None:
    assert mail(subject=subject).headers["Subject"] == plain_line(subject)


@given(st.text(max_size=300))
def test_whatever_the_subject_there_is_no_other_header(subject: str) -> None:
    received = mail(subject=subject)

    assert received.header_names == HEADERS | {"Reply-To"}
    assert len(received.headers["Subject"].splitlines()) <= 1


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("a\r\nb\tc", "a b c"),
        ("a\u2028b", "a b"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a\0b\x1bc", "a\ufffdb\ufffdc"),
        ("=?utf-8?q?a=0Ab?=", "=?utf-8?q?a=0Ab?="),
        ("Grüße, 漢字 🙂", "Grüße, 漢字 🙂"),
    ],
)
def test_a_subject_is_one_line_in_its_own_order(sent: str, shown: str) -> None:
    assert mail(subject=sent).headers["Subject"] == shown


def test_a_subject_in_ascii_is_not_encoded() -> None:
    """Spam filters take a needless encoding for a disguise."""
    message = failures_summary([a_failure()], sender=SENDER, to=[OWNER], now=NOON, inbox_url=None)

    assert b"\r\nSubject: 1 notice was not delivered\r\n" in message.as_bytes()


def test_a_word_that_no_line_holds_is_encoded() -> None:
    assert mail(subject="a" * 5_000).headers["Subject"] == "a" * 5_000


@pytest.mark.parametrize("hostile", HOSTILE, ids=short)
@pytest.mark.parametrize("place", ["name", "value", "blank", "subject"])
def test_what_was_sent_is_text_in_the_html_part(place: str, hostile: str) -> None:
    """Elements and attributes are the same, whatever was sent."""

    def page(text: str) -> Any:
        pairs = {"name": (text, "x"), "blank": (text, ""), "value": ("message", text)}
        subject = text if place == "subject" else None
        answers = answers_from([pairs.get(place, ("message", "x")), ("last", "x")])
        elements = mail(answers=answers, subject=subject).page.elements
        return [element for element in elements if element.tag != "br"]

    assert page(hostile) == page("harmless")


@pytest.mark.parametrize(
    "value",
    [
        *[text for text in HOSTILE if not set(text) & set("\r\0\x85\x0b")],
        "  two\n\n   lines\n\tand a tab ",
        "long " * 20_000,
        "x" * 100_000,
        "👩‍👩‍👧‍👦 🇩🇪 漢字 שלום مرحبا",
        "\u202etxt.exe",
        "https://evil.example/?a=1&b=2",
    ],
    ids=short,
)
def test_both_parts_carry_a_value_as_it_was_sent(value: str) -> None:
    received = mail(fields={"message": value})

    assert f"message:\n{value}\n" in received.text
    assert values(received) == [value]


@given(
    st.text(
        st.characters(
            exclude_categories=["Cc", "Cs"],
            exclude_characters="\ufffe\uffff",
            include_characters="\n\t",
        )
    ).filter(str.strip)
)
def test_both_parts_carry_any_text(value: str) -> None:
    received = mail(fields={"message": value})

    assert f"message:\n{value}\n" in received.text
    assert values(received) == [value]


def test_a_line_break_is_one_whatever_the_machine_it_was_typed_on() -> None:
    received = mail(fields={"message": "a\r\nb\rc\nd"})

    assert "a\nb\nc\nd\n" in received.text
    assert values(received) == ["a\nb\nc\nd"]
    # Outlook on Windows knows no pre-wrap.
    assert "a<br>b<br>c<br>d" in received.html


@pytest.mark.parametrize(
    "character", ["\0", "\x08", "\x0b", "\x1b", "\x7f", "\x85", "\ufffe", "\ud800"]
)
def test_what_no_mail_can_carry_is_seen_to_be_missing(character: str) -> None:
    received = mail(
        answers=(Answer(f"a{character}", (f"b{character}c",)),), subject=f"d{character}e"
    )

    assert "b\ufffdc\n" in received.text
    assert values(received) == ["b\ufffdc"]
    for part in received:
        assert character not in str(part)


def test_labels_are_the_form_s_and_the_order_is_the_visitor_s() -> None:
    form = a_form(fields=(a_field("topic", label="Your <topic>"), a_field("name", label="Name")))

    received = mail(form, fields={"name": "Ada", "other_field": "x", "topic": "Engines"})

    assert received.text.startswith("Name:\nAda\n\nother_field:\nx\n\nYour <topic>:\nEngines\n\n")
    assert received.page.texts_in("dt") == ["Name", "other_field", "Your <topic>"]
    assert values(received) == ["Ada", "x", "Engines"]


def test_repeated_values_stand_below_each_other() -> None:
    """Also the blank one: the second item has no remark."""
    answers = (Answer("item", ("Engine", "Mill", "Card")), Answer("remark", ("new", " ", "old")))

    received = mail(answers=answers)

    assert "item:\nEngine\nMill\nCard\n\nremark:\nnew\n(empty)\nold\n\n" in received.text
    assert values(received) == ["Engine", "Mill", "Card", "new", "(empty)", "old"]


def test_what_was_left_empty_is_named_in_one_line() -> None:
    answers = (Answer("phone", ("",)), Answer("name", ("Ada",)), Answer("topic", (" ", "")))

    received = mail(a_form(fields=(a_field("phone", label="Phone <b>"),)), answers=answers)

    assert received.text.startswith("name:\nAda\n\nLeft empty: Phone <b>, topic\n\n")
    assert received.page.texts_in("bdi") == ["Phone <b>", "topic"]
    assert values(received) == ["Ada"]


def test_a_value_without_a_name_has_a_label() -> None:
    assert mail(fields={"\u202e": "x"}).page.texts_in("dt") == ["Without a name"]


def test_the_mail_says_which_form_when_and_what_to_quote() -> None:
    received = mail(a_form(title="Say hello & <more>"), minutes=-61, subject="Hi")

    assert (
        "\n-- \nSay hello & <more>, 23 November 2026, 10:59 UTC, reference 0000-0000\n"
        in received.text
    )
    assert received.page.texts_in("h1") == ["Say hello & <more>"]
    assert received.page.texts_in("title") == ["Hi"]
    assert "23 November 2026, 10:59 UTC, reference 0000-0000" in received.page.texts_in("p")


def test_nothing_is_fetched_and_no_url_of_a_visitor_s_is_a_link() -> None:
    page = mail(
        fields={"site": "https://evil.example/pixel.gif"}, subject="https://evil.example"
    ).page

    fetching = {"src", "srcset", "background", "action", "data", "poster"}
    links = [e.attributes["href"] for e in page.elements if "href" in e.attributes]
    assert links == ["https://owner.example/inbox.html#/contact/1"]
    assert not [e for e in page.elements if fetching & e.attributes.keys()]
    assert not {e.tag for e in page.elements} & {"script", "link", "img", "iframe", "form", "base"}
    styles = [*page.texts_in("style"), *(e.attributes.get("style") or "" for e in page.elements)]
    assert not [style for style in styles if "url(" in style or "@import" in style]


def test_spaces_and_directions_are_kept_apart_from_their_neighbours() -> None:
    page = mail(fields={"message": "x"}).page

    for tag in ("dt", "dd", "h1"):
        assert {e.attributes["dir"] for e in page.elements if e.tag == tag} == {"auto"}
    [style] = [e.attributes["style"] for e in page.elements if e.tag == "dd"]
    assert "white-space: pre-wrap" in str(style)


def test_the_page_says_its_language_and_both_colour_schemes() -> None:
    page = mail().page

    assert page.elements[0].attributes == {"lang": "en"}
    schemes = [
        e.attributes["content"] for e in page.elements if e.attributes.get("name") == "color-scheme"
    ]
    assert schemes == ["light dark"]


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("ada@example.com", "", "ada@example.com"),
        (" Ada <ada@example.com> ", "Ada", "ada@example.com"),
        ("<ada@example.com>", "", "ada@example.com"),
        ("Ada<ada@example.com>", "Ada", "ada@example.com"),
        ('"Lovelace, Ada" <ada@example.com>', "Lovelace, Ada", "ada@example.com"),
        ("Lovelace, Ada <ada@example.com>", "Lovelace, Ada", "ada@example.com"),
        ("Grüße <ada@example.com>", "Grüße", "ada@example.com"),
    ],
)
def test_a_mailbox_is_an_address_perhaps_with_a_name(text: str, name: str, address: str) -> None:
    assert mailbox(text) == Mailbox(name, address)
    assert is_mailbox(text)
    assert addresses([text]) == [address]


@pytest.mark.parametrize(
    "text",
    [
        None,
        ["ada@example.com"],
        "",
        "Ada",
        "Ada <ada>",
        "Ada <ada@example.com",
        "Ada ada@example.com>",
        "a@b.c, d@e.f",
        "A <a@b.c>, D <d@e.f>",
        "Ada\nBcc: x <ada@example.com>",
        'A"da <ada@example.com>',
        "ada\n@example.com",
        "a..b@example.com",
        f"{'a' * 65}@example.com",
    ],
)
def test_what_is_no_mailbox(text: Any) -> None:
    assert not is_mailbox(text)


def test_a_mail_to_no_mailbox_is_not_composed() -> None:
    with pytest.raises(ValueError, match="'nobody' is not a mailbox"):
        failures_summary([a_failure()], sender=SENDER, to=["nobody"], now=NOON, inbox_url=None)


@pytest.mark.parametrize(
    "name", ["Lovelace, Ada", "Ada; Grüße, Söhne", "=?utf-8?q?x?=", "漢" * 100], ids=short
)
def test_as_many_addresses_arrive_as_were_meant(name: str) -> None:
    """A comma in a name does not make two of one, however the header is folded."""
    to = [f"{name} {number} <a{number}@owner.example>" for number in range(50)]

    received = receive(
        failures_summary([a_failure()], sender=to[0], to=to, now=NOON, inbox_url=None)
    )

    found = [mailbox.addr_spec for mailbox in received.headers["To"].addresses]
    assert found == [f"a{number}@owner.example" for number in range(50)]
    assert received.headers["From"].addresses[0].addr_spec == "a0@owner.example"


@pytest.mark.parametrize("name", ["Ada", "Lovelace, Ada", "Grüße, Söhne", "=?utf-8?q?x?="])
def test_a_name_arrives_as_it_was_written(name: str) -> None:
    to = [f"{name} <ada@owner.example>"]

    received = receive(
        failures_summary([a_failure()], sender=SENDER, to=to, now=NOON, inbox_url=None)
    )

    assert [mailbox.display_name for mailbox in received.headers["To"].addresses] == [name]


def a_failure(number: int = 0, **changes: Any) -> Failure:
    """Return a failure that came to its end some minutes after noon."""
    return Failure(
        **{
            "form_title": "Contact us",
            "reference": f"8F3K-{number:04}",
            "target": "slack",
            "state": DeliveryState.FAILED,
            "at": NOON + timedelta(minutes=number),
            "outcome": "The receiver answered 500.",
            "attempts": 6,
            **changes,
        }
    )


def summary(*failures: Failure, inbox_url: str | None = None) -> ReceivedMail:
    """Return the summary as the owner reads it."""
    return receive(
        failures_summary(failures, sender=SENDER, to=[OWNER], now=NOON, inbox_url=inbox_url)
    )


def test_the_owner_is_told_what_failed_newest_first_and_what_to_do() -> None:
    received = summary(
        a_failure(1),
        a_failure(
            2, state=DeliveryState.BOUNCED, target="email", attempts=1, outcome="No <such> box."
        ),
        inbox_url="https://owner.example/inbox.html",
    )

    assert received.header_names == SUMMARY_HEADERS
    assert received.headers["Subject"] == "2 notices were not delivered"
    assert received.headers["Auto-Submitted"] == "auto-generated"
    assert received.page.texts_in("dt") == [
        "Contact us, 8F3K-0002: email",
        "Contact us, 8F3K-0001: slack",
    ]
    assert values(received) == [
        "No <such> box.\nBounced after 1 attempt, 23 November 2026, 12:02 UTC",
        "The receiver answered 500.\nFailed after 6 attempts, 23 November 2026, 12:01 UTC",
    ]
    for part in (received.text, "\n".join(received.page.texts_in("p"))):
        assert "prod stands for your stage" in part
        assert "python -m ops deliveries list --stage prod\n" in part
        # What is retried is named: the command line takes no less.
        assert "python -m ops deliveries retry 8F3K-0002 --stage prod\n" in part
        assert "python -m ops deliveries retry --failed --stage prod\n" in part
    assert "https://owner.example/inbox.html" in received.text
    assert (
        "Contact us, 8F3K-0002: email\n  No <such> box.\n"
        "  Bounced after 1 attempt, 23 November 2026, 12:02 UTC\n"
    ) in received.text


def test_one_failure_is_one_notice() -> None:
    assert summary(a_failure()).headers["Subject"] == "1 notice was not delivered"


def test_a_summary_lists_the_newest_and_counts_the_rest() -> None:
    received = summary(*map(a_failure, range(53)))

    assert received.headers["Subject"] == "53 notices were not delivered"
    listed = received.page.texts_in("dt")
    assert len(listed) == MAX_LISTED_FAILURES == 50
    assert listed[0] == "Contact us, 8F3K-0052: slack"
    assert listed[-1] == "Contact us, 8F3K-0003: slack"
    assert "and 3 more" in received.page.texts_in("p")
    assert "\nand 3 more\n" in received.text
    assert "more" not in summary(*map(a_failure, range(50))).text


@pytest.mark.parametrize("hostile", HOSTILE, ids=short)
def test_a_summary_is_safe_from_titles_and_outcomes(hostile: str) -> None:
    received = summary(a_failure(form_title=hostile, outcome=hostile))

    assert received.header_names == SUMMARY_HEADERS
    assert received.page.elements == summary(a_failure()).page.elements
    assert received.text.count("\n") == summary(a_failure()).text.count("\n")
    assert "\n" not in "".join(received.page.texts_in("dt"))


def test_checking_addresses_imports_nothing_that_only_mail_needs() -> None:
    """The API does so at its cold start, and sends none."""
    script = (
        "import sys, chalicelib.channels.email, chalicelib.channels.autoresponse as channel\n"
        "assert channel.SETTINGS['from'].is_allowed('ada@example.com')\n"
        "print(*sorted({'email.message', 'email.policy', 'jinja2'} & sys.modules.keys()))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == ""
