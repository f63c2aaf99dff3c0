"""The text has links in the markup of forums or web pages, or a script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalicelib.model import Signal
from chalicelib.texts import shortened

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# Who writes to a site's owner has no use for a forum's markup.
BBCODE_POINTS = 4.0
# People who report a fault paste the page's source, links and scripts included.
HTML_POINTS = 2.0
_SHOWN_LENGTH = 40
# No repeat without an upper bound, and each begins with what the search can leap to.
# "[link]" is what people write where they mean to put one.
_BBCODE = re.compile(r"\[(?:(?:url|link)=|/(?:url|link|img)\])")
_HTML = (
    re.compile(r"<(?:a\s{1,20}href|script|iframe|object|embed|svg)\b"),
    re.compile(r"javascript:\S"),
    re.compile(r"on(?:error|load|click|mouseover|focus)\s{0,20}="),
)


def check(_submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Name the first piece of either; programs that know neither send both."""
    text = context.reading.folded
    bbcode = _BBCODE.search(text)
    html = next((found for pattern in _HTML if (found := pattern.search(text))), None)
    if not bbcode and not html:
        return None
    points = (BBCODE_POINTS if bbcode else 0.0) + (HTML_POINTS if html else 0.0)
    shown = " and ".join(
        f'"{shortened(text[found.start() :], _SHOWN_LENGTH)}"' for found in (bbcode, html) if found
    )
    return Signal("markup", points, f"markup in the text: {shown}")
