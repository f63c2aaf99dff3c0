"""Find words in submissions, whatever their case and accents."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from chalicelib.model import reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.model import Submission

# Until there, it is quicker to replace each than to look up all that a text has.
_FEW_CHANGED = 50


def words(query: str) -> tuple[str, ...]:
    """Return what to look for, folded."""
    return tuple(folded(query).split())


def has_words(submission: Submission, wanted: Sequence[str]) -> bool:
    """Whether every word stands in some value, also within a longer word.

    Names of fields do not count: they are the same in every submission of a form.
    """
    missing = set(wanted)
    for text in _texts(submission):
        if not missing:
            break
        there = folded(text)
        missing = {word for word in missing if word not in there}
    return not missing


def folded(text: str) -> str:
    """Return a text without case and accents, e.g. ``STRASSE uber`` for ``Straße ÜBER``.

    Source: Unicode 15, section 3.13 (caseless matching); marks are dropped on top of it.
    """
    if text.isascii():
        return text.lower()
    # A text has few characters that differ, and each is folded by itself.
    folded_by_character = {character: _folded(character) for character in set(text)}
    changed = [pair for pair in folded_by_character.items() if pair[0] != pair[1]]
    if len(changed) > _FEW_CHANGED:
        return "".join(map(folded_by_character.__getitem__, text))
    for character, instead in changed:
        text = text.replace(character, instead)
    return text


# More than all alphabets have together; a text in Chinese has some more.
@lru_cache(maxsize=4_000)
def _folded(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def _texts(submission: Submission) -> Iterator[str]:
    # The id in the link of a notice, and the reference that a visitor reads out.
    yield submission.id
    yield reference(submission.id)
    for text in (submission.subject, submission.reply_to):
        if text is not None:
            yield text
    for answer in submission.answers:
        yield from answer.values
