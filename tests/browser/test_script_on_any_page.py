"""formpost.js on pages that are not ours: other markup, other words, groups, clashing names."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.browser.journeys import a_visitor, answer, problem, send, serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, System

# What a page may call its inputs; each hides a property of the form that has the same name.
CLASHING_NAMES = ("action", "method", "reset", "submit", "id", "title", "status")
# What a selector has to escape.
AN_ODD_NAME = 'it\'s "odd"[]\\'


def test_a_form_whose_inputs_are_called_like_its_properties_is_sent(
    open_page: OpenPage, system: System
) -> None:
    inputs = "".join(f'<input aria-label="{name}" name="{name}">' for name in CLASHING_NAMES)
    visitor = a_visitor()
    page = open_page()
    serve_form(page, system, f'<input name="email" aria-label="E-mail">{inputs}')

    page.get_by_label("E-mail").fill(visitor["email"])
    page.get_by_label("action").fill("act")
    send(page)

    expect(page.get_by_role("status")).to_be_focused()
    expect(page.locator("form")).to_be_hidden()
    [submission] = system.stored(email=visitor["email"])
    assert submission["fields"]["action"] == "act"


def test_a_page_that_loads_the_script_twice_sends_once(open_page: OpenPage, system: System) -> None:
    visitor = a_visitor()
    page = open_page()
    again = '<script type="module" src="/formpost.js?again"></script>'
    serve_form(page, system, f'<input name="email" aria-label="E-mail">{again}')
    keys = answer(page, system)

    page.get_by_label("E-mail").fill(visitor["email"])
    send(page)

    expect(page.get_by_role("status")).to_be_focused()
    expect(page.get_by_role("status")).to_have_count(1)
    assert len(keys) == 1


def test_the_button_that_was_pressed_is_part_of_what_is_sent(
    open_page: OpenPage, system: System
) -> None:
    visitor = a_visitor()
    page = open_page()
    serve_form(
        page,
        system,
        '<input name="email" aria-label="E-mail"><button name="wish" value="call">Call me</button>',
    )

    page.get_by_label("E-mail").fill(visitor["email"])
    page.get_by_role("button", name="Call me").click()

    expect(page.get_by_role("status")).to_be_focused()
    [submission] = system.stored(email=visitor["email"])
    assert submission["fields"]["wish"] == "call"


def test_a_group_of_radio_buttons_has_one_message_for_all(
    open_page: OpenPage, system: System
) -> None:
    page = open_page()
    serve_form(
        page,
        system,
        """<fieldset><legend>Colour</legend>
        <label><input type="radio" name="colour" value="red" required> Red</label>
        <label><input type="radio" name="colour" value="blue" required> Blue</label></fieldset>""",
    )

    send(page)

    links = page.get_by_role("alert").get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_contain_text("Colour")
    messages = page.locator(".formpost-error")
    expect(messages).to_have_count(1)
    links.click()
    expect(page.get_by_role("radio", name="Red")).to_be_focused()
    for radio in page.get_by_role("radio").all():
        expect(radio).to_have_accessible_description(messages.inner_text())

    page.get_by_role("radio", name="Blue").check()
    expect(messages).to_be_empty()


def test_the_apis_messages_go_where_the_page_wants_them_and_others_to_the_top(
    open_page: OpenPage, system: System
) -> None:
    page = open_page()
    serve_form(
        page,
        system,
        """<label>E-mail <input name="email" aria-describedby="hint"></label>
        <p id="hint">We answer there.</p><p id="mine" data-formpost-error="email"></p>
        <input type="hidden" name="_subject" value="x">""",
    )
    errors: list[dict[str, Any]] = [
        {"field": "email", "code": "TYPE_EMAIL", "message": "E-mail <b>is odd</b>."},
        {"field": "email", "code": "TOO_LONG", "message": "E-mail is long."},
        {"field": "_subject", "code": "TOO_LONG", "message": "The subject is long."},
        {"field": "nowhere", "code": "UNKNOWN_FIELD", "message": "Nowhere is unknown."},
        {"field": None, "code": "EMPTY", "message": "All is empty."},
    ]
    answer(page, system, problem(422, title="Wrong", errors=errors))

    send(page)

    alert = page.get_by_role("alert")
    expect(alert.get_by_role("listitem")).to_have_text([error["message"] for error in errors])
    expect(alert.get_by_role("link")).to_have_count(2)
    expect(page.locator("#mine")).to_have_text("E-mail <b>is odd</b>. E-mail is long.")
    expect(page.get_by_role("textbox")).to_have_accessible_description(
        "We answer there. E-mail <b>is odd</b>. E-mail is long."
    )


def test_an_odd_name_is_a_name(open_page: OpenPage, system: System) -> None:
    page = open_page()
    serve_form(page, system, f'<label>Odd <input name="{escape(AN_ODD_NAME)}" required></label>')

    send(page)
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    page.get_by_label("Odd").fill("Odd as it is.")
    send(page)

    expect(page.get_by_role("status")).to_be_focused()
    assert len(system.stored(**{AN_ODD_NAME: "Odd as it is."})) == 1


def test_the_links_to_the_fields_leave_the_address_as_it_is(
    open_page: OpenPage, system: System
) -> None:
    """On a page with a <base> their fragment would lead elsewhere, and the text be lost."""
    page = open_page()
    serve_form(page, system, '<label>E-mail <input name="email" required></label>')

    send(page)
    page.get_by_role("alert").get_by_role("link").click()

    expect(page.get_by_role("textbox")).to_be_focused()
    assert page.url == f"{system.site}/page.html"


def test_a_refusal_that_is_not_about_a_field_is_told_with_the_request_id(
    open_page: OpenPage, system: System
) -> None:
    page = open_page()
    serve_form(page, system, '<input name="email" value="late@example.com">', form="raffle")

    with page.expect_response(f"{system.api}/f/raffle") as answered:
        send(page)

    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    refusal = answered.value.json()
    for told in ("title", "detail", "request_id"):
        expect(alert).to_contain_text(refusal[told])


def test_a_page_can_go_on_to_where_the_api_says(open_page: OpenPage, system: System) -> None:
    page = open_page()
    serve_form(
        page,
        system,
        '<input type="hidden" name="_next" value="/thanks.html"><input name="email" value="a@b.c">',
        attributes="data-formpost-redirect",
    )

    send(page)

    page.wait_for_url(f"{system.site}/thanks.html")


def test_a_page_can_have_its_own_words(open_page: OpenPage, system: System) -> None:
    page = open_page()
    serve_form(
        page,
        system,
        '<input name="email" value="fr@example.com">',
        attributes='data-formpost-success="Merci !"',
    )

    send(page)

    expect(page.get_by_role("status")).to_contain_text("Merci !")


def test_a_page_can_listen(open_page: OpenPage, system: System) -> None:
    page = open_page()
    serve_form(page, system, '<input name="email" value="events@example.com">')
    answer(page, system, problem(404, title="There is no such form"))
    page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ["formpost:success", "formpost:error"]) {
                document.addEventListener(name, ({type, detail}) => heard.push([type, detail]));
            }
        }"""
    )

    send(page)
    expect(page.get_by_role("alert")).to_be_focused()
    send(page)
    expect(page.get_by_role("status")).to_be_focused()

    (failure, wrong), (success, receipt) = page.evaluate("heard")
    assert (failure, wrong["status"]) == ("formpost:error", 404)
    assert wrong["title"] == "There is no such form"
    [submission] = system.stored(email="events@example.com")
    assert (success, receipt["id"]) == ("formpost:success", submission["id"])
    assert receipt.keys() >= {"form", "received_at", "next"}


def test_the_browser_does_not_check_where_the_page_says_novalidate(
    open_page: OpenPage, system: System
) -> None:
    page = open_page()
    serve_form(page, system, '<input name="email" required>', attributes="novalidate")
    keys = answer(page, system, problem(404))

    send(page)

    expect(page.get_by_role("alert")).to_be_focused()
    assert len(keys) == 1


def test_what_the_page_itself_stops_is_not_sent(open_page: OpenPage, system: System) -> None:
    page = open_page()
    serve_form(page, system, '<input name="email" value="stopped@example.com">')
    keys = answer(page, system, problem(404))

    send(page)
    expect(page.get_by_role("alert")).to_be_focused()
    page.evaluate("document.addEventListener('submit', event => event.preventDefault(), true)")
    send(page)

    # The first thing that sending does is to take the old message away.
    expect(page.get_by_role("alert")).to_be_visible()
    assert len(keys) == 1


def test_a_page_without_https_has_keys_too(open_page: OpenPage, system: System) -> None:
    """crypto.randomUUID is missing there."""
    page = open_page()
    page.add_init_script("delete Crypto.prototype.randomUUID")
    serve_form(page, system, '<input name="email" value="plain@example.com">')
    keys = answer(page, system)

    send(page)

    expect(page.get_by_role("status")).to_be_focused()
    assert len(keys[0]) >= 32


def serve_form(
    page: Page, system: System, inputs: str, *, form: str = "anything", attributes: str = ""
) -> None:
    """Go to a page whose form has these inputs; by default it sends to one that takes anything."""
    action = f"{system.api}/f/{form}"
    serve(
        page,
        system,
        f'<form data-formpost method="post" action="{action}" {attributes}>{inputs}'
        "<button>Send</button></form>",
    )
