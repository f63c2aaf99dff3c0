"""Without a mouse: every verb has a key, the focus is never lost, and typing is only typing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.inbox.content import a_submission
from tests.browser.inbox.steps import line, lines, reading, said

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.inbox.api import InboxApi
    from tests.browser.inbox.conftest import OpenInbox

NAMES = ("Ada", "Grace", "Alan", "Katherine")


@pytest.fixture
def page(api: InboxApi, open_inbox: OpenInbox) -> Page:
    """Return the inbox with four submissions, Ada's on top."""
    api.add(
        *(a_submission(minutes_ago=number, first_name=name) for number, name in enumerate(NAMES))
    )
    page = open_inbox()
    expect(lines(page)).to_have_count(4)
    return page


def press(page: Page, *keys: str) -> None:
    """Press keys, one after the other."""
    for key in keys:
        page.keyboard.press(key)


def test_a_day_without_a_mouse(api: InboxApi, page: Page) -> None:
    press(page, "j", "j")
    expect(line(page, "Grace").get_by_role("link")).to_be_focused()
    press(page, "Enter")
    expect(reading(page).get_by_role("heading", level=2)).to_be_focused()
    # Read is what was shown, and not what was only asked for.
    expect(reading(page).locator(".answers")).to_contain_text("Grace")
    press(page, "j")
    expect(reading(page)).to_contain_text("Alan")
    expect(reading(page).get_by_role("heading", level=2)).to_be_focused()
    press(page, "k", "e")
    expect(said(page)).to_contain_text("1 submission archived.")
    expect(reading(page)).to_contain_text("Alan")
    press(page, "z")
    expect(line(page, "Grace")).to_be_visible()
    press(page, "#")
    expect(said(page)).to_contain_text("1 submission moved to spam.")
    expect(reading(page)).to_contain_text("Katherine")
    press(page, "u")
    expect(line(page, "Katherine").get_by_role("link")).to_be_focused()

    expect(line(page, "Katherine")).to_have_class("unread")
    assert [each["fields"]["first_name"] for each in api.folder("spam")] == ["Alan"]
    assert [each["is_read"] for each in api.folder("inbox")] == [False, True, False]


def test_lines_are_selected_and_archived_from_the_list(api: InboxApi, page: Page) -> None:
    press(page, "j", "x", "ArrowDown", "x", "e")

    expect(said(page)).to_contain_text("2 submissions archived.")
    expect(line(page, "Alan").get_by_role("link")).to_be_focused()
    press(page, "x", "Escape")
    expect(page.locator("#list-status")).to_have_text("2 submissions")
    assert len(api.folder("archive")) == 2


def test_letters_that_are_typed_are_only_letters(api: InboxApi, page: Page) -> None:
    press(page, "/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    page.keyboard.type("ej#xz?")
    expect(box).to_have_value("ej#xz?")
    press(page, "Escape")
    expect(box).to_have_value("")
    press(page, "Escape")
    expect(box).not_to_be_focused()

    expect(lines(page)).to_have_count(4)
    assert api.asked_for("PATCH", "/") == []


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_keys_of_the_browser_stay_the_browsers(api: InboxApi, page: Page, modifier: str) -> None:
    press(page, "j", f"{modifier}+e", f"{modifier}+j")

    expect(line(page, "Ada").get_by_role("link")).to_be_focused()
    assert api.asked_for("PATCH", "/") == []


def test_the_help_lists_all_keys_and_can_switch_them_off(api: InboxApi, page: Page) -> None:
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    keys = dialog.locator("kbd").all_text_contents()
    assert {"j", "k", "e", "#", "/", "?", "u", "x", "z", "o"} <= set(keys)

    dialog.get_by_label("Use these keys").uncheck()
    press(page, "Escape", "j", "e")

    expect(dialog).to_be_hidden()
    assert api.asked_for("PATCH", "/") == []
    page.reload()
    expect(lines(page)).to_have_count(4)
    press(page, "?")
    expect(dialog).to_be_hidden()


def test_tab_goes_through_the_page_and_not_through_every_line(page: Page) -> None:
    press(page, "j", "j", "j")
    stops = []
    for key in ("Tab", "Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab"):
        press(page, key)
        stops.append(page.evaluate("document.activeElement.closest('li')?.dataset.id ?? 'else'"))

    # Out of the list, back to the line, its box, and out again above.
    line_id = line(page, "Alan").get_attribute("data-id")
    assert stops == ["else", "else", "else", line_id, line_id, "else"]


def test_tab_leaves_a_list_that_goes_on_where_it_is(api: InboxApi, open_inbox: OpenInbox) -> None:
    """It went by the end of the list, which is loaded and gone as soon as it is seen."""
    api.add(*(a_submission(minutes_ago=number) for number in range(120)))
    page = open_inbox()
    expect(page.get_by_role("button", name="Load more")).to_be_attached()

    press(page, "j", "j", "Tab")

    expect(reading(page).locator(":focus")).to_have_count(1)
    assert page.evaluate("document.querySelector('#list-scroll').scrollTop") == 0


def test_the_same_key_takes_a_submission_back(api: InboxApi, page: Page) -> None:
    press(page, "j", "#")
    expect(said(page)).to_contain_text("moved to spam")
    page.evaluate("location.hash = '#/contact/spam'")
    expect(lines(page)).to_have_count(1)
    expect(lines(page)).to_contain_text("Ada")

    press(page, "j", "#")

    expect(said(page)).to_contain_text("moved to the inbox")
    expect(page.get_by_role("heading", name="No spam")).to_be_visible()
    expect(page).to_have_title(re.compile("Spam"))
    assert len(api.folder("inbox")) == 4
