"""The same journeys where JavaScript is off: plain HTML, and pages of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from playwright.sync_api import expect

from tests.browser.journeys import a_visitor, fill_in, post, send, strip_checks, typed

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.conftest import OpenPage, System

HOSTILE = "\n\n  first lines\n</textarea><script>alert('1')</script> & \"quotes\" שלום 🙂\n"


def test_a_message_arrives_and_the_visitor_is_on_the_thanks_page(
    open_page: OpenPage, system: System
) -> None:
    visitor = a_visitor()
    page = open_page(script=False)

    fill_in(page, visitor)
    with page.expect_response(f"{system.api}/contact") as answered:
        send(page)

    page.wait_for_url(f"{system.site}/thanks.html")
    assert answered.value.status == 303
    assert [each["fields"] for each in system.stored(email=visitor["email"])] == [visitor]


def test_a_form_that_names_no_next_page_has_a_thanks_page_with_the_reference(
    open_page: OpenPage, system: System
) -> None:
    visitor = a_visitor()
    page = open_page(script=False)
    page.route("**/contact.html", without_next)
    page.reload()

    fill_in(page, visitor)
    send(page)

    page.wait_for_url(f"{system.api}/f/contact/thanks?*")
    [submission] = system.stored(email=visitor["email"])
    expect(page.get_by_role("main")).to_contain_text(submission["reference"])


def test_a_double_click_is_one_submission(open_page: OpenPage, system: System) -> None:
    visitor = a_visitor()
    page = open_page(script=False)

    fill_in(page, visitor)
    page.locator("form [type=submit]").dblclick()

    page.wait_for_url(f"{system.site}/thanks.html")
    assert len(system.stored(email=visitor["email"])) == 1


def test_a_refused_form_comes_back_filled_in_and_can_be_mended_and_sent(
    open_page: OpenPage, system: System
) -> None:
    visitor = a_visitor(message=HOSTILE)
    refused = {**visitor, "first_name": "", "email": "nobody"}
    page = refused_page(open_page, refused)

    summary = page.get_by_role("region")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error: ")
    assert typed(page, visitor) == refused
    for name in ("first_name", "email"):
        field = page.locator(f"[name={name}]")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(
            summary.get_by_role("link").nth(int(name == "email")).inner_text()
        )

    fill_in(page, {"first_name": visitor["first_name"], "email": visitor["email"]})
    send(page)
    page.wait_for_url(f"{system.site}/thanks.html")
    assert [each["fields"] for each in system.stored(email=visitor["email"])] == [visitor]
    assert system.stored(email="nobody") == []


def test_the_links_of_the_summary_lead_to_the_fields_by_keyboard(open_page: OpenPage) -> None:
    page = refused_page(open_page, a_visitor(first_name="", email="nobody"))

    expect(page.get_by_role("region")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("[name=email]")).to_be_focused()


def test_every_kind_of_input_comes_back_as_it_was_sent(open_page: OpenPage, system: System) -> None:
    """Also what no input of its kind can hold: "ten" in a number, a choice that is none."""
    sent = [
        ("age", "ten"),
        ("day", "tomorrow"),
        ("site", "example"),
        ("size", "huge <b>"),
        ("topping", "ham"),
        ("topping", "olives"),
        ("agree", "yes, I do"),
        ("remarks", "one line"),
        ("pet", "cat"),
        ("pet", "dog\nand a parrot"),
        ("name", ""),
    ]
    page = open_page(script=False)

    post(page, system, "survey", sent)
    expect(page.get_by_role("region")).to_be_focused()
    with page.expect_request(f"{system.api}/f/survey") as again:
        send(page)

    sent_again = parse_qsl(again.value.post_data or "", keep_blank_values=True)
    assert sorted(sent) == sorted((name, text.replace("\r\n", "\n")) for name, text in sent_again)


def refused_page(open_page: OpenPage, fields: dict[str, str]) -> Page:
    """Return the page that the API answers with when its browser has checked nothing."""
    page = open_page(script=False)
    page.route("**/contact.html", strip_checks)
    page.reload()
    fill_in(page, fields)
    send(page)
    page.wait_for_url("**/contact")
    return page


def without_next(route: Route) -> None:
    """Serve a contact page whose form does not say where to go after success."""
    response = route.fetch()
    page = response.text().replace('<input type="hidden" name="_next" value="/thanks.html">', "")
    route.fulfill(response=response, body=page)
