"""The form on a page of ours, filled in as it was sent, and what a browser sends of it.

Source: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-form-data-set
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.model import Pair

_CHECKED_TYPES = {"checkbox", "radio"}
_UNSENT_TYPES = {"submit", "button", "reset", "image", "file"}
_TRIMMED_TYPES = {"email", "url"}
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def pairs_sent(html: str) -> list[Pair]:
    """Return what pressing the button of a page's only form sends; empty if it has none."""
    reader = _Reader()
    reader.feed(html)
    return [(name, _LINE_BREAK.sub("\r\n", value)) for name, value in reader.pairs if name]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pairs: list[Pair] = []
        self._is_in_form = False
        self._textarea: str | None = None
        self._select: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_in_form = True
        elif not self._is_in_form:
            return
        elif tag == "textarea":
            self._textarea, self._text = attributes.get("name", ""), ""
        elif tag == "select":
            self._select = attributes.get("name", "")
        elif tag == "option" and "selected" in attributes and self._select is not None:
            self.pairs.append((self._select, attributes["value"]))
        elif tag == "input":
            self._take_input(attributes)

    def _take_input(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "text")
        if kind in _UNSENT_TYPES or (kind in _CHECKED_TYPES and "checked" not in attributes):
            return
        value = attributes.get("value", "on" if kind in _CHECKED_TYPES else "")
        if kind != "hidden" and kind not in _CHECKED_TYPES:
            value = re.sub(r"[\r\n]", "", value)
        if kind in _TRIMMED_TYPES:
            value = value.strip()
        self.pairs.append((attributes.get("name", ""), value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea is not None:
            # The first line break belongs to the tag.
            text = re.sub(r"^(?:\r\n|\r|\n)", "", self._text)
            self.pairs.append((self._textarea, text))
            self._textarea = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._is_in_form = False

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._text += data
