"""A list of 5,000 submissions, loaded page by page, is as quick to use as a short one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.inbox.content import a_submission
from tests.browser.inbox.steps import come_back, lines, reading

if TYPE_CHECKING:
    from tests.browser.inbox.api import InboxApi
    from tests.browser.inbox.conftest import OpenInbox

COUNT = 5000
# A person takes less than 100 ms for "at once"; this machine may be busy with other things.
# Source: https://web.dev/articles/rail
AT_ONCE_MS = 400


def test_a_list_of_5000_is_loaded_by_scrolling_and_stays_usable(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    api.add(
        *(a_submission(minutes_ago=number, first_name=f"No{number}") for number in range(COUNT))
    )
    page = open_inbox(viewport={"width": 1280, "height": 800})
    expect(lines(page)).to_have_count(50)

    while lines(page).count() < COUNT:
        loaded = lines(page).count()
        page.evaluate(
            "(scroll) => scroll.scrollTo(0, scroll.scrollHeight)",
            page.locator("#list-scroll").element_handle(),
        )
        expect(lines(page)).not_to_have_count(loaded)
    expect(page.get_by_text("That is all.")).to_be_visible()

    ids = page.evaluate("[...document.querySelectorAll('#entries li')].map((li) => li.dataset.id)")
    assert ids == [each["id"] for each in api.folder("inbox")]
    lines(page).nth(2500).get_by_role("link").click()
    expect(reading(page)).to_contain_text("No2500")
    took = page.evaluate(
        """async () => {
          const start = performance.now();
          dispatchEvent(new KeyboardEvent("keydown", { key: "x", bubbles: true }));
          document.body.getBoundingClientRect();
          return performance.now() - start;
        }"""
    )
    assert took < AT_ONCE_MS
    expect(page.locator("#list-status")).to_have_text("1 selected")
    api.add(a_submission(first_name="New"))
    come_back(page)
    expect(lines(page)).to_have_count(COUNT + 1)
    page.keyboard.press("j")
    expect(reading(page)).to_contain_text("No2501")
