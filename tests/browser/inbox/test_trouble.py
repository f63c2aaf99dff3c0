"""The token, the network or the API fails while the inbox is open; and what is new comes in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.inbox.content import a_delivery, a_submission
from tests.browser.inbox.exchange import ProblemError
from tests.browser.inbox.steps import (
    come_back,
    line,
    lines,
    open_line,
    reading,
    said,
    search,
    unread,
)

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse, Route

    from tests.browser.inbox.api import InboxApi
    from tests.browser.inbox.conftest import OpenInbox


def test_a_token_revoked_meanwhile_is_asked_for_again_and_nothing_is_lost(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    api.add(a_submission(first_name="Grace", message="engine"), a_submission(message="other"))
    page = open_inbox()
    search(page, "engine")
    expect(lines(page)).to_have_count(1)
    open_line(page, "Grace")
    address = page.url

    api.scope_by_token.clear()
    page.keyboard.press("e")
    expect(page.get_by_role("alert").filter(has_text="not accepted")).to_be_visible()
    expect(reading(page)).to_have_count(0)
    assert page.evaluate("sessionStorage.length") == 0
    api.scope_by_token["fpt_new"] = "write"
    page.get_by_label("Token").fill("fpt_new")
    page.keyboard.press("Enter")

    expect(page.get_by_role("searchbox")).to_have_value("engine")
    expect(line(page, "Grace")).to_be_visible()
    assert [each["folder"] for each in api.submissions] == ["inbox", "inbox"]
    page.goto(address)
    expect(reading(page)).to_contain_text("Grace")


def test_a_new_sign_in_link_in_the_same_window_leads_back_to_the_place(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    api.add(a_submission(folder="spam", first_name="Spammer"))
    page = open_inbox()
    unread(page, "Contact us", "Spam").click()
    expect(line(page, "Spammer")).to_be_visible()
    api.scope_by_token.clear()
    come_back(page)
    expect(page.get_by_label("Token")).to_be_focused()

    api.scope_by_token["fpt_new"] = "write"
    page.evaluate("location.hash = '#token=fpt_new'")

    expect(line(page, "Spammer")).to_be_visible()
    expect(page).to_have_url(re.compile("#/contact/spam$"))


def test_the_network_goes_and_comes_back(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(first_name="Grace"), a_submission(minutes_ago=1, first_name="Alan"))
    page = open_inbox()
    open_line(page, "Alan")
    trouble = page.locator("#trouble")

    page.context.set_offline(True)
    expect(trouble).to_contain_text("You are offline.")
    expect(reading(page)).to_contain_text("Alan")
    line(page, "Grace").get_by_role("checkbox").check()
    page.locator(".list").get_by_role("button", name="Archive").click()
    expect(said(page)).to_contain_text("1 submission not changed. You are offline.")
    expect(line(page, "Grace")).to_be_visible()
    api.add(a_submission(first_name="Katherine"))
    page.context.set_offline(False)

    expect(line(page, "Katherine")).to_be_visible()
    expect(trouble).to_be_empty()


def test_an_api_that_is_away_at_first_is_tried_again(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission())
    api.fault = ProblemError(503, "store_unavailable")
    page = open_inbox("")
    page.get_by_label("Token").fill("fpt_write")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="The API has a problem (503)")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()

    api.fault = None
    page.get_by_role("button", name="Try again").click()

    expect(lines(page)).to_have_count(1)


def test_a_list_that_fails_can_be_read_again(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(folder="spam"))
    page = open_inbox()
    api.fault = ProblemError(500, "internal_error")
    unread(page, "Contact us", "Spam").click()
    end = page.locator("#list-end")
    expect(end).to_contain_text("The API has a problem (500). The log has it under r-1.")

    api.fault = None
    end.get_by_role("button", name="Try again").click()

    expect(lines(page)).to_have_count(1)


def test_too_many_sign_ins_are_told_with_the_time_to_wait(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    api.fault = ProblemError(429, "too_many_sign_ins", retry_after_seconds=42)
    page = open_inbox("")

    page.get_by_label("Token").fill("fpt_wrong")
    page.keyboard.press("Enter")

    alert = page.get_by_role("alert").filter(has_text="Try again in 42 seconds.")
    expect(alert).to_be_visible()


def test_new_submissions_appear_without_moving_what_is_read(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    api.add(*(a_submission(minutes_ago=number + 1) for number in range(40)))
    page = open_inbox()
    middle = lines(page).nth(30)
    middle.scroll_into_view_if_needed()
    middle.get_by_role("link").click()
    expect(reading(page)).to_contain_text("Ada")
    marked = page.locator("#entries li:has([aria-current])")
    before = marked.bounding_box()

    api.add(*(a_submission(first_name="Grace") for _ in range(3)))
    come_back(page)

    expect(lines(page)).to_have_count(43)
    assert marked.bounding_box() == before
    expect(page).to_have_title(re.compile(r"^\(42\) "))
    expect(lines(page).first).to_contain_text("Grace")


def test_what_is_new_is_looked_for_every_20_seconds_and_less_often_when_it_fails(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    page = open_inbox("")
    page.clock.install()
    page.reload()
    page.get_by_label("Token").fill("fpt_write")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    looked: list[str] = []
    page.on("request", lambda request: looked.append(request.url))
    api.add(a_submission())

    page.clock.fast_forward(20_000)
    expect(lines(page)).to_have_count(1)
    api.fault = ProblemError(503, "store_unavailable")
    page.clock.fast_forward(20_000)
    expect(page.locator("#trouble")).to_contain_text("The API has a problem (503).")
    api.fault = None
    looked.clear()
    page.clock.fast_forward(20_000)
    # Whatever the page has asked for was asked before this.
    page.evaluate("(address) => fetch(address)", f"{api.address}/f/contact")
    assert looked == [f"{api.address}/f/contact"]
    page.clock.fast_forward(20_000)

    expect(page.locator("#trouble")).to_be_empty()


def test_more_new_ones_than_a_page_leave_no_gap(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(minutes_ago=60, first_name="Grace"))
    page = open_inbox()
    expect(lines(page)).to_have_count(1)

    api.add(*(a_submission(minutes_ago=number / 10) for number in range(120)))
    come_back(page)

    expect(lines(page)).to_have_count(121)
    expect(lines(page).last).to_contain_text("Grace")


def test_what_another_window_moves_goes_away(api: InboxApi, open_inbox: OpenInbox) -> None:
    moved = a_submission(first_name="Grace")
    api.add(moved, a_submission(minutes_ago=1))
    page = open_inbox()
    expect(lines(page)).to_have_count(2)

    moved["folder"] = "archive"
    come_back(page)

    expect(lines(page)).to_have_count(1)


def test_a_moved_line_does_not_come_back_while_the_index_is_behind(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    stored = a_submission(first_name="Grace")
    api.add(stored, a_submission(minutes_ago=1))
    page = open_inbox()
    line(page, "Grace").get_by_role("checkbox").check()
    page.get_by_role("button", name="Archive").click()
    expect(said(page)).to_contain_text("archived")
    expect(lines(page)).to_have_count(1)

    stored["folder"] = "inbox"
    api.add(a_submission(first_name="Katherine"))
    come_back(page)

    expect(line(page, "Katherine")).to_be_visible()
    expect(line(page, "Grace")).to_have_count(0)


def test_a_folder_is_read_when_what_is_moved_there_has_arrived(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    """Else it showed half of it, and nothing looked again at what a search had found."""
    api.add(a_submission(first_name="Grace"), a_submission(minutes_ago=1, first_name="Alan"))
    page = open_inbox()
    held: list[Route] = []
    page.route(
        f"{api.address}/**",
        lambda route: held.append(route) if route.request.method == "PATCH" else route.fallback(),
    )
    page.get_by_role("checkbox", name="Select all that are loaded").check()
    page.get_by_role("button", name="Archive").click()
    expect(said(page)).to_contain_text("2 submissions archived.")
    page.evaluate("location.hash = '#/contact/archive?q=a'")
    expect(page.locator("#list-title")).to_contain_text("Archive")

    with page.expect_request(lambda request: "folder=archive" in request.url):
        held[0].continue_()

    expect(lines(page)).to_have_count(2)


def test_what_another_window_erased_is_told(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(first_name="Grace"), a_submission(minutes_ago=1, first_name="Alan"))
    page = open_inbox()
    expect(lines(page)).to_have_count(2)
    api.submissions.clear()

    page.get_by_role("checkbox", name="Select all that are loaded").check()
    page.get_by_role("button", name="Archive").click()

    expect(said(page)).to_contain_text("2 submissions no longer there.")
    expect(lines(page)).to_have_count(0)


def test_a_count_that_was_taken_before_a_change_does_not_undo_it(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    """The forms are asked for, then one submission is read; then comes the answer of before."""
    api.add(a_submission(), a_submission(minutes_ago=1))
    page = open_inbox()
    late: list[tuple[Route, APIResponse]] = []
    page.route("**/forms", lambda route: late.append((route, route.fetch())), times=1)
    with page.expect_request("**/forms"):
        come_back(page)

    with page.expect_response(re.compile("/submissions$")) as marked:
        lines(page).first.get_by_role("link").click()
    assert marked.value.request.method == "PATCH"
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    [(route, answer)] = late
    assert [form["unread"]["inbox"] for form in answer.json()["forms"]] == [2, 0]
    # The list is asked for when the count is known.
    with page.expect_response(re.compile(r"/submissions\?")):
        route.fulfill(response=answer)

    expect(page).to_have_title(re.compile(r"^\(1\) "))


def test_a_delivery_that_is_on_its_way_is_looked_at_again(
    api: InboxApi, open_inbox: OpenInbox
) -> None:
    delivery = a_delivery("pending", attempts=[])
    api.add(a_submission(deliveries=[delivery]))
    page = open_inbox()
    pane = open_line(page, "Ada")
    expect(pane.locator(".state")).to_have_text("On its way")

    delivery.update(a_delivery("delivered"))
    come_back(page)

    expect(pane.locator(".state")).to_have_text("Delivered")


def test_a_slow_answer_to_old_words_is_not_shown(api: InboxApi, open_inbox: OpenInbox) -> None:
    api.add(a_submission(first_name="Grace", message="engine"), a_submission(message="other"))
    page = open_inbox()
    api.hold()

    with page.expect_request(re.compile("q=other")):
        search(page, "other")
    with page.expect_event("requestfailed", lambda request: "q=other" in request.url):
        page.get_by_role("searchbox").fill("engine")
    api.release()

    expect(lines(page)).to_have_count(1)
    expect(lines(page)).to_contain_text("Grace")
