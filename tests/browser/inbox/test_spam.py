"""Spam as its owner meets it: why it is, and what "not spam" does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.inbox.content import SIGNALS, a_submission
from tests.browser.inbox.steps import line, open_line, said, unread

if TYPE_CHECKING:
    from tests.browser.inbox.api import InboxApi
    from tests.browser.inbox.conftest import OpenInbox
    from tests.browser.inbox.content import Document

# A sum of 4.96, which is not spam, though it rounds to the threshold of 5.
MIXED: list[Document] = [
    {"check": "links", "points": 6.06, "reason": "7 links"},
    {"check": "proof_of_work", "points": 0.4, "reason": "no proof of work came along"},
    {"check": "learned", "points": -1.5, "reason": "you kept such as this: engine, call"},
]


def test_not_spam_says_what_it_does_and_does_it(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(
        a_submission(folder="spam", first_name="Grace", signals=SIGNALS),
        a_submission(folder="spam", first_name="Alan", minutes_ago=1, signals=SIGNALS),
        a_submission(folder="spam", first_name="Edsger", minutes_ago=2, signals=SIGNALS),
    )
    page = open_inbox()
    unread(page, "Contact us", "Spam").click()
    pane = open_line(page, "Grace")

    button = pane.get_by_role("button", name="Not spam")
    expect(button).to_have_attribute("title", re.compile("move to the inbox, tell .* learn"))
    button.click()
    expect(said(page)).to_contain_text(
        "1 submission moved to the inbox. It is told of like a new one. "
        "The spam check learns from this."
    )
    line(page, "Alan").get_by_role("checkbox").check()
    line(page, "Edsger").get_by_role("checkbox").check()
    page.locator(".list").get_by_role("button", name="Not spam").click()
    expect(said(page)).to_contain_text(
        "2 submissions moved to the inbox. They are told of like new ones. "
        "The spam check learns from this."
    )

    assert api.folder("spam") == []
    assert len(api.folder("inbox")) == 3


def test_a_move_that_has_nothing_to_do_with_spam_says_nothing_of_it(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    api.add(a_submission(first_name="Grace"), a_submission(folder="archive", first_name="Alan"))
    page = open_inbox()

    open_line(page, "Grace")
    page.keyboard.press("e")
    expect(said(page)).to_contain_text("1 submission archived.")
    page.evaluate("location.hash = '#/contact/archive'")
    open_line(page, "Alan")
    page.keyboard.press("e")
    expect(said(page)).to_contain_text("1 submission moved to the inbox.")

    expect(said(page)).not_to_contain_text("learns")


def test_points_that_speak_for_a_submission_read_as_such(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    api.add(a_submission(first_name="Grace", signals=MIXED))
    page = open_inbox()
    pane = open_line(page, "Grace")

    # U+2212 is a minus to a screen reader, "-" is often nothing.
    expect(pane.locator("tbody .number")).to_have_text(["6", "0.4", "\u22121.5"])
    expect(pane.get_by_role("row").last).to_contain_text("Together: 4.9 of 5 points: not spam")
    expect(pane).not_to_contain_text("You decided otherwise")


@pytest.mark.parametrize(
    ("folder", "signals", "words"),
    [
        ("archive", SIGNALS, "You decided otherwise: it is not spam."),
        ("spam", [], "You decided otherwise: it is spam."),
    ],
)
def test_a_folder_that_is_not_the_check_s_is_the_owner_s(
    api: InboxApi, open_inbox: OpenInbox, folder: str, signals: list[Document], words: str
) -> None:
    api.add(a_submission(folder=folder, first_name="Grace", signals=signals))
    page = open_inbox()
    page.evaluate(f"location.hash = '#/contact/{folder}'")

    expect(open_line(page, "Grace")).to_contain_text(words)
