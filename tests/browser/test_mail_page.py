"""The mail pages of local mode: for everybody, on every screen, and safe with any mail."""

from __future__ import annotations

from email.message import EmailMessage
from typing import TYPE_CHECKING, Literal, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chalicelib.channels import channel
from chalicelib.config import PROJECT_DIR
from ops.local.mail import MailFolder
from ops.local.site import SiteServer
from tests.browser.test_accessibility import A_LONG_WORD
from tests.builders import ADA, a_notice, a_submission
from tests.fakes import Clock, RecordedOutbound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page

SETTINGS = {"to": ["Ada Lovelace <ada@owner.example>"], "from": "Forms <forms@owner.example>"}
# A mail by somebody who can write HTML there, which no channel of ours lets a visitor do.
SCRIPTED = """
<h1>Scripted</h1>
<script>top.document.title = "taken over"; alert(1)</script>
<img src="http://127.0.0.1:9/pixel.gif" onerror="alert(2)">
<form action="http://127.0.0.1:9/" target="_top"><button>Log in</button></form>
<a href="http://127.0.0.1:9/" target="_top">Click here</a>
"""


class Window(NamedTuple):
    """How somebody looks at a page."""

    scheme: Literal["light", "dark"]
    width: int


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def site(folder: Path) -> Iterator[str]:
    """The address of the site."""
    server = SiteServer(
        "127.0.0.1",
        0,
        site_dir=PROJECT_DIR / "static_site",
        api_address="http://localhost:8000",
        mail_dir=folder,
    )
    server.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(
    params=[Window("light", 1280), Window("light", 360), Window("dark", 360), Window("dark", 1280)],
    ids=lambda window: f"{window.scheme}-{window.width}",
)
def window(request: pytest.FixtureRequest) -> Window:
    chosen: Window = request.param
    return chosen


@pytest.fixture
def page(browser: Browser, site: str, window: Window) -> Iterator[Page]:
    """A window of the site."""
    context = browser.new_context(
        base_url=site,
        color_scheme=window.scheme,
        viewport={"width": window.width, "height": 800},
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(browser: Browser, site: str) -> Iterator[Page]:
    """A window where looks do not matter."""
    context = browser.new_context(base_url=site)
    yield context.new_page()
    context.close()


def mail(folder: Path, minutes: float = 0, subject: str | None = None, **fields: str) -> None:
    """Send the owner's mail about a submission."""
    clock = Clock()
    clock.advance(minutes=minutes)
    mails = MailFolder(folder, now=clock, outbound=RecordedOutbound())
    submission = a_submission(
        minutes=minutes, seed=int(minutes), subject=subject, fields={**ADA, **fields}
    )
    channel("email").send(a_notice("email", SETTINGS, submission=submission), mails)


def none(_folder: Path) -> str:
    """Look before anything was sent."""
    return "/mail/"


def several(folder: Path) -> str:
    """Look at the list."""
    mail(folder)
    mail(folder, minutes=1, subject="<b>Bold</b> \u202eeman")
    mail(folder, minutes=2, subject=A_LONG_WORD)
    return "/mail/"


def one(folder: Path) -> str:
    """Look at a mail."""
    mail(folder)
    [file] = folder.iterdir()
    return f"/mail/{file.stem}"


def long(folder: Path) -> str:
    """Look at a mail that would like to be wider than the screen."""
    mail(folder, subject=A_LONG_WORD, message=f"{A_LONG_WORD}\n" * 30)
    [file] = folder.iterdir()
    return f"/mail/{file.stem}"


def gone(_folder: Path) -> str:
    """Look at a mail that is not there."""
    return "/mail/gone"


@pytest.mark.parametrize(
    "state", [none, several, one, long, gone], ids=lambda state: state.__name__
)
def test_everybody_can_use(
    page: Page,
    folder: Path,
    state: Callable[[Path], str],
    window: Window,
    tmp_path: Path,
) -> None:
    page.goto(state(folder), wait_until="networkidle")
    name = f"{state.__name__}-{window.scheme}-{window.width}.png"
    page.screenshot(path=tmp_path / name, full_page=True)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


def test_colours_are_those_of_the_contact_page(page: Page, folder: Path) -> None:
    style = "getComputedStyle(document.body)"
    colours = f"[{style}.backgroundColor, {style}.color]"
    page.goto("/contact.html")
    expected = page.evaluate(colours)

    page.goto(several(folder))

    assert page.evaluate(colours) == expected


def test_way_from_the_list_to_a_mail_and_its_file(plain_page: Page, folder: Path) -> None:
    mail(folder, message="Please call me about the engine.")
    [file] = folder.iterdir()
    plain_page.goto("/mail/")

    plain_page.get_by_role("link", name="Contact us").click()
    shown = plain_page.frame_locator("iframe").get_by_text("Please call me about the engine.")
    expect(shown).to_be_visible()
    with plain_page.expect_download() as download:
        plain_page.get_by_role("link", name="Download").click()

    assert download.value.suggested_filename == file.name
    assert download.value.path().read_bytes() == file.read_bytes()


def test_mail_with_a_script_can_do_nothing(plain_page: Page, folder: Path, site: str) -> None:
    message = EmailMessage()
    message["Subject"] = "Scripted"
    message.set_content("text")
    message.add_alternative(SCRIPTED, subtype="html")
    folder.mkdir()
    (folder / "scripted.eml").write_bytes(message.as_bytes())
    failures: list[tuple[str, str | None]] = []
    dialogs: list[str] = []
    plain_page.on("requestfailed", lambda request: failures.append((request.url, request.failure)))

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    plain_page.on("dialog", dismiss)

    plain_page.goto("/mail/scripted", wait_until="networkidle")
    frame = plain_page.frame_locator("iframe")
    frame.get_by_role("button").click()
    frame.get_by_role("link").click()
    plain_page.wait_for_load_state("networkidle")

    expect(frame.get_by_role("heading")).to_have_text("Scripted")
    assert plain_page.title() == "Scripted"
    assert plain_page.url == f"{site}/mail/scripted"
    # Nothing was sent there, else the connection would have been refused.
    assert failures == [("http://127.0.0.1:9/pixel.gif", "csp")]
    assert dialogs == []


def test_empty_page_leads_to_the_form(plain_page: Page) -> None:
    plain_page.goto("/mail/")

    plain_page.get_by_role("link", name="contact form").click()

    expect(plain_page.get_by_role("heading")).to_have_text("Contact us")
