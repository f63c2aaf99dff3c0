"""The inbox page as the deployed site serves it, and a stand-in of the API it talks to."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from playwright.sync_api import expect

from chalicelib.config import PROJECT_DIR
from ops.local.site import SiteServer
from tests.browser.inbox.api import InboxApi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, Route

SIGN_IN = "#token=fpt_write"
READ_ONLY = "#token=fpt_read"


class OpenInbox(Protocol):
    """Opens one browser window of its own."""

    def __call__(self, fragment: str = SIGN_IN, **how: Any) -> Page:
        """Return the window with the inbox loaded; signed in unless the fragment says otherwise.

        Args:
            fragment: of the address.
            how: what else Playwright's ``new_context`` takes.
        """


@pytest.fixture
def api() -> Iterator[InboxApi]:
    api = InboxApi()
    api.start()
    yield api
    api.stop()


@pytest.fixture
def site(api: InboxApi) -> Iterator[str]:
    """Serve the site; return its address."""
    folder = PROJECT_DIR / "static_site"
    server = SiteServer("127.0.0.1", 0, site_dir=folder, api_address=api.address)
    server.start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_inbox(browser: Browser, api: InboxApi, site: str) -> Iterator[OpenInbox]:
    """Open windows; none may complain, open a dialog of the browser, or ask a stranger."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # That an answer was not 2xx is what many journeys here are about.
        if message.type in ("error", "warning") and "Failed to load" not in message.text:
            complaints.append(message.text)

    def watch(request: Request) -> None:
        if not request.url.startswith((f"{site}/", f"{api.address}/", "data:", "blob:")):
            complaints.append(f"asked {request.url}")

    def refuse(dialog: Dialog) -> None:
        complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def serve(route: Route) -> None:
        response = route.fetch()
        headers = {**response.headers, "content-security-policy": deployed_policy(api.address)}
        route.fulfill(response=response, headers=headers)

    with ExitStack() as windows:

        def open_inbox(fragment: str = SIGN_IN, **how: Any) -> Page:
            context = browser.new_context(base_url=site, **how)
            windows.callback(context.close)
            context.route(f"{site}/inbox.html", serve)
            page = context.new_page()
            page.on("console", listen)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("request", watch)
            page.on("dialog", refuse)
            page.goto(f"/inbox.html{fragment}")
            if "token=" in fragment:
                expect(page.locator("#list-status")).to_contain_text("submission")
            return page

        yield open_inbox
    assert complaints == []


def deployed_policy(api_address: str) -> str:
    """Return the deployed site's policy, for an API that is on this machine."""
    resources = json.loads((PROJECT_DIR / ".chalice" / "resources.json").read_text("utf-8"))
    config = resources["Resources"]["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert isinstance(policy, str)
    return policy.replace("https:", api_address)
