"""Every page in every state: no violation that axe knows, and room enough on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.journeys import a_visitor, answer, fill_in, post, problem, send

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, System

PHONE = {"width": 360, "height": 640}
DESKTOP = {"width": 1280, "height": 800}
A_LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitän" * 20


class Window(NamedTuple):
    """How a visitor looks at a page."""

    scheme: str
    viewport: dict[str, int]


def empty(page: Page, system: System) -> None:
    """Look at the contact page."""


def with_errors(page: Page, system: System) -> None:
    """Send it empty."""
    send(page)
    expect(page.get_by_role("alert")).to_be_focused()


def sent(page: Page, system: System) -> None:
    """Send it."""
    fill_in(page, a_visitor())
    send(page)
    expect(page.get_by_role("status")).to_be_focused()


def failed(page: Page, system: System) -> None:
    """Send it to a store that is away."""
    answer(page, system, problem(503, retry_after=60, title="Away", request_id="r-" * 40))
    fill_in(page, a_visitor())
    send(page)
    expect(page.get_by_role("alert")).to_be_focused()


def thanks(page: Page, system: System) -> None:
    """Arrive where the form leads without a script."""
    page.goto("/thanks.html")


def missing(page: Page, system: System) -> None:
    """Open an address where nothing is."""
    page.goto("/shop/opening-hours")


def api_home(page: Page, system: System) -> None:
    """Look at the API itself."""
    page.goto(system.api)


def api_teaching(page: Page, system: System) -> None:
    """Open a form's address in the browser."""
    page.goto(f"{system.api}/contact")


def api_thanks(page: Page, system: System) -> None:
    """Arrive at the built-in thanks page."""
    page.goto(f"{system.api}/f/contact/thanks?reference=8F3K-2M9Q")


def api_refused(page: Page, system: System) -> None:
    """Send a form that is wrong all over, with more in it than it asks for."""
    wrong = [(name, "x") for name in ("age", "day", "site", "size", "topping")]
    post(page, system, "survey", [*wrong, *hostile_fields(500)])


def api_closed(page: Page, system: System) -> None:
    """Send a form that takes no more: what was typed is there to be copied."""
    post(page, system, "raffle", hostile_fields(10))


def api_unknown(page: Page, system: System) -> None:
    """Go to an address that there is not."""
    page.goto(f"{system.api}/nothing")


def hostile_fields(count: int) -> list[tuple[str, str]]:
    """Return fields that try to break out of the page or its layout."""
    texts = ("<script>alert(1)</script>", A_LONG_WORD, "שלום עולם", "🙂" * 300, "\n" * 50)
    return [(f"{A_LONG_WORD}<i>{number}", texts[number % 5]) for number in range(count)]


WITH_SCRIPT = (empty, with_errors, sent, failed)
WITHOUT_SCRIPT = (
    thanks,
    missing,
    api_home,
    api_teaching,
    api_thanks,
    api_refused,
    api_closed,
    api_unknown,
)


@pytest.mark.parametrize(
    "window",
    [Window("light", DESKTOP), Window("dark", PHONE)],
    ids=lambda window: f"{window.scheme}-{window.viewport['width']}",
)
@pytest.mark.parametrize("state", WITH_SCRIPT + WITHOUT_SCRIPT, ids=lambda state: state.__name__)
def test_everybody_can_use(
    open_page: OpenPage, system: System, state: Callable[[Page, System], None], window: Window
) -> None:
    page = open_page(color_scheme=window.scheme, viewport=window.viewport)
    state(page, system)

    found = Axe().run(page)
    width = page.evaluate("document.documentElement.scrollWidth")

    assert found.violations_count == 0, found.generate_report()
    assert width <= window.viewport["width"]
