"""The same page, with the API and the store that ``make run`` starts: nothing is a stand-in."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from playwright.sync_api import expect

from chalicelib.config import PROJECT_DIR
from tests.browser.conftest import POLL_INTERVAL_SECONDS
from tests.browser.inbox.steps import (
    come_back,
    downloaded,
    json_lines,
    line,
    lines,
    open_line,
    reading,
    said,
    search,
)
from tests.builders import ADA

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import OpenPage, System


# The stream and the queue are pumped many times a second; the machine may be busy.
TOLD_WITHIN_SECONDS = 30


def test_an_owner_reads_moves_exports_and_erases(system: System, open_page: OpenPage) -> None:
    """One journey through the real system, from the first link to the revoked token."""
    email = "inbox-journey@example.com"
    for name in ("Grace", "Alan", "Edsger"):
        send(system, first_name=name, email=email, message=f"xylophone {name}")
    send(system, first_name="Robot", email=email, message="xylophone Robot", _gotcha="x")
    token = new_token(system)

    page = open_page(f"/inbox.html#token={token}")
    search(page, "xylophone")
    expect(lines(page)).to_have_count(3)
    pane = open_line(page, "Alan")
    expect(pane.locator(".answers dt").first).to_have_text("First name")
    page.keyboard.press("#")
    expect(said(page)).to_contain_text("1 submission moved to spam.")
    expect(lines(page)).to_have_count(2)
    page.keyboard.press("z")
    expect(said(page)).to_contain_text("Undone.")
    expect(lines(page)).to_have_count(3)
    line(page, "Alan").get_by_role("checkbox").check()
    line(page, "Edsger").get_by_role("checkbox").check()
    page.locator(".list").get_by_role("button", name="Archive").click()
    expect(said(page)).to_contain_text("2 submissions archived.")

    page.evaluate("location.hash = '#/contact/archive?q=xylophone'")
    expect(lines(page)).to_have_count(2)
    page.get_by_role("button", name="Export").click()
    table = downloaded(page, page.get_by_role("button", name="CSV, for spreadsheets").click)
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"), newline="")))
    assert [row["first_name"] for row in rows] == ["Edsger", "Alan"]
    assert [row["message"] for row in rows] == ["xylophone Edsger", "xylophone Alan"]

    page.evaluate("location.hash = '#/contact/spam?q=xylophone'")
    pane = open_line(page, "Robot")
    expect(pane.locator("table")).to_contain_text("_gotcha was filled in")

    page.get_by_role("button", name="People").click()
    dialog = page.get_by_role("dialog", name="Find a person")
    dialog.get_by_label("E-mail address").fill(email)
    dialog.get_by_role("button", name="Find").click()
    expect(dialog.get_by_role("status")).to_have_text(f"4 submissions from {email}.")
    handed_out = downloaded(page, dialog.get_by_role("button", name="Export all of it").click)
    assert {each["fields"]["email"] for each in json_lines(handed_out)} == {email}
    dialog.get_by_role("button", name="Erase …").click()
    dialog.get_by_label("Type the address again").fill(email)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("Erased on")
    expect(dialog.get_by_role("status")).to_contain_text("4 submissions")
    page.keyboard.press("Escape")
    expect(reading(page)).to_contain_text("This submission is no longer there.")
    assert system.stored(email=email) == []

    ops(system, "tokens", "revoke", token)
    come_back(page)
    expect(page.get_by_role("alert").filter(has_text="not accepted")).to_be_visible()


def test_not_spam_is_moved_and_told_of(system: System, open_page: OpenPage) -> None:
    """What was caught wrongly reaches its owner as if it had never been."""
    send(system, "told", first_name="Wronged", message="Please call", _gotcha="autofilled")
    mails = Path(system.env["FORMPOST_DATA_DIR"]) / "mail"
    before = set(mails.glob("*.eml"))
    page = open_page(f"/inbox.html#token={new_token(system)}")
    page.evaluate("location.hash = '#/told/spam'")
    pane = open_line(page, "Wronged")
    expect(pane.locator(".state")).to_have_text("Not told")

    pane.get_by_role("button", name="Not spam").click()

    expect(said(page)).to_contain_text("1 submission moved to the inbox. It is told of like a new")
    [mail] = wait_for(lambda: set(mails.glob("*.eml")) - before)
    assert b"Wronged" in mail.read_bytes()
    page.evaluate("location.hash = '#/told'")
    pane = open_line(page, "Wronged")
    expect(pane.locator(".state")).to_have_text("Delivered")
    expect(pane).to_contain_text("You decided otherwise: it is not spam.")


def test_what_is_sent_while_the_inbox_is_open_appears(system: System, open_page: OpenPage) -> None:
    page = open_page(f"/inbox.html#token={new_token(system)}")
    expect(page.locator("#list-status")).to_contain_text("submission")

    send(system, first_name="Newcomer", message="just now")
    come_back(page)

    expect(line(page, "Newcomer")).to_be_visible()


def send(system: System, form: str = "contact", **fields: str) -> None:
    """Send a form from the site's own page."""
    request = Request(  # noqa: S310  our own http address
        f"{system.api}/f/{form}",
        urlencode({**ADA, **fields}).encode(),
        {"Accept": "application/json", "Origin": system.site},
    )
    with urlopen(request):  # noqa: S310
        """It is stored when it is answered."""


def wait_for(found: Callable[[], set[Path]]) -> set[Path]:
    """Return the files that are there after a while."""
    deadline = time.monotonic() + TOLD_WITHIN_SECONDS
    while not (it := found()):
        assert time.monotonic() < deadline
        time.sleep(POLL_INTERVAL_SECONDS)
    return it


def new_token(system: System) -> str:
    """Return a token that may do everything."""
    [token] = set(re.findall(r"fpt_\w+", ops(system, "tokens", "create", "journey")))
    return str(token)


def ops(system: System, *arguments: str) -> str:
    """Run one of the owner's commands; return what it says."""
    command = [sys.executable, "-m", "ops", *arguments]
    return str(subprocess.check_output(command, cwd=PROJECT_DIR, env=system.env, text=True))
