"""The HTML part of every mail, as a mail program shows it: readable, quiet, and alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import pytest
from axe_playwright_python.sync_playwright import Axe

from chalicelib.delivery import DeliveryState
from chalicelib.mails import Failure, autoresponse_mail, failures_summary, submission_mail
from chalicelib.mails.messages import Envelope
from chalicelib.model import Answer, answers_from
from tests.browser.test_accessibility import A_LONG_WORD
from tests.builders import ADA, NOON, a_field, a_form, a_submission
from tests.received_mail import receive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page, Route

SENDER = "Forms <forms@owner.example>"
OWNER = "ada@owner.example"
INBOX_URL = "https://owner.example/inbox.html#/contact/1"
CONTACT = a_form(
    fields=tuple(
        a_field(name, label=name.replace("_", " ").capitalize())
        for name in (*ADA, "topic", "remarks")
    )
)
LETTER = (
    "Dear Ada,\n\nI read of your engine, and have questions:\n\n  1. Can it weave?\n  2. …\n\n" * 12
)
# A mail program is what surrounds a mail, landmarks included.
_NOT_A_PAGE = ("region", "landmark-one-main")

Scheme = Literal["light", "dark"]


class Window(NamedTuple):
    """How a receiver looks at a mail."""

    scheme: Scheme
    width: int


class Shown(NamedTuple):
    """A mail in a window, what it asked the network for, and what it made the browser say."""

    page: Page
    requests: list[str]
    dialogs: list[str]


def ordinary() -> EmailMessage:
    """Return what most mails are: every field filled in but two."""
    filled_in = {**ADA, "company": "", "job_title": ""}
    return about(answers=answers_from(filled_in.items()))


def long_and_repeated() -> EmailMessage:
    """Return a letter, a word without end, and three answers under one name."""
    return about(
        answers=(
            Answer("first_name", (A_LONG_WORD,)),
            Answer("email", (f"{'ada' * 20}@{'example' * 8}.com",)),
            Answer("topic", ("Engines", "", "Looms\nand cards")),
            Answer(A_LONG_WORD, ("x",)),
            Answer(f"{A_LONG_WORD}!", ("",)),
            Answer("message", (LETTER,)),
            Answer("remarks", ("https://example.com/" + "a/" * 300,)),
        ),
        subject="Engines " * 20,
    )


def hostile() -> EmailMessage:
    """Return what would like to be more than text."""
    script = "<script>alert(1)</script>"
    return about(
        answers=(
            Answer("message", (f"</dd></dl></td></table>{script}",)),
            Answer("\u202eeman\u2066<i>", ("\u202egpj.exe", "plain")),
            Answer("שם", ("שלום עולם! abc (1)",)),
            Answer("remarks", ('<img src="https://evil.example/p.gif" onerror="alert(1)">',)),
            Answer("\u202etpme", ("",)),
            Answer("company", ("<style>@import 'https://evil.example/x.css'; p {display: none}",)),
            Answer("topic", ("🙂" * 200, "\0\x1b[31m", "a\u0300" * 100)),
        ),
        subject=script,
    )


def about(**changes: Any) -> EmailMessage:
    """Return the mail about one submission."""
    return submission_mail(
        a_submission(**changes), CONTACT, sender=SENDER, to=[OWNER], now=NOON, inbox_url=INBOX_URL
    )


def autoresponse() -> EmailMessage:
    """Return the answer to a visitor."""
    return autoresponse_mail(
        a_submission().id,
        Envelope(SENDER, [OWNER], NOON),
        subject="Vielen Dank für Ihre Nachricht",
        text=f"Guten Tag,\n\nwir melden uns.\n\n{A_LONG_WORD}\n",
    )


def failures() -> EmailMessage:
    """Return the summary of more failures than it lists."""
    outcome = "The receiver answered 500."
    failure = Failure("Contact us", "8F3K-2M9Q", "slack", DeliveryState.FAILED, NOON, outcome, 6)
    other = failure._replace(form_title=A_LONG_WORD, outcome=A_LONG_WORD, attempts=1)
    return failures_summary(
        [other, *[failure] * 52], sender=SENDER, to=[OWNER], now=NOON, inbox_url=INBOX_URL
    )


@pytest.fixture(
    params=[Window(scheme, width) for scheme in get_args(Scheme) for width in (360, 700)],
    ids=lambda window: f"{window.scheme}-{window.width}",
)
def window(request: pytest.FixtureRequest) -> Window:
    chosen: Window = request.param
    return chosen


@pytest.fixture
def show(browser: Browser, window: Window) -> Iterator[Callable[[EmailMessage], Shown]]:
    """Show a mail where every request fails, and is noted."""
    context = browser.new_context(
        color_scheme=window.scheme, viewport={"width": window.width, "height": 640}
    )
    requests: list[str] = []
    dialogs: list[str] = []

    def refuse(route: Route) -> None:
        requests.append(route.request.url)
        route.abort()

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    def show(message: EmailMessage) -> Shown:
        page = context.new_page()
        page.on("dialog", dismiss)
        page.route("**/*", refuse)
        page.set_content(receive(message).html, wait_until="load")
        return Shown(page, requests, dialogs)

    yield show
    context.close()


@pytest.mark.parametrize(
    "compose",
    [ordinary, long_and_repeated, hostile, autoresponse, failures],
    ids=lambda compose: compose.__name__,
)
def test_a_mail_can_be_read_everywhere(
    show: Callable[[EmailMessage], Shown],
    compose: Callable[[], EmailMessage],
    window: Window,
    tmp_path: Path,
) -> None:
    shown = show(compose())
    page = shown.page
    page.screenshot(path=tmp_path / f"{window.scheme}-{window.width}.png", full_page=True)

    # The owner of an autoresponse writes in any language; its page names none.
    unknown = ("html-has-lang",) if compose is autoresponse else ()
    rules = {rule: {"enabled": False} for rule in (*_NOT_A_PAGE, *unknown)}
    found = Axe().run(page, options={"rules": rules})
    assert found.violations_count == 0, found.generate_report()
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    assert page.evaluate(
        "[...document.querySelectorAll('*')].every(e => e.scrollWidth <= innerWidth)"
    )
    assert shown.requests == []
    assert shown.dialogs == []


def test_colours_follow_the_scheme(show: Callable[[EmailMessage], Shown], window: Window) -> None:
    page = show(ordinary()).page

    sheet = page.locator("td.sheet")
    lightness = sheet.evaluate(
        "e => Math.max(...getComputedStyle(e).backgroundColor.match(/\\d+/g).map(Number))"
    )
    assert (lightness < 128) == (window.scheme == "dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light dark"


def test_spaces_and_lines_are_seen(show: Callable[[EmailMessage], Shown]) -> None:
    typed = "one\n\n    two  spaces"

    page = show(about(fields={"message": typed})).page

    assert page.locator("dd").inner_text() == typed
