"""The contact page with its script: filling in, sending, being corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import a_visitor, fill_in, send, strip_checks, typed

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, System


def test_a_message_arrives_with_every_field_and_the_visitor_is_told(
    open_page: OpenPage, system: System
) -> None:
    visitor = a_visitor(message="Two lines,\nand “quotes” & <b>no markup</b> שלום 🙂")
    page = open_page()

    fill_in(page, visitor)
    send(page)

    status = page.get_by_role("status")
    expect(status).to_be_focused()
    [submission] = system.stored(email=visitor["email"])
    expect(status).to_contain_text(submission["reference"])
    assert submission["form"] == "contact"
    assert submission["folder"] == "inbox"
    assert submission["fields"] == visitor


def test_success_is_announced_in_a_region_that_was_there_before(open_page: OpenPage) -> None:
    """Screen readers announce what changes in a live region, not one that is added."""
    page = open_page()
    region = page.locator("[role=status]").element_handle()

    fill_in(page, a_visitor())
    send(page)
    expect(page.get_by_role("status")).to_be_focused()

    assert page.get_by_role("status").evaluate("(now, before) => now === before", region)


def test_sending_needs_no_preflight(open_page: OpenPage, system: System) -> None:
    """Nor does asking for a challenge, before."""
    page = open_page()
    methods = methods_of_requests(page, system.api)

    fill_in(page, a_visitor())
    send(page)
    expect(page.get_by_role("status")).to_be_focused()

    assert methods == ["GET", "POST"]


def test_a_script_of_any_page_may_send_json_with_its_own_headers(
    open_page: OpenPage, system: System
) -> None:
    """JSON and a custom header make the browser ask first, and the answer is readable."""
    visitor = a_visitor()
    page = open_page()
    methods = methods_of_requests(page, system.api)

    status, receipt = page.evaluate(
        """async ([address, visitor]) => {
            const headers = {"Content-Type": "application/json", "Idempotency-Key": "a-key"};
            const body = JSON.stringify(visitor);
            const response = await fetch(address, {method: "POST", headers, body});
            return [response.status, await response.json()];
        }""",
        [f"{system.api}/contact", visitor],
    )

    assert sorted(methods) == ["OPTIONS", "POST"]
    assert status == 201
    assert [each["id"] for each in system.stored(email=visitor["email"])] == [receipt["id"]]


def test_a_double_click_is_one_submission(open_page: OpenPage, system: System) -> None:
    visitor = a_visitor()
    page = open_page()

    fill_in(page, visitor)
    page.locator("form [type=submit]").dblclick()

    expect(page.get_by_role("status")).to_be_focused()
    assert len(system.stored(email=visitor["email"])) == 1


def test_what_the_browser_finds_wrong_stands_by_its_field_until_it_is_right(
    open_page: OpenPage, system: System
) -> None:
    visitor = a_visitor()
    page = open_page()
    fill_in(page, {**visitor, "first_name": "", "email": "nobody"})
    send(page)
    email = page.locator("[name=email]")

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    assert invalid_fields(page) == ["first_name", "email"]
    # The hint is still part of the description, and what is wrong has been added to it.
    expect(email).to_have_accessible_description(
        email.evaluate(
            "field => document.getElementById('email_hint').textContent + ' ' +"
            " field.validationMessage"
        )
    )

    page.get_by_role("alert").get_by_role("link").last.click()
    expect(email).to_be_focused()
    email.fill("somebody")
    assert invalid_fields(page) == ["first_name", "email"]
    email.fill(visitor["email"])
    assert invalid_fields(page) == ["first_name"]

    fill_in(page, visitor)
    send(page)
    expect(page.get_by_role("status")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(system.stored(email=visitor["email"])) == 1


def test_what_the_api_refuses_stands_by_its_field_and_nothing_typed_is_lost(
    open_page: OpenPage, system: System
) -> None:
    visitor = a_visitor()
    refused = {**visitor, "first_name": "", "email": "nobody"}
    page = open_page()
    page.route("**/contact.html", strip_checks)
    page.reload()

    fill_in(page, refused)
    send(page)

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    assert invalid_fields(page) == ["first_name", "email"]
    assert typed(page, visitor) == refused

    fill_in(page, visitor)
    send(page)
    expect(page.get_by_role("status")).to_be_focused()
    assert [each["fields"] for each in system.stored(email=visitor["email"])] == [visitor]
    assert system.stored(email="nobody") == []


def test_the_whole_journey_needs_no_mouse(open_page: OpenPage, system: System) -> None:
    visitor = a_visitor()
    page = open_page()
    journey = ["first_name", "last_name", "email", "phone_number", "company", "job_title"]

    for name in [*journey, "message"]:
        page.keyboard.press("Tab")
        expect(page.locator(f"[name={name}]")).to_be_focused()
        if name != "email":
            page.keyboard.type(visitor[name])
    page.keyboard.press("Tab")
    expect(page.locator("form [type=submit]")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=email]")).to_be_focused()
    page.keyboard.type(visitor["email"])
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_be_focused()
    assert [each["fields"] for each in system.stored(email=visitor["email"])] == [visitor]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_for_whoever_wants_no_motion(open_page: OpenPage, motion: str) -> None:
    page = open_page(reduced_motion=motion)

    durations = page.locator("form [type=submit]").evaluate(
        "button => getComputedStyle(button).transitionDuration.split(', ').map(parseFloat)"
    )

    assert any(durations) == (motion == "no-preference")


def invalid_fields(page: Page) -> list[str | None]:
    """Return the names of the fields that are marked as wrong."""
    marked = page.locator("form [aria-invalid=true]")
    return [field.get_attribute("name") for field in marked.all()]


def methods_of_requests(page: Page, origin: str) -> list[str]:
    """Return the method of each request to an origin, preflights included; the list grows."""
    methods: list[str] = []

    def listen(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith(origin):
            methods.append(event["request"]["method"])

    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.requestWillBeSent", listen)
    return methods
