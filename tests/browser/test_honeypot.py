"""No person falls into the decoy: not by keyboard, screen reader, autofill or password manager."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chalicelib.config import PROJECT_DIR
from tests.browser.journeys import a_visitor, fill_in, send, serve

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import OpenPage, System

# A visitor's address as Chromium keeps it, with more than any form here asks for.
ADDRESS = {
    "NAME_FULL": "Ada Lovelace",
    "NAME_FIRST": "Ada",
    "NAME_LAST": "Lovelace",
    "EMAIL_ADDRESS": "ada@example.com",
    "PHONE_HOME_WHOLE_NUMBER": "+442079460958",
    "COMPANY_NAME": "Analytical Engines",
    "ADDRESS_HOME_LINE1": "12 St James's Square",
    "ADDRESS_HOME_CITY": "London",
    "ADDRESS_HOME_ZIP": "SW1Y 4JH",
    "ADDRESS_HOME_COUNTRY": "GB",
}
# What each password manager's makers ask a page to write at inputs that are not its business.
OPT_OUTS = {
    "data-1p-ignore": "",
    "data-lpignore": "true",
    "data-bwignore": "",
    "data-form-type": "other",
}


def documented_decoy() -> str:
    """Return the HTML that docs/forms.md tells owners to paste."""
    text = (PROJECT_DIR / "docs" / "forms.md").read_text("utf-8")
    [html] = re.findall(r"(?s)```html\n(<div[^`]*_gotcha.*?)```", text)
    assert isinstance(html, str)
    return html


def a_form(system: System, decoy: str) -> str:
    """Return a form that leaves it to the browser to find out what its inputs are for."""
    labels = ("First name", "Last name", "E-mail", "Phone", "Company")
    inputs = "".join(
        f'<p><label for="f{number}">{label}</label><input id="f{number}" name="f{number}"></p>'
        for number, label in enumerate(labels)
    )
    action = f"{system.api}/f/anything"
    return f'<form method="post" action="{action}">{inputs}{decoy}<button>Send</button></form>'


@pytest.fixture(params=["contact page", "pasted"])
def page(request: pytest.FixtureRequest, open_page: OpenPage, system: System) -> Page:
    """A page with a decoy: ours, or an owner's with what the docs show."""
    page = open_page()
    if request.param == "pasted":
        # Its style is in the page, which the policy of our site forbids.
        serve(page, system, a_form(system, documented_decoy()), policy="")
    return page


def test_it_is_not_seen_but_not_hidden_either(page: Page) -> None:
    """Programs that look for what is hidden by style would leave it out."""
    decoy = page.locator("[name=_gotcha]")

    expect(decoy).not_to_be_in_viewport()
    expect(decoy).to_be_visible()


def test_the_keyboard_never_reaches_it(page: Page) -> None:
    page.locator("input").first.focus()
    stops = page.locator("input, textarea, button").count()

    reached = []
    for key in ["Tab"] * stops + ["Shift+Tab"] * 2 * stops:
        page.keyboard.press(key)
        reached.append(page.evaluate("document.activeElement.name"))

    assert "_gotcha" not in reached
    others = (
        page.locator("form").locator("input:not([name=_gotcha], [type=hidden]), textarea").all()
    )
    assert {other.get_attribute("name") for other in others} <= set(reached)


def test_no_screen_reader_is_told_of_it(page: Page) -> None:
    """By the tree that Chromium hands to assistive technology."""
    devtools = page.context.new_cdp_session(page)

    def told(element: Locator) -> bool:
        nodes = devtools.send("Accessibility.getPartialAXTree", {"objectId": object_id(element)})
        return not nodes["nodes"][0]["ignored"]

    def object_id(element: Locator) -> str:
        name = element.get_attribute("name")
        expression = f"document.querySelector('[name={name}]')"
        found = devtools.send("Runtime.evaluate", {"expression": expression})
        return str(found["result"]["objectId"])

    assert not told(page.locator("[name=_gotcha]"))
    assert told(page.locator("input").first)
    assert "Leave this empty" not in page.locator("body").aria_snapshot()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_browser_s_autofill_leaves_it_empty(page: Page) -> None:
    filled = autofill(page)

    assert {"Ada", "Lovelace", "ada@example.com", "Analytical Engines"} <= set(filled.values())
    assert filled["_gotcha"] == ""


def test_autofill_would_fill_in_one_that_is_badly_named(
    open_page: OpenPage, system: System
) -> None:
    """So the tests above can tell: Chromium does not heed autocomplete="off" here."""
    page = open_page()
    badly_named = documented_decoy().replace("Leave this empty", "City").replace("_gotcha", "city")
    serve(page, system, a_form(system, badly_named), policy="")

    assert autofill(page)["city"] == "London"


def test_password_managers_are_told_to_leave_it_alone(page: Page) -> None:
    decoy = page.locator("[name=_gotcha]")

    expect(decoy).to_have_attribute("autocomplete", "off")
    for name, value in OPT_OUTS.items():
        expect(decoy).to_have_attribute(name, value)


def test_what_is_filled_in_by_autofill_is_no_spam(open_page: OpenPage, system: System) -> None:
    visitor = a_visitor()
    page = open_page()
    autofill(page)
    fill_in(page, {"email": visitor["email"]})

    send(page)

    expect(page.get_by_role("status")).to_be_focused()
    [submission] = system.stored(email=visitor["email"])
    assert submission["folder"] == "inbox"
    assert "honeypot" not in {signal["check"] for signal in submission["spam"]["signals"]}


def autofill(page: Page) -> dict[str, str]:
    """Let Chromium fill in the form, as it does when its visitor takes a suggestion.

    Returns:
        What is in each input afterwards.
    """
    devtools = page.context.new_cdp_session(page)
    devtools.send("Autofill.enable")
    address = {"fields": [{"name": name, "value": value} for name, value in ADDRESS.items()]}
    devtools.send("Autofill.setAddresses", {"addresses": [address]})
    first = page.locator("form input").first
    first.click()
    found = devtools.send("Runtime.evaluate", {"expression": "document.activeElement"})
    node = devtools.send("DOM.describeNode", {"objectId": found["result"]["objectId"]})["node"]
    devtools.send("Autofill.trigger", {"fieldId": node["backendNodeId"], "address": address})
    expect(first).to_have_value("Ada")
    filled: dict[str, str] = page.locator("form").evaluate(
        "form => Object.fromEntries(new FormData(form))"
    )
    return filled
