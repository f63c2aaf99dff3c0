"""What visitors send is text in the owner's page, and nothing more.

That no dialog opens, no stranger is asked and no script fails is watched by ``open_inbox``.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.inbox.content import a_delivery, a_submission
from tests.browser.inbox.hostile import FIELDS, IMAGE, SCRIPT
from tests.browser.inbox.steps import downloaded, lines, reading, search

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.inbox.api import InboxApi
    from tests.browser.inbox.conftest import OpenInbox

# What a person cannot see is shown as a picture of it.
PICTURES = {**{code: 0x2400 + code for code in range(32)}, 9: 9, 10: 10, 127: 0x2421}
OF_SENDER = "script, img[src='x'], svg[onload], a[href^=javascript]"


def as_shown(text: str) -> str:
    """Return a text as the page shows it."""
    shown = text.replace("\r\n", "\n").translate(PICTURES)
    # JSON in UTF-8 has no halves of characters.
    return shown.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_all(page: Page) -> list[tuple[str, list[str]]]:
    """Return every label with its values, as they stand in the reading pane."""
    read: list[tuple[str, list[str]]] = page.evaluate(
        "[...document.querySelectorAll('.answers > div')].map((div) => "
        "[div.querySelector('dt').textContent, "
        "[...div.querySelectorAll('dd')].map((dd) => dd.textContent)])"
    )
    return [(label, values) for label, values in read]


@pytest.mark.parametrize("kind", FIELDS)
def test_everything_that_was_sent_is_read_as_text(
    api: InboxApi, open_inbox: OpenInbox, kind: str
) -> None:
    fields: dict[str, Any] = FIELDS[kind]
    api.add(a_submission(fields=fields), a_submission(minutes_ago=1, first_name="Ada"))
    page = open_inbox(viewport={"width": 360, "height": 740})

    lines(page).first.get_by_role("link").click()
    expect(reading(page).get_by_role("heading", name="Details")).to_be_visible()

    expected = [
        [
            as_shown(text) if text.strip() else "(empty)"
            for text in ([value] if isinstance(value, str) else value)
        ]
        for value in fields.values()
    ]
    assert [values for _, values in read_all(page)] == expected
    assert page.locator(OF_SENDER).count() == page.locator("head script").count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("document.querySelector('#reading').scrollWidth") <= 360
    page.get_by_role("button", name="Back to the list").click()
    expect(lines(page)).to_have_count(2)
    expect(lines(page).last).to_contain_text("Ada")
    assert page.evaluate("({}).polluted === undefined && Object.keys(Object.prototype).length") == 0


# Where the text of an element begins on the screen, in whole pixels.
LEFT_OF_TEXT = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return Math.round(range.getBoundingClientRect().left);
}"""


def test_a_name_from_right_to_left_stands_above_its_address(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    api.add(a_submission(first_name="محمد", last_name="العربي"))
    page = open_inbox()

    lines(page).first.get_by_role("link").click()
    expect(reading(page).get_by_role("heading", name="Details")).to_be_visible()

    name = reading(page).get_by_role("heading", name="محمد العربي")
    assert name.evaluate(LEFT_OF_TEXT) == name.locator("+ *").evaluate(LEFT_OF_TEXT)


def test_the_reply_goes_to_one_address_and_brings_no_headers(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    api.add(a_submission(fields=FIELDS["script everywhere"]))
    api.add(a_submission(minutes_ago=1, fields=FIELDS["mail headers"]))
    page = open_inbox()

    lines(page).first.get_by_role("link").click()
    reply = reading(page).get_by_role("link", name="Reply")

    expect(reply).to_have_attribute(
        "href",
        "mailto:a@b.example%3Fbcc%3Devil%2540example.com%26body%3Dx?subject="
        f"Re%3A%20Contact%20us%20%5B{api.submissions[0]['reference']}%5D",
    )
    page.keyboard.press("j")
    expect(reading(page)).to_contain_text("Bcc: evil@example.com")
    expect(reply).to_have_count(0)


def test_names_and_titles_of_every_list_are_text(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.forms = [
        {
            **api.forms[0],
            "title": IMAGE,
            "fields": [{"name": "message", "label": SCRIPT, "type": "text"}],
        }
    ]
    hostile_delivery = a_delivery(
        "failed",
        target=IMAGE,
        channel=SCRIPT,
        feedback={"at": "2026-11-23T12:00:01.000Z", "outcome": IMAGE},
    )
    signal = {"check": IMAGE, "points": 9.0, "reason": SCRIPT}
    api.add(a_submission(signals=[signal], deliveries=[hostile_delivery]))
    page = open_inbox()

    lines(page).first.get_by_role("link").click()
    pane = reading(page)

    expect(pane.locator("table")).to_contain_text(SCRIPT)
    expect(pane.locator(".deliveries")).to_contain_text(IMAGE)
    expect(pane.locator("dt").first).to_contain_text("first_name")
    expect(page.get_by_role("navigation")).to_contain_text(IMAGE)
    search(page, IMAGE)
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    expect(page.locator("#list-end")).to_contain_text(IMAGE)


def test_the_corpus_can_be_exported_and_parsed(api: InboxApi, open_inbox: OpenInbox) -> None:
    stored = [
        a_submission(minutes_ago=number, fields=fields)
        for number, (kind, fields) in enumerate(FIELDS.items())
        if kind != "half a character"
    ]
    api.add(*stored)
    page = open_inbox()

    page.get_by_role("button", name="Export").click()
    file = downloaded(page, page.get_by_role("button", name="CSV, for spreadsheets").click)

    csv.field_size_limit(1_000_000)
    text = file.read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(stored)
    assert rows[0]["message"] == FIELDS["script everywhere"]["message"]
    assert rows[1]["__proto__"] == "one"
