"""When the network or the API fails: nothing typed is lost, nothing is stored twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import a_visitor, answer, fill_in, problem, send, typed

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Route

    from tests.browser.conftest import OpenPage, System


def test_a_store_that_is_away_for_a_moment_is_asked_again_with_the_same_key(
    open_page: OpenPage, system: System
) -> None:
    visitor = a_visitor()
    page = open_page()
    keys = answer(page, system, problem(503, retry_after=1), problem(503))

    fill_in(page, visitor)
    send(page)

    expect(page.get_by_role("status")).to_be_focused()
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(system.stored(email=visitor["email"])) == 1


def test_an_answer_that_got_lost_does_not_store_twice(open_page: OpenPage, system: System) -> None:
    """The post arrived, its answer did not: only the key tells the API that it is a repeat."""

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    visitor = a_visitor()
    page = open_page()
    keys = answer(page, system, lose_answer)

    fill_in(page, visitor)
    send(page)

    expect(page.get_by_role("status")).to_be_focused()
    [submission] = system.stored(email=visitor["email"])
    expect(page.get_by_role("status")).to_contain_text(submission["reference"])
    assert len(keys) == 2


def test_offline_keeps_the_text_and_online_sends_it(open_page: OpenPage, system: System) -> None:
    visitor = a_visitor()
    page = open_page()
    page.clock.install()
    page.context.set_offline(True)

    fill_in(page, visitor)
    send(page)
    expect(page.get_by_role("status")).not_to_be_empty()
    let_time_pass_until(page.get_by_role("alert"))
    expect(page.get_by_role("alert")).to_be_focused()
    assert typed(page, visitor) == visitor

    page.context.set_offline(False)
    page.get_by_role("alert").get_by_role("button").click()
    expect(page.get_by_role("status")).to_be_focused()
    assert [each["fields"] for each in system.stored(email=visitor["email"])] == [visitor]


def test_sending_again_by_hand_keeps_the_key_and_changed_content_has_a_new_one(
    open_page: OpenPage, system: System
) -> None:
    page = open_page()
    refusal = problem(500, title="Our fault", detail="Try later.", request_id="r-1")
    keys = answer(page, system, *[refusal] * 3)

    fill_in(page, a_visitor())
    for presses in (1, 2):
        send(page)
        expect(page.get_by_role("alert")).to_be_focused()
        assert len(keys) == presses
    fill_in(page, {"message": "Something else."})
    send(page)
    expect(page.get_by_role("alert")).to_be_focused()

    assert keys[0] == keys[1] != keys[2]


def test_the_next_message_starts_empty_and_has_a_new_key(
    open_page: OpenPage, system: System
) -> None:
    visitor = a_visitor()
    page = open_page()
    keys = answer(page, system)

    for _ in range(2):
        fill_in(page, visitor)
        send(page)
        expect(page.get_by_role("status")).to_be_focused()
        page.locator("form").evaluate("form => form.hidden = false")
        assert set(typed(page, visitor).values()) == {""}

    assert len(set(keys)) == 2
    assert len(system.stored(email=visitor["email"])) == 2


def test_who_sends_too_much_is_told_when_to_come_back(open_page: OpenPage, system: System) -> None:
    visitor = a_visitor()
    page = open_page()
    told = {"title": "Too many submissions", "detail": "Try again in 1800 s.", "request_id": "r-2"}
    keys = answer(page, system, problem(429, retry_after=1, **told))

    fill_in(page, visitor)
    send(page)

    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    for text in told.values():
        expect(alert).to_contain_text(text)
    assert typed(page, visitor) == visitor
    assert len(keys) == 1


def test_a_long_wait_is_the_persons_decision(open_page: OpenPage, system: System) -> None:
    page = open_page()
    held: list[Route] = []
    keys = answer(page, system, problem(503, retry_after=120), held.append)

    fill_in(page, a_visitor())
    send(page)
    again = page.get_by_role("alert").get_by_role("button")
    expect(again).to_be_visible()
    assert len(keys) == 1

    with page.expect_request(lambda request: request.method == "POST"):
        again.click()
    # The button that was pressed is gone; the focus has not gone with it.
    expect(page.locator("form [type=submit]")).to_be_focused()
    held[0].continue_()
    expect(page.get_by_role("status")).to_be_focused()
    assert keys[0] == keys[1]


@pytest.mark.parametrize("status", [200, 404, 500])
def test_an_answer_that_is_no_json_is_no_success(
    open_page: OpenPage, system: System, status: int
) -> None:
    """A portal's sign-in page, a wrong address, a broken proxy."""

    def answer_html(route: Route) -> None:
        allow = {"Access-Control-Allow-Origin": "*"}
        route.fulfill(status=status, headers=allow, content_type="text/html", body="<p>Hello")

    visitor = a_visitor()
    page = open_page()
    answer(page, system, answer_html)

    fill_in(page, visitor)
    send(page)

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text(str(status))
    assert typed(page, visitor) == visitor


def test_while_it_is_sent_the_button_says_so_and_keeps_the_focus(
    open_page: OpenPage, system: System
) -> None:
    page = open_page()
    held: list[Route] = []
    keys = answer(page, system, held.append)
    button = page.locator("form [type=submit]")
    words = button.inner_text()

    fill_in(page, a_visitor())
    with page.expect_request(lambda request: request.method == "POST"):
        button.press("Enter")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_be_focused()
    expect(button).not_to_have_text(words)
    button.press("Enter")
    page.locator("[name=company]").press("Enter")

    problem(404, detail="There is no such form.")(held[0])
    expect(page.get_by_role("alert")).to_be_focused()
    expect(button).to_have_text(words)
    expect(button).not_to_have_attribute("aria-disabled", "true")
    assert len(keys) == 1


def test_what_is_typed_while_it_is_sent_is_not_lost(open_page: OpenPage, system: System) -> None:
    visitor = a_visitor()
    page = open_page()
    held: list[Route] = []
    answer(page, system, held.append)

    fill_in(page, visitor)
    with page.expect_request(lambda request: request.method == "POST"):
        send(page)
    expect(page.locator("form [type=submit]")).to_have_attribute("aria-disabled", "true")
    fill_in(page, {"message": "One more thing."})
    held[0].continue_()

    expect(page.get_by_role("status")).to_be_focused()
    expect(page.locator("[name=message]")).to_be_visible()
    expect(page.locator("[name=message]")).to_have_value("One more thing.")
    assert [each["fields"] for each in system.stored(email=visitor["email"])] == [visitor]


def let_time_pass_until(shown: Locator) -> None:
    """Move the page's clock on, so that no test waits as long as a person would."""
    for _ in range(100):
        if shown.is_visible():
            return
        shown.page.clock.run_for(1_000)
