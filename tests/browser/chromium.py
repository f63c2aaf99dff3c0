"""Find the Chromium that the browser tests drive; install one where there is none.

``python -m tests.browser.chromium`` says which one it is. It never means "skip":
without a browser it fails and says what to run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

LAUNCH_ARGUMENTS = (
    # Containers and CI run as root, where Chromium's sandbox refuses to start.
    "--no-sandbox",
    "--disable-gpu",
    # No traffic but the tests' own.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that a test makes up has no address, which Chromium takes for one on the
    # internet; such a page may not send to this machine.
    "--disable-features=LocalNetworkAccessChecks",
)

_COMMANDS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
_VERSION_TIMEOUT_SECONDS = 60
_INSTALL_TIMEOUT_SECONDS = 900
_ADVICE = (
    "The browser tests need Chromium, and there is none that starts. Run one of\n"
    "  sudo apt-get install chromium\n"
    f"  {sys.executable} -m playwright install --with-deps chromium\n"
    "or name one: CHROMIUM=/path/to/chrome make test"
)


class NoBrowserError(Exception):
    """There is no Chromium, and none could be installed."""


class Chromium(NamedTuple):
    """A browser that starts."""

    path: str
    version: str


def main() -> int:
    """Print the browser that the tests use; return the exit code."""
    try:
        browser = provide()
    except NoBrowserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Browser tests use {browser.path} ({browser.version})\n")
    return 0


def provide() -> Chromium:
    """Return a browser, installed if need be.

    Raises:
        NoBrowserError: its message is what a person can run.
    """
    if named := os.environ.get("CHROMIUM"):
        if browser := _started(named):
            return browser
        raise NoBrowserError(f'CHROMIUM is "{named}", which does not start.\n{_ADVICE}')
    browser = _find()
    for command in _installers():
        if browser:
            break
        sys.stderr.write(f"No Chromium yet; trying {' '.join(command)}\n")
        if not _succeeds(command):
            continue
        browser = _find()
    if browser is None:
        raise NoBrowserError(_ADVICE)
    return browser


def _find() -> Chromium | None:
    return next(filter(None, map(_started, _candidates())), None)


def _candidates() -> Iterator[str]:
    yield from filter(None, map(shutil.which, _COMMANDS))
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _started(path: str) -> Chromium | None:
    """Return the browser at a path if it runs: Ubuntu's package may be an empty shell."""
    try:
        answer = subprocess.run(
            [path, "--version"],
            capture_output=True,
            text=True,
            timeout=_VERSION_TIMEOUT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return Chromium(path, answer.stdout.strip())


def _installers() -> Iterator[list[str]]:
    yield [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        yield ["sh", "-c", "apt-get update && apt-get install -y chromium"]


def _succeeds(command: list[str]) -> bool:
    """Run an installer; what it says goes to stderr, so that stdout stays one line."""
    try:
        subprocess.run(command, stdout=sys.stderr, timeout=_INSTALL_TIMEOUT_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
