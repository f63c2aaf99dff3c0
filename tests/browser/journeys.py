"""What a person does in the browser, and what a test watches of it."""

from __future__ import annotations

import base64
import json
import re
from html import escape
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.builders import ADA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from playwright.sync_api import Page, Request, Route

    from tests.browser.conftest import System

_numbers = count(1)


def a_visitor(**changes: str) -> dict[str, str]:
    """Return all seven fields of a visitor whom no other test knows."""
    return {**ADA, "email": f"visitor-{next(_numbers)}@example.com", **changes}


def fill_in(page: Page, fields: Mapping[str, str]) -> None:
    """Type a text into each of the named fields."""
    for name, text in fields.items():
        page.locator(f'[name="{name}"]').fill(text)


def typed(page: Page, names: Mapping[str, str]) -> dict[str, str]:
    """Return what the named fields show now."""
    return {name: page.locator(f'[name="{name}"]').input_value() for name in names}


def send(page: Page) -> None:
    """Press the button."""
    page.locator("form [type=submit], form button:not([type])").click()


def strip_checks(route: Route) -> None:
    """Serve a page whose browser checks nothing, so that the API has to."""
    response = route.fetch()
    page = response.text().replace(" required>", ">").replace('type="email"', 'type="text"')
    route.fulfill(response=response, body=page)


def serve(page: Page, system: System, body: str, *, policy: str | None = None) -> None:
    """Go to a page of the site that only this test has.

    Args:
        page: the window.
        system: whose site it is.
        body: what is on it.
        policy: its Content-Security-Policy; None is that of the site.
    """
    shipped = page.request.get(f"{system.site}/contact.html")
    headers = shipped.headers
    if policy is not None:
        headers["content-security-policy"] = policy
    html = (
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>A page</title>'
        '<link rel="icon" href="/favicon.svg"><script type="module" src="/formpost.js"></script>'
        f"<main><h1>A page</h1>{body}</main></html>"
    )
    page.route(
        f"{system.site}/page.html",
        lambda route: route.fulfill(response=shipped, headers=headers, body=html),
    )
    page.goto("/page.html")


def post(page: Page, system: System, form: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Send any names and values, as a page of the site does without a script."""
    inputs = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in pairs
    )
    address = f"{system.api}/f/{form}"
    serve(page, system, f'<form method="post" action="{address}">{inputs}<button>Send</form>')
    page.get_by_role("button").click()
    page.wait_for_url(address)


def answer(page: Page, system: System, *answers: Callable[[Route], Any]) -> list[str]:
    """Let the API's first answers to posts be these, and the real ones follow.

    Returns:
        The idempotency key of each post so far; grows as more are sent.
    """
    keys: list[str] = []
    queue = list(answers)

    def handle(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        keys.append(key_of(route.request))
        if queue:
            queue.pop(0)(route)
        else:
            route.continue_()

    page.route(f"{system.api}/**", handle)
    return keys


def problem(status: int, *, retry_after: int | None = None, **body: Any) -> Callable[[Route], None]:
    """Return an answer as the API gives it: problem+json that any page may read."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "X-Request-Id,Retry-After",
        "Content-Type": "application/problem+json",
        **({} if retry_after is None else {"Retry-After": str(retry_after)}),
    }
    errors = [{"field": None, "code": "REFUSED", "message": body.get("detail", "No.")}]
    document = {"status": status, "errors": errors, **body}
    return lambda route: route.fulfill(status=status, headers=headers, json=document)


def key_of(request: Request) -> str:
    """Return the idempotency key of a multipart post."""
    key = sent_as(request, "_idempotency_key")
    assert key, "the post has no idempotency key"
    return key


def proof_of(request: Request) -> Any:
    """Return the proof of work of a multipart post as its widget wrote it; None without."""
    payload = sent_as(request, "altcha")
    return json.loads(base64.b64decode(payload)) if payload else None


def sent_as(request: Request, name: str) -> str | None:
    """Return what a multipart post has under a name; None where that is blank or not there."""
    text = (request.post_data_buffer or b"").decode()
    found = re.search(rf'name="{re.escape(name)}"\r\n\r\n([^\r]+)', text)
    return found[1] if found else None
