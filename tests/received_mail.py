"""Read a mail as its receiver does, after what every mail on the wire must hold to."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from email.message import EmailMessage

# RFC 5322, 2.1.1
MAX_LINE_BYTES = 998
# Of MIME: what describes the parts, not the mail.
PART_HEADERS = {"Content-Type", "MIME-Version"}
_VOID = frozenset({"br", "meta"})


class Element(NamedTuple):
    """One element of a page as it opens."""

    tag: str
    attributes: dict[str, str | None]


class ReceivedMail(NamedTuple):
    """A mail and its two parts, decoded, with plain newlines."""

    headers: EmailMessage
    text: str
    html: str

    @property
    def header_names(self) -> set[str]:
        """Every header but MIME's; fails if one stands there twice."""
        names = [name for name in self.headers if name not in PART_HEADERS]
        assert len(names) == len(set(names))
        return set(names)

    @property
    def page(self) -> ReadPage:
        """What a browser makes of the HTML part."""
        return ReadPage(self.html)


class ReadPage(HTMLParser):
    """A page as its elements and the text in them; a line break is a newline."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def texts_in(self, tag: str) -> list[str]:
        """Return what stands in each element of this kind, e.g. in each ``dd``."""
        return [text for name, text in self.texts if name == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))
        if tag == "br":
            self.handle_data("\n")
        if tag not in _VOID:
            self._open.append((tag, []))

    def handle_endtag(self, tag: str) -> None:
        name, pieces = self._open.pop()
        assert name == tag
        self.texts.append((tag, "".join(pieces)))

    def handle_data(self, data: str) -> None:
        for _, pieces in self._open:
            pieces.append(data)


def receive(message: EmailMessage) -> ReceivedMail:
    """Return a mail as it arrives; fails if a server or a reader could stumble over it."""
    sent = message.as_bytes()
    assert sent.isascii()
    lines = sent.split(b"\r\n")
    assert not [line for line in lines if b"\r" in line or b"\n" in line or b"\0" in line]
    assert max(map(len, lines)) <= MAX_LINE_BYTES

    received = message_from_bytes(sent, policy=default)
    for part in received.walk():
        assert part.defects == []
        assert [header for header in part.values() if header.defects] == []
    assert received.get_content_type() == "multipart/alternative"
    text, html = received.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert html.get_content_type() == "text/html"
    return ReceivedMail(
        received,
        text.get_content().replace("\r\n", "\n"),
        html.get_content().replace("\r\n", "\n"),
    )
