"""The whole local system, and browser windows that look at it.

Nothing here is a stand-in: the site, the API and the store are what ``make run``
starts. A test that needs the network to fail routes the one request it is about.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect, sync_playwright

from chalicelib.config import PROJECT_DIR
from tests.browser import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page

START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 20
POLL_INTERVAL_SECONDS = 0.05
# Slower than any step of a person's journey should be, even on a busy machine.
EXPECT_TIMEOUT_MS = 15_000

# Beside the shipped forms: one that takes anything, one with every kind of input, one that is
# closed, and one that tells its owner.
MORE_FORMS = """
[anything]

[survey]
title = "Survey"
fields = [
    { name = "name", required = true },
    { name = "age", type = "number" },
    { name = "day", type = "date" },
    { name = "site", type = "url" },
    { name = "size", type = "select", choices = ["small", "large"] },
    { name = "topping", type = "checkbox", choices = ["ham", "egg"], multiple = true },
    { name = "agree", label = "I agree", type = "checkbox", required = true },
    { name = "remarks" },
]

[raffle]
closed = true

[told.notify.email]
to = ["owner@example.com"]
from = "Forms <forms@example.com>"
"""


@dataclass(frozen=True)
class System:
    """The running system."""

    site: str
    api: str
    env: Mapping[str, str] = field(repr=False)

    def stored(self, **fields: str) -> list[dict[str, Any]]:
        """Return what the owner's command lists, newest first, where these fields are so."""
        listing = subprocess.run(
            [sys.executable, "-m", "ops", "submissions", "list", "--json"],
            cwd=PROJECT_DIR,
            env=self.env,
            capture_output=True,
            check=True,
        )
        return [each for each in json.loads(listing.stdout) if fields.items() <= _texts(each)]


class OpenPage(Protocol):
    """Opens one browser window of its own."""

    def __call__(self, url: str = "/contact.html", *, script: bool = True, **how: Any) -> Page:
        """Return the window with a path of the site, or a URL, loaded.

        Args:
            url: what to load.
            script: whether JavaScript is on.
            how: what else Playwright's ``new_context`` takes.
        """


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("system")
    forms = folder / "forms.toml"
    shipped = (PROJECT_DIR / "chalicelib" / "forms.toml").read_text("utf-8")
    forms.write_text(shipped + MORE_FORMS, "utf-8")
    with _free_ports(2) as (api_port, site_port):
        ports = {"API_PORT": str(api_port), "SITE_PORT": str(site_port)}
    env = {
        **os.environ,
        **ports,
        "FORMPOST_DATA_DIR": str(folder / "data"),
        "FORMPOST_FORMS": str(forms),
    }
    site, api = f"http://localhost:{site_port}", f"http://localhost:{api_port}"
    with _running(env, folder / "log.txt") as process:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        for url in (f"{api}/health", f"{site}/contact.html"):
            _wait_until_answered(url, process, folder / "log.txt", deadline)
        yield System(site, api, env)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = chromium.provide()
    expect.set_options(timeout=EXPECT_TIMEOUT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.path, args=list(chromium.LAUNCH_ARGUMENTS)
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, system: System) -> Iterator[OpenPage]:
    """Open windows; afterwards none of them may have complained in its console."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # That an answer was not 2xx is what many journeys here are about; ALTCHA's widget says
        # it once more.
        is_expected = re.search(r"Failed to load|ALTCHA.* verification failed", message.text)
        if message.type in ("error", "warning") and not is_expected:
            complaints.append(message.text)

    with ExitStack() as windows:

        def open_page(url: str = "/contact.html", *, script: bool = True, **how: Any) -> Page:
            context = browser.new_context(base_url=system.site, java_script_enabled=script, **how)
            windows.callback(context.close)
            page = context.new_page()
            page.on("console", listen)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(url)
            return page

        yield open_page
    assert complaints == []


@contextmanager
def _free_ports(count: int) -> Iterator[list[int]]:
    """Hold ports until all are chosen, so that no two are the same."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        yield [each.getsockname()[1] for each in sockets]


@contextmanager
def _running(env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-m", "ops", "run"],
            cwd=PROJECT_DIR,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _wait_until_answered(
    url: str, process: subprocess.Popen[bytes], log: Path, deadline: float
) -> None:
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=1):  # noqa: S310  our own http address
                return
        except (URLError, OSError):
            time.sleep(POLL_INTERVAL_SECONDS)
    pytest.fail(f"{url} does not answer; the system says:\n{log.read_text('utf-8')}")


def _texts(submission: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return the fields that have one value."""
    return {(name, text) for name, text in submission["fields"].items() if isinstance(text, str)}
