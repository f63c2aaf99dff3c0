"""What an owner does in the inbox, and what a test looks at."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.inbox.content import Document

# Between two keys; who types is faster than the pause that the search waits for.
PAUSE_MS = 60


def lines(page: Page) -> Locator:
    """Return the lines of the list."""
    return page.locator("#entries li")


def line(page: Page, words: str) -> Locator:
    """Return the line that has these words."""
    return lines(page).filter(has_text=words)


def open_line(page: Page, words: str) -> Locator:
    """Open a submission; return the pane in which it is read."""
    line(page, words).first.get_by_role("link").click()
    pane = reading(page)
    expect(pane.locator(".answers")).to_contain_text(words)
    return pane


def reading(page: Page) -> Locator:
    """Return the pane in which a submission is read."""
    return page.get_by_role("region", name="Submission", exact=True)


def said(page: Page) -> Locator:
    """Return what was said in the corner."""
    return page.locator("#toasts")


def unread(page: Page, form: str, folder: str) -> Locator:
    """Return the link of a folder, which has its unread count."""
    section = page.get_by_role("navigation").locator("section").filter(has_text=form)
    return section.get_by_role("link", name=re.compile(f"^{folder}"))


def search(page: Page, words: str) -> None:
    """Type words into the search, key by key."""
    box = page.get_by_role("searchbox", name="Search this folder")
    box.click()
    box.press_sequentially(words, delay=PAUSE_MS)


def come_back(page: Page) -> None:
    """Turn to the window again, which then looks for what is new."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def downloaded(page: Page, press: Callable[[], Any]) -> Path:
    """Return the file that pressing something brings."""
    with page.expect_download() as download:
        press()
    return download.value.path()


def json_lines(path: Path) -> list[Document]:
    """Return the documents of a file of JSON Lines."""
    return [json.loads(each) for each in path.read_text("utf-8").splitlines()]
