"""The mail pages: everything in a mail is text there, and no path leads out of the folder."""

from __future__ import annotations

from email.message import EmailMessage
from html.parser import HTMLParser
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest

from chalicelib.channels import channel
from chalicelib.forms import load_forms
from ops.local.mail import MailFolder
from ops.local.mail_page import EXAMPLE, MAX_LISTED, MailPages
from tests.builders import a_form, a_notice, a_submission
from tests.fakes import Clock, RecordedOutbound

if TYPE_CHECKING:
    from pathlib import Path

    from ops.local.mail_page import PageAnswer

HOSTILE = "<script>alert(1)</script> &amp; \"'"


class Page(HTMLParser):
    """What a page shows, and which elements it has."""

    def __init__(self, answer: PageAnswer | None) -> None:
        super().__init__()
        assert answer
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        self.status = answer.status
        self.text = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(answer.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def links(self) -> list[str]:
        return [str(attributes["href"]) for tag, attributes in self.elements if tag == "a"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def pages(folder: Path) -> MailPages:
    return MailPages(folder)


def send(folder: Path, minutes: float = 0, text: str = "Hello", subject: str | None = None) -> str:
    """Send the owner's mail about a submission; return the name of its file."""
    clock = Clock()
    clock.advance(minutes=minutes)
    mails = MailFolder(folder, now=clock, outbound=RecordedOutbound())
    submission = a_submission(
        seed=int(minutes), fields={"email": "ada@example.com", "message": text}, subject=subject
    )
    settings = {"to": ["Öwner <owner@example.com>"], "from": "Forms <forms@example.com>"}
    notice = a_notice("email", settings, submission=submission, form=a_form(title="Contact us"))
    sent = channel("email").send(notice, mails)
    return sent.outcome.rpartition("/")[2].removesuffix(".eml")


def write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)


def test_newest_mail_is_first(folder: Path, pages: MailPages) -> None:
    first, second = send(folder), send(folder, minutes=1)

    page = Page(pages.answer("/mail/"))

    assert page.links == [f"/mail/{second}", f"/mail/{first}"]
    assert "Contact us" in page.text
    assert "Öwner <owner@example.com>" in page.text
    assert "Forms <forms@example.com>" in page.text


def test_empty_list_says_how_to_get_a_mail(pages: MailPages, tmp_path: Path) -> None:
    page = Page(pages.answer("/mail/"))
    forms = tmp_path / "forms.toml"
    forms.write_text(f"[contact]\n{EXAMPLE}")

    assert "No mail yet" in page.text
    assert EXAMPLE in page.text
    assert [target.channel for target in load_forms(forms)["contact"].targets] == ["email"]
    assert page.links == ["/contact.html"]


def test_long_list_ends_and_says_so(folder: Path, pages: MailPages) -> None:
    for number in range(MAX_LISTED + 3):
        write(folder, f"{number:04}.eml", b"Subject: one of many\n\n")

    page = Page(pages.answer("/mail/"))

    assert len(page.links) == MAX_LISTED
    assert page.links[0] == f"/mail/{MAX_LISTED + 2:04}"
    assert "3 older ones" in page.text


def test_mail_is_shown_with_its_headers_and_both_parts(folder: Path, pages: MailPages) -> None:
    name = send(folder, text="Please call me.")

    page = Page(pages.answer(f"/mail/{name}"))

    for shown in (
        "Forms <forms@example.com>",
        "Öwner <owner@example.com>",
        "ada@example.com",
        "Mon, 23 Nov 2026 12:00:00 +0000",
        "Please call me.",
    ):
        assert shown in page.text
    [frame] = [attributes for tag, attributes in page.elements if tag == "iframe"]
    assert frame["src"] == f"/mail/{name}.html"
    assert frame["sandbox"] is None
    assert page.links == ["/mail/", f"/mail/{name}.eml"]


@pytest.mark.parametrize("path", ["/mail/", "/mail/{name}"])
def test_hostile_text_is_text(folder: Path, pages: MailPages, path: str) -> None:
    name = send(folder, text=HOSTILE, subject=HOSTILE)

    page = Page(pages.answer(path.format(name=name)))

    assert HOSTILE in page.text
    assert "script" not in {tag for tag, _ in page.elements}


def test_long_subject_in_any_script_is_shown_as_it_was_sent(folder: Path, pages: MailPages) -> None:
    """In the file it is many encoded words; python/cpython#92081 lost blanks between them."""
    subject = (
        "Grüße an alle, die hier im schönen Österreich wohnen; 日本語 も 書けます, и по-русски тоже"
    )
    name = send(folder, subject=subject)

    assert subject in Page(pages.answer("/mail/")).text
    assert subject in Page(pages.answer(f"/mail/{name}")).text


def test_html_part_may_do_nothing_but_be_looked_at(folder: Path, pages: MailPages) -> None:
    name = send(folder, text=HOSTILE)

    answer = pages.answer(f"/mail/{name}.html")

    assert answer
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"].split("; ") == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "sandbox",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    ]
    assert b"&lt;script&gt;" in answer.content


def test_html_part_is_shown_as_it_is_and_trusted_with_nothing(
    folder: Path, pages: MailPages
) -> None:
    """The policy, not the channel that escapes, keeps a mail's script from running."""
    message = EmailMessage()
    message.set_content("text")
    message.add_alternative("<script>alert(1)</script>", subtype="html")
    write(folder, "evil.eml", message.as_bytes())

    answer = pages.answer("/mail/evil.html")

    assert answer
    assert answer.content.strip() == b"<script>alert(1)</script>"
    assert "sandbox" in answer.headers["Content-Security-Policy"].split("; ")


def test_download_is_the_file(folder: Path, pages: MailPages) -> None:
    name = send(folder)

    answer = pages.answer(f"/mail/{name}.eml")

    assert answer
    assert answer.content == (folder / f"{name}.eml").read_bytes()
    assert answer.headers == {
        "Content-Type": "message/rfc822",
        "Content-Disposition": f'attachment; filename="{name}.eml"',
    }


def test_mail_without_html_has_no_frame(folder: Path, pages: MailPages) -> None:
    write(folder, "plain.eml", b"Subject: plain\n\nOnly text\n")

    page = Page(pages.answer("/mail/plain"))

    assert "Only text" in page.text
    assert "iframe" not in {tag for tag, _ in page.elements}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: \xff\n\n\xff",
        b"no header",
        # Python's own parser raises IndexError, LookupError and ValueError for these.
        b"From: <\r<>>>\n\n",
        b"Content-Type: text/plain; charset=nope\n\nx\xff",
        b'Content-Type: text/plain; charset="\x00"\n\nx',
    ],
)
def test_file_that_is_no_mail_does_not_hide_the_others(
    folder: Path, pages: MailPages, content: bytes
) -> None:
    write(folder, "a.eml", b"Subject: fine\n\n")
    write(folder, "broken.eml", content)

    page = Page(pages.answer("/mail/"))

    assert page.links == ["/mail/broken", "/mail/a"]
    assert "fine" in page.text
    assert Page(pages.answer("/mail/broken")).status == HTTPStatus.OK


@pytest.mark.parametrize(
    "path",
    [
        "/mail/../secret",
        "/mail/..%2fsecret",
        "/mail/%2e%2e/secret.eml",
        "/mail//etc/passwd",
        "/mail/mail.new",
        "/mail/nothing",
        "/mail/nothing.html",
        "/mail/a/b",
        "/mail/.eml",
        "/mail/a.eml%00",
        "/mail/a.eml\n",
    ],
)
def test_nothing_but_mails_of_the_folder_is_served(
    folder: Path, pages: MailPages, path: str
) -> None:
    write(folder, "mail.new", b"half a mail")
    write(folder.parent, "secret.eml", b"Subject: secret\n\n")

    page = Page(pages.answer(path))

    assert page.status == HTTPStatus.NOT_FOUND
    assert page.links == ["/mail/"]


def test_folder_s_address_works_without_its_slash(pages: MailPages) -> None:
    answer = pages.answer("/mail")

    assert answer
    assert (answer.status, answer.headers) == (HTTPStatus.FOUND, {"Location": "/mail/"})


@pytest.mark.parametrize("path", ["/contact.html", "/mailing.html", "/"])
def test_other_pages_are_the_site_s(pages: MailPages, path: str) -> None:
    assert pages.answer(path) is None
