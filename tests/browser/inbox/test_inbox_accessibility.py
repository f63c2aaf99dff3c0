"""Every state of the inbox, in both schemes and at all sizes: axe finds nothing, nothing is cut.

With ``INBOX_SCREENSHOTS=folder`` in the environment, a picture of each is kept there.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.inbox.content import SIGNALS, a_delivery, a_submission
from tests.browser.inbox.exchange import ProblemError
from tests.browser.inbox.hostile import FIELDS
from tests.browser.inbox.steps import come_back, line, lines, open_line, reading, said, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.inbox.api import InboxApi
    from tests.browser.inbox.conftest import OpenInbox

PHONE = {"width": 360, "height": 740}
TABLET = {"width": 900, "height": 700}
DESKTOP = {"width": 1280, "height": 800}


class Window(NamedTuple):
    """How an owner looks at the page."""

    scheme: str
    viewport: dict[str, int]


# Both schemes and both layouts are examined; the other pairs are seen to fit.
EXAMINED = (Window("light", DESKTOP), Window("dark", PHONE))
WINDOWS = (*EXAMINED, Window("dark", DESKTOP), Window("light", PHONE), Window("light", TABLET))
# What has to be scrolled sideways to be read, but for code; what ends in "…" does not.
TOO_WIDE = """[...document.querySelectorAll("html, body *")]
  .filter((element) => element.scrollWidth > element.clientWidth + 1
    && (element.localName === "html" || /auto|scroll/.test(getComputedStyle(element).overflowX))
    && element.localName !== "pre")
  .map((element) => element.localName + "." + element.className)"""
PEOPLE = (
    ("Grace", "Hopper", "Do you ship to Portugal?"),
    ("Alan", "Turing", "The link on your pricing page does not work in my browser."),
    ("Katherine", "Johnson", "We would like to invite you to speak at our conference in May."),
    ("Edsger", "Dijkstra", "Can I change my order after it was paid?\n\nThanks,\nE."),
)


def list_of_submissions(page: Page, api: InboxApi) -> None:
    """Look at the list."""


def sign_in(page: Page, api: InboxApi) -> None:
    """Sign out."""
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Token")).to_be_visible()


def refused(page: Page, api: InboxApi) -> None:
    """Have the token revoked."""
    api.scope_by_token.clear()
    come_back(page)
    expect(page.get_by_label("Token")).to_be_visible()


def reading_one(page: Page, api: InboxApi) -> None:
    """Read a submission."""
    open_line(page, "Grace")


def reading_spam(page: Page, api: InboxApi) -> None:
    """Read why something is spam."""
    page.evaluate("location.hash = '#/contact/spam'")
    open_line(page, "Radia")
    reading(page).locator("table").scroll_into_view_if_needed()


def reading_deliveries(page: Page, api: InboxApi) -> None:
    """Read what became of each delivery."""
    open_line(page, "Grace")
    reading(page).get_by_role("heading", name="Deliveries").scroll_into_view_if_needed()


def reading_what_is_hostile(page: Page, api: InboxApi) -> None:
    """Read what tries to break out."""
    api.add(a_submission(fields={**FIELDS["script everywhere"], **FIELDS["a long text"]}))
    come_back(page)
    expect(lines(page).first).to_contain_text("<script>")
    lines(page).first.get_by_role("link").click()
    expect(reading(page).get_by_role("heading", name="Details")).to_be_visible()


def selected(page: Page, api: InboxApi) -> None:
    """Select two."""
    for name in ("Grace", "Alan"):
        line(page, name).first.get_by_role("checkbox").check()


def undone(page: Page, api: InboxApi) -> None:
    """Move one, so that there is something to undo."""
    line(page, "Alan").first.get_by_role("checkbox").check()
    page.get_by_role("button", name="Archive").click()
    expect(said(page)).to_contain_text("archived")


def nothing_found(page: Page, api: InboxApi) -> None:
    """Search for what there is not."""
    search(page, "nowhere")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()


def first_steps(page: Page, api: InboxApi) -> None:
    """Have no submissions yet."""
    page.evaluate("location.hash = '#/newsletter/inbox'")
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()


def no_connection(page: Page, api: InboxApi) -> None:
    """Have an API that fails."""
    api.fault = ProblemError(503, "store_unavailable")
    come_back(page)
    expect(page.locator("#trouble")).to_contain_text("problem")


def failed_list(page: Page, api: InboxApi) -> None:
    """Have a list that cannot be read."""
    api.fault = ProblemError(500, "internal_error")
    page.evaluate("location.hash = '#/contact/archive'")
    expect(page.locator("#list-end")).to_contain_text("The API has a problem")


def help_dialog(page: Page, api: InboxApi) -> None:
    """Ask for the keys."""
    page.get_by_role("button", name="Help").click()


def confirm_dialog(page: Page, api: InboxApi) -> None:
    """Be asked before something is deleted."""
    line(page, "Alan").first.get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def export_dialog(page: Page, api: InboxApi) -> None:
    """Ask for an export."""
    page.get_by_role("button", name="Export").click()


def chart_dialog(page: Page, api: InboxApi) -> None:
    """Look at the chart, and its table."""
    page.get_by_role("button", name="Chart").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("canvas")).to_be_visible()
    dialog.get_by_text("As a table").click()


def found_person(page: Page, api: InboxApi) -> None:
    """Look at what is about a person."""
    api.add(a_submission(email="grace@example.com", message="May I ask once more? " * 20))
    page.get_by_role("button", name="People").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail address").fill("grace@example.com")
    dialog.get_by_role("button", name="Find").click()
    expect(dialog).to_contain_text("May I ask once more?")


def people_dialog(page: Page, api: InboxApi) -> None:
    """Be about to erase a person."""
    found_person(page, api)
    page.get_by_role("dialog").get_by_role("button", name="Erase …").click()


def places_list(page: Page, api: InboxApi) -> None:
    """Look at all forms and folders."""
    button = page.get_by_role("button", name="Forms and folders")
    if button.is_visible():
        button.click()
    expect(page.get_by_role("navigation")).to_be_visible()


STATES = (
    list_of_submissions,
    sign_in,
    refused,
    reading_one,
    reading_spam,
    reading_deliveries,
    reading_what_is_hostile,
    selected,
    undone,
    nothing_found,
    first_steps,
    no_connection,
    failed_list,
    help_dialog,
    confirm_dialog,
    export_dialog,
    chart_dialog,
    found_person,
    people_dialog,
    places_list,
)


def fill(api: InboxApi) -> None:
    """Store what a week brings."""
    crm = a_delivery("failed", target="crm", channel="webhook")
    deliveries = [a_delivery(), crm, a_delivery("pending", target="chat", channel="slack")]
    for number in range(60):
        first_name, last_name, message = PEOPLE[number % 4]
        api.add(
            a_submission(
                minutes_ago=2 + number**2 * 3,
                is_read=number > 2 and number % 5 > 0,
                first_name=first_name,
                last_name=last_name,
                email=f"{first_name.lower()}@example.com",
                message=message,
                signals=SIGNALS[1:] if number % 6 == 1 else [],
                deliveries=[dict(each) for each in deliveries],
            )
        )
    api.add(a_submission(folder="spam", first_name="Radia", signals=SIGNALS))


@pytest.mark.parametrize(
    "window", WINDOWS, ids=lambda window: f"{window.scheme}-{window.viewport['width']}"
)
def test_everybody_can_use(api: InboxApi, open_inbox: OpenInbox, window: Window) -> None:
    """All states in one test, a window each: the browser and the stand-in start once."""
    found: dict[str, str] = {}
    for state in STATES:
        api.submissions, api.fault = [], None
        api.scope_by_token = {"fpt_write": "write"}
        fill(api)
        page = open_inbox(color_scheme=window.scheme, viewport=window.viewport)
        expect(lines(page).first).to_be_visible()
        state(page, api)
        keep_picture(page, window, state)
        if window in EXAMINED:
            result = Axe().run(page)
            if result.violations_count:
                found[state.__name__] = result.generate_report()
        for element in page.evaluate(TOO_WIDE):
            found[f"{state.__name__}: {element} is too wide"] = ""
        page.context.close()

    assert found == {}, "\n".join(f"{name}: {report}" for name, report in found.items())


def keep_picture(page: Page, window: Window, state: Callable[[Page, InboxApi], None]) -> None:
    """Save a screenshot, if somebody wants to look."""
    if folder := os.environ.get("INBOX_SCREENSHOTS"):
        name = f"{state.__name__}-{window.scheme}-{window.viewport['width']}.png"
        page.screenshot(path=f"{folder}/{name}")
