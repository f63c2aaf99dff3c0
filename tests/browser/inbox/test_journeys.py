"""What an owner comes for, from the sign-in to the receipt of what was erased."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.inbox.conftest import READ_ONLY
from tests.browser.inbox.content import SIGNALS, a_delivery, a_submission
from tests.browser.inbox.exchange import ProblemError
from tests.browser.inbox.steps import (
    downloaded,
    json_lines,
    line,
    lines,
    open_line,
    reading,
    said,
    search,
    unread,
)

if TYPE_CHECKING:
    from tests.browser.inbox.api import InboxApi
    from tests.browser.inbox.conftest import OpenInbox


def test_a_link_signs_in_and_leaves_no_token_in_the_address(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    api.add(a_submission())

    page = open_inbox()

    expect(lines(page)).to_have_count(1)
    assert "fpt_" not in page.url
    assert page.evaluate("Object.values(sessionStorage)") == ["fpt_write"]
    assert page.evaluate("history.length") <= 2
    assert page.context.cookies() == []
    page.reload()
    expect(lines(page)).to_have_count(1)


def test_a_token_can_be_typed_and_a_wrong_one_is_told(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission())
    page = open_inbox("")
    token = page.get_by_label("Token")

    token.fill("fpt_wrong")
    token.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="not accepted")).to_be_visible()
    token.fill(" fpt_write ")
    page.get_by_role("button", name="Sign in").click()

    expect(lines(page)).to_have_count(1)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Token")).to_be_focused()
    assert page.evaluate("sessionStorage.length") == 0


def test_a_submission_is_read_with_all_that_is_known_of_it(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    fields = {
        "first_name": "Grace",
        "email": "grace@example.com",
        "message": "Two\nlines",
        "topping": ["ham", "egg"],
    }
    stored = a_submission(fields=fields, signals=SIGNALS[1:], deliveries=[a_delivery()])
    api.add(stored, a_submission(minutes_ago=5, first_name="Alan"))
    page = open_inbox()
    expect(unread(page, "Contact us", "Inbox")).to_contain_text("2 unread")

    pane = open_line(page, "Grace")

    expect(pane.get_by_role("heading", level=2)).to_have_text("Grace")
    expect(pane.locator(".answers dt")).to_have_text(
        ["First name", "E-mail address", "Message", "topping"]
    )
    expect(pane.locator(".answers dd")).to_have_text(
        ["Grace", "grace@example.com", "Two\nlines", "ham", "egg"]
    )
    reply = pane.get_by_role("link", name="Reply")
    subject = f"Re%3A%20Contact%20us%20%5B{stored['reference']}%5D"
    expect(reply).to_have_attribute("href", f"mailto:grace@example.com?subject={subject}")
    expect(pane.get_by_role("row").last).to_contain_text("Together: 1 of 5 points: not spam")
    expect(pane.locator(".attempts")).to_contain_text(
        "The mail service took it. status 200 · 0.4 s"
    )
    expect(unread(page, "Contact us", "Inbox")).to_contain_text("1 unread")
    expect(page).to_have_title(re.compile(r"^\(1\) Contact us, Inbox"))
    assert stored["is_read"]


def test_a_failed_delivery_is_sent_again(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(deliveries=[a_delivery("failed")]))
    page = open_inbox()
    pane = open_line(page, "Ada")
    expect(pane.locator(".state")).to_have_text("Failed, not tried again")

    pane.get_by_role("button", name="Send mail again").click()

    expect(pane.locator(".state")).to_have_text("On its way")
    expect(said(page)).to_contain_text("sent again")


def test_a_target_that_was_not_told_can_be_told(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(folder="spam", signals=SIGNALS))
    page = open_inbox()
    unread(page, "Contact us", "Spam").click()
    pane = open_line(page, "Ada")
    expect(pane).to_contain_text("Nobody is told of spam by itself.")

    pane.get_by_role("button", name="Send mail").click()

    expect(pane.locator(".state")).to_have_text("On its way")


def test_a_link_of_a_mail_finds_the_submission_where_it_is_now(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    stored = a_submission(folder="archive", first_name="Grace")
    api.add(stored, a_submission())

    page = open_inbox(f"#/contact/{stored['id']}")
    page.get_by_label("Token").fill("fpt_write")
    page.keyboard.press("Enter")

    expect(reading(page)).to_contain_text("Grace")
    expect(page).to_have_url(re.compile(f"#/contact/archive/{stored['id']}$"))
    expect(lines(page)).to_have_count(1)


def test_the_back_button_goes_from_place_to_place(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(first_name="Grace"), a_submission(folder="spam", first_name="Spammer"))
    page = open_inbox()
    open_line(page, "Grace")
    unread(page, "Contact us", "Spam").click()
    expect(line(page, "Spammer")).to_be_visible()

    page.go_back()
    expect(reading(page)).to_contain_text("Grace")
    page.go_back()
    expect(reading(page)).not_to_contain_text("Grace")
    expect(lines(page)).to_have_count(1)
    page.go_forward()
    expect(reading(page)).to_contain_text("Grace")


def test_search_finds_words_while_they_are_typed(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(message="My ENGINE is loud"), a_submission(first_name="José"))
    page = open_inbox()

    search(page, "engine loud")
    expect(lines(page)).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=engine\+loud$"))
    page.reload()
    expect(lines(page)).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("engine loud")
    page.get_by_role("searchbox").press("Escape")
    expect(lines(page)).to_have_count(2)
    search(page, "jose")
    expect(lines(page)).to_have_count(1)
    search(page, "phine")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    # Key by key, but not a request for each.
    searched = [each.query["q"] for each in api.asked_for("GET", "/forms/") if "q" in each.query]
    assert {"engine loud", "jose", "josephine"} <= set(searched)
    assert len(searched) < len("engine loud")


def test_search_says_that_it_has_not_read_all_and_goes_on(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    api.add(*(a_submission(minutes_ago=number + 1) for number in range(3200)))
    api.add(a_submission(minutes_ago=5000, message="A needle"))
    page = open_inbox()

    search(page, "needle")
    expect(page.get_by_text("Not all is searched: nothing found so far.")).to_be_visible()
    for _ in range(2):
        page.get_by_role("button", name="Search further").click()
        expect(page.get_by_text("Loading …")).to_have_count(0)

    expect(line(page, "A needle")).to_be_visible()
    expect(page.get_by_text("That is all.")).to_be_visible()


def test_spam_is_moved_and_the_move_undone(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(first_name="Grace"), a_submission(minutes_ago=1, first_name="Alan"))
    page = open_inbox()
    pane = open_line(page, "Grace")

    pane.get_by_role("button", name="Spam").click()
    expect(line(page, "Grace")).to_have_count(0)
    expect(pane).to_contain_text("Alan")
    expect(said(page)).to_contain_text(
        "1 submission moved to spam. The spam check learns from this."
    )
    said(page).get_by_role("button", name="Undo").click()
    expect(line(page, "Grace")).to_be_visible()
    expect(said(page)).to_contain_text("Undone.")

    assert api.folder("spam") == []
    assert len(api.folder("inbox")) == 2


def test_what_the_api_refuses_is_shown_as_it_was(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(first_name="Grace"), a_submission(minutes_ago=1, first_name="Alan"))
    page = open_inbox()
    expect(lines(page)).to_have_count(2)
    api.fault = ProblemError(500, "internal_error")

    line(page, "Alan").get_by_role("checkbox").check()
    page.get_by_role("button", name="Archive").click()

    expect(said(page)).to_contain_text("1 submission not changed. The API has a problem (500).")
    expect(lines(page)).to_have_text([re.compile("Grace"), re.compile("Alan")])
    expect(unread(page, "Contact us", "Inbox")).to_contain_text("2 unread")


def test_many_are_archived_at_once(api: InboxApi, open_inbox: OpenInbox) -> None:
    stored = [a_submission(minutes_ago=number, is_read=number % 2 == 0) for number in range(250)]
    api.add(*stored)
    page = open_inbox()
    boxes = lines(page).get_by_role("checkbox")

    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(page.locator("#list-status")).to_have_text("4 selected")
    page.get_by_role("button", name="Archive").click()
    expect(said(page)).to_contain_text("4 submissions archived.")
    assert [each["folder"] for each in stored[:6]] == ["inbox", *["archive"] * 4, "inbox"]

    lines(page).last.scroll_into_view_if_needed()
    expect(lines(page)).to_have_count(246)
    page.get_by_role("checkbox", name="Select all that are loaded").check()
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    page.keyboard.press("z")
    expect(lines(page)).to_have_count(246)
    expect(said(page)).to_contain_text("Undone.")

    assert len(api.folder("inbox")) == 246
    sizes = [len(asked.body["ids"]) for asked in api.asked_for("PATCH", "/forms/contact")]
    assert sizes == [4, 100, 100, 46, 100, 100, 46]


def test_deleting_asks_first(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(*(a_submission(minutes_ago=number) for number in range(6)))
    page = open_inbox()
    for number in (0, 1, 2):
        lines(page).get_by_role("checkbox").nth(number).check()

    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete 3 submissions?")
    dialog.get_by_role("button", name="Cancel").click()
    assert len(api.submissions) == 6
    page.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()

    expect(said(page)).to_contain_text("3 submissions deleted.")
    expect(lines(page)).to_have_count(3)
    assert len(api.submissions) == 3


def test_an_export_is_whole_and_can_be_parsed(api: InboxApi, open_inbox: OpenInbox) -> None:
    fields = {"message": 'He said "no",\nthen left', "topping": ["ham", "egg"]}
    api.add(a_submission(fields=fields), *(a_submission(minutes_ago=1 + n) for n in range(99)))
    api.add(a_submission(folder="spam"), a_submission(form="newsletter"))
    page = open_inbox()

    page.get_by_role("button", name="Export").click()
    table = downloaded(page, page.get_by_role("button", name="CSV, for spreadsheets").click)
    page.get_by_role("button", name="Export").click()
    press = page.get_by_role("button", name="JSON Lines, for programs").click
    documents = json_lines(downloaded(page, press))

    text = table.read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["id"] for row in rows] == [each["id"] for each in api.folder("inbox")]
    assert rows[0]["message"] == fields["message"]
    assert documents == api.folder("inbox")


def test_an_export_has_what_was_searched_for(api: InboxApi, open_inbox: OpenInbox) -> None:
    wanted = a_submission(message="engine")
    api.add(wanted, a_submission(message="other"))
    page = open_inbox()
    search(page, "engine")
    expect(lines(page)).to_have_count(1)

    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("dialog", name="Export")).to_contain_text("with the words “engine”")
    press = page.get_by_role("button", name="JSON Lines, for programs").click

    assert json_lines(downloaded(page, press)) == [wanted]


def test_an_export_can_be_cancelled(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission())
    page = open_inbox()
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export")
    api.hold()

    dialog.get_by_role("button", name="JSON Lines, for programs").click()
    dialog.get_by_role("button", name="Cancel").click()

    expect(dialog.get_by_role("status")).to_have_text("Cancelled. Nothing was saved.")
    expect(dialog.get_by_role("button", name="JSON Lines, for programs")).to_be_enabled()


def test_a_person_is_found_exported_and_erased(api: InboxApi, open_inbox: OpenInbox) -> None:
    of_grace = [
        a_submission(minutes_ago=number, email="grace@example.com", deliveries=[a_delivery()])
        for number in range(45)
    ]
    in_spam = a_submission(folder="spam", email="Grace@example.com")
    elsewhere = a_submission(form="newsletter", fields={"email": "grace@example.com"})
    api.add(*of_grace, in_spam, elsewhere, a_submission(minutes_ago=60))
    page = open_inbox()

    page.get_by_role("button", name="People").click()
    dialog = page.get_by_role("dialog", name="Find a person")
    dialog.get_by_label("E-mail address").fill("grace@example.com")
    dialog.get_by_role("button", name="Find").click()
    expect(dialog.get_by_role("status")).to_have_text("47 submissions from grace@example.com.")
    exported = json_lines(
        downloaded(page, dialog.get_by_role("button", name="Export all of it").click)
    )
    assert len(exported) == 47
    dialog.get_by_role("button", name="Erase …").click()
    again = dialog.get_by_label("Type the address again to erase everything for good")
    again.fill("ada@example.com")
    again.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("This is not the same address.")
    assert len(api.submissions) == 48
    again.fill("grace@example.com")
    again.press("Enter")

    expect(dialog.get_by_role("status")).to_contain_text(
        "47 submissions, 45 deliveries, 47 pointers of grace@example.com."
    )
    receipt = downloaded(page, dialog.get_by_role("button", name="Save this receipt").click)
    assert '"submissions": 47' in receipt.read_text("utf-8")
    page.keyboard.press("Escape")
    expect(lines(page)).to_have_count(1)
    assert [each["fields"]["email"] for each in api.submissions] == ["ada@example.com"]


def test_a_token_that_can_only_read_offers_no_change(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(deliveries=[a_delivery("failed")]))
    page = open_inbox(READ_ONLY)

    pane = open_line(page, "Ada")
    page.keyboard.press("e")

    expect(said(page)).to_contain_text("Your token can only read.")
    expect(pane.get_by_role("button", name="Archive")).to_have_count(0)
    expect(pane.get_by_role("button", name="Send mail again")).to_have_count(0)
    assert api.asked_for("PATCH", "/") == []


def test_submissions_per_day_are_drawn_and_told(api: InboxApi, open_inbox: OpenInbox) -> None:
    """Two pages of the API can share a day."""
    api.counted_at_once = 3
    api.add(*(a_submission(minutes_ago=number) for number in (1, 3000, 3001)))
    api.add(a_submission(folder="spam", signals=SIGNALS))
    page = open_inbox()

    chart = page.get_by_role(
        "img", name=re.compile("Bar chart. 4 submissions in 30 days, 1 of them")
    )
    expect(chart.locator("canvas")).to_have_count(1)
    page.get_by_text("As a table").click()

    expect(reading(page).get_by_role("row")).to_have_count(3)
    page.emulate_media(color_scheme="dark")
    expect(chart.locator("canvas")).to_have_count(1)


def test_the_first_form_is_shown_with_the_html_to_paste(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    page = open_inbox()

    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    expect(page.locator(".snippet")).to_contain_text(f'action="{api.address}/f/contact"')


def test_a_closed_form_is_not_offered_to_be_pasted(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.closed = True
    page = open_inbox()

    expect(page.get_by_role("heading", name="This form is closed")).to_be_visible()
    expect(page.locator("#list-end")).to_contain_text("closed = true")
    expect(page.locator(".snippet")).to_have_count(0)


def test_a_list_that_is_not_empty_is_never_said_to_be(api: InboxApi, open_inbox: OpenInbox) -> None:
    """Asking for the HTML to paste would tell that it was."""
    api.add(a_submission(), a_submission(folder="spam"))
    page = open_inbox()
    unread(page, "Contact us", "Spam").click()
    expect(page).to_have_url(re.compile("spam$"))
    expect(lines(page)).to_have_count(1)

    assert api.asked_for("GET", "/f/") == []


def test_without_javascript_the_page_says_what_to_do(open_inbox: OpenInbox) -> None:
    page = open_inbox("", java_script_enabled=False)

    said = page.locator("noscript").inner_text()
    assert ".venv/bin/python -m ops submissions list --stage prod" in said


def test_who_has_no_token_is_told_how_to_make_one_of_a_stage(open_inbox: OpenInbox) -> None:
    page = open_inbox("")

    expect(page.locator("#sign-in")).to_contain_text(
        ".venv/bin/python -m ops tokens create NAME --stage prod"
    )


def test_a_link_to_what_there_is_not_says_so(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission())
    page = open_inbox()

    page.evaluate("location.hash = '#/contact/01M84A56FZ0000000000000534'")
    expect(reading(page)).to_contain_text("This submission is no longer there.")
    expect(lines(page)).to_have_count(1)
    page.evaluate("location.hash = '#/nothing/inbox'")

    expect(page.get_by_role("heading", name="There is no such form")).to_be_visible()
    unread(page, "Contact us", "Inbox").click()
    expect(lines(page)).to_have_count(1)
