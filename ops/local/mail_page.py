"""The mails of local mode in the browser: a list, each mail, and its parts.

A mail carries what strangers typed. Everything of it is text on these pages; its HTML
part is shown in a frame that runs no script, loads nothing and has no access to the
page. A name in a URL has letters, digits and dashes, so no path leads out of the folder.
"""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_bytes
from email.policy import default as modern
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import jinja2

LIST_PATH = "/mail/"
# What the empty page says to write; load_forms takes it.
EXAMPLE = """\
[contact.notify.email]
to = ["you@example.com"]
from = "Contact form <forms@example.com>"
"""
# One screen after the other; reading and showing so many takes a tenth of a second.
MAX_LISTED = 200
HEADERS = ("From", "To", "Reply-To", "Subject", "Date")
_TEMPLATES = Path(__file__).parent / "templates"
_MAIL_PATH = re.compile(r"/mail/(?P<name>[0-9A-Za-z-]+)(?P<part>|\.html|\.eml)")
# What Python's parser meets in headers and charsets that are not as they should be.
_DAMAGE = (LookupError, ValueError, TypeError, AttributeError)
_HTML = {"Content-Type": "text/html; charset=utf-8"}
# Nothing runs, nothing is loaded, and the mail is of no origin, not even this site's.
_FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)


class PageAnswer(NamedTuple):
    """What the site's server sends; these headers win over its own."""

    status: HTTPStatus
    content: bytes
    headers: dict[str, str]


class ListedMail(NamedTuple):
    """One line of the list."""

    name: str
    subject: str
    sender: str
    to: str
    written_at: datetime


class MailPages:
    """The pages about one folder, which need not exist."""

    def __init__(self, mail_dir: Path) -> None:
        self._mail_dir = mail_dir

    def answer(self, path: str) -> PageAnswer | None:
        """Return the answer to a URL's path; None when it is not about mail."""
        if path == LIST_PATH.rstrip("/"):
            return PageAnswer(HTTPStatus.FOUND, b"", {"Location": LIST_PATH})
        if path == LIST_PATH:
            return self._list()
        if path == f"{LIST_PATH}style.css":
            css = {"Content-Type": "text/css; charset=utf-8"}
            return PageAnswer(HTTPStatus.OK, (_TEMPLATES / "mail.css").read_bytes(), css)
        if not path.startswith(LIST_PATH):
            return None
        found = _MAIL_PATH.fullmatch(path)
        file = self._mail_dir / f"{found['name']}.eml" if found else None
        if found is None or file is None or not file.is_file():
            return _page("mail_missing.html", HTTPStatus.NOT_FOUND)
        return _PARTS[found["part"]](file)

    def _list(self) -> PageAnswer:
        # A name begins with its time.
        files = sorted(self._mail_dir.glob("*.eml"), reverse=True)
        return _page(
            "mail_list.html",
            mails=list(_listed(files[:MAX_LISTED])),
            more=max(0, len(files) - MAX_LISTED),
            folder=self._mail_dir,
            example=EXAMPLE,
        )


def _listed(files: list[Path]) -> Iterator[ListedMail]:
    for file in files:
        mail = _read(file)
        yield ListedMail(
            name=file.stem,
            subject=_subject(mail),
            sender=_header(mail, "From"),
            to=_header(mail, "To"),
            written_at=datetime.fromtimestamp(file.stat().st_mtime).astimezone(),
        )


def _mail(file: Path) -> PageAnswer:
    mail = _read(file)
    return _page(
        "mail.html",
        name=file.stem,
        subject=_subject(mail),
        headers=[(name, _header(mail, name)) for name in HEADERS if name in mail],
        has_html=mail.get_body(("html",)) is not None,
        text=_part(mail, "plain"),
    )


def _html_part(file: Path) -> PageAnswer:
    html = _part(_read(file), "html") or ""
    headers = {**_HTML, "Content-Security-Policy": _FRAME_POLICY}
    return PageAnswer(HTTPStatus.OK, html.encode("utf-8", "replace"), headers)


def _download(file: Path) -> PageAnswer:
    disposition = f'attachment; filename="{file.name}"'
    headers = {"Content-Type": "message/rfc822", "Content-Disposition": disposition}
    return PageAnswer(HTTPStatus.OK, file.read_bytes(), headers)


_PARTS = {"": _mail, ".html": _html_part, ".eml": _download}


def _read(file: Path) -> Any:
    return message_from_bytes(file.read_bytes(), policy=modern)


def _subject(mail: Any) -> str:
    return _header(mail, "Subject").strip() or "(no subject)"


def _header(mail: Any, name: str) -> str:
    return _readable(lambda: mail[name] or "")


def _part(mail: Any, subtype: str) -> str | None:
    body = mail.get_body((subtype,))
    return _readable(body.get_content) if body else None


def _readable(read: Callable[[], Any]) -> str:
    """Return a text of a mail; a damaged one, which is none of ours, does not hide the others."""
    try:
        return str(read())
    except _DAMAGE:
        return "(cannot be read)"


def _page(template: str, status: HTTPStatus = HTTPStatus.OK, **told: Any) -> PageAnswer:
    html = _environment().get_template(template).render(told)
    return PageAnswer(status, html.encode("utf-8", "replace"), _HTML.copy())


@cache
def _environment() -> jinja2.Environment:
    # Most starts of local mode end without a look at a mail.
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
