"""The text has a word or phrase that the form's owner has blocked."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from chalicelib.model import Signal
from chalicelib.search import folded
from chalicelib.texts import shortened

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# The owner has said that it is spam: enough alone. A weight below 1 makes it a hint.
POINTS = 5.0
_SHOWN_WORDS = 3
_SHOWN_LENGTH = 40
# More lists than anybody has forms.
_KEPT_LISTS = 100


def check(_submission: Submission, form: Form, context: Context) -> Signal | None:
    """Look for each as a whole word, whatever case and accents."""
    blocked = form.spam.blocked_words
    if not blocked:
        return None
    text = context.reading.unaccented
    there = [
        word
        for word, to_find in zip(blocked, _folded(blocked), strict=True)
        if _has_word(text, to_find)
    ]
    if not there:
        return None
    shown = ", ".join(f'"{shortened(word, _SHOWN_LENGTH)}"' for word in there[:_SHOWN_WORDS])
    more = f" and {len(there) - _SHOWN_WORDS} more" if len(there) > _SHOWN_WORDS else ""
    return Signal("blocked_words", POINTS, f"blocked by the owner: {shown}{more}")


@lru_cache(maxsize=_KEPT_LISTS)
def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(folded(word).split()) for word in words)


def _has_word(text: str, word: str) -> bool:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if _is_edge(text[at - 1 : at], word[0]) and _is_edge(text[end : end + 1], word[-1]):
            return True
        at = text.find(word, end)
    return False


def _is_edge(outside: str, inside: str) -> bool:
    """Whether a word begins or ends between these two characters."""
    return not (outside.isalnum() and inside.isalnum()) or bool(_without_blanks().match(inside))


@cache
def _without_blanks() -> re.Pattern[str]:
    """Find a letter of a script in which nothing stands between words.

    Thai and Lao, Chinese, Japanese, and Korean in its parts, where particles follow a word.
    To compile so wide a range takes 2 ms, which a form without blocked words is spared.
    """
    return re.compile("[\u0e00-\u0eff\u1100-\u11ff\u2e80-\u9fff\uf900-\uffef]")
