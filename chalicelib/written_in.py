"""Tell what a text is written in, where it is long enough to be sure.

By its letters, if no other language has them; else by words that stand in every text of a
language. What cannot be told for sure is not guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from itertools import chain
from string import ascii_letters
from typing import TYPE_CHECKING

from chalicelib.languages import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Collection

# Of a text so much is read, characters: enough to be sure.
SAMPLE_LENGTH = 400
# Fewer letters are a name, a street. A character of Chinese is nearly a word.
_MIN_LETTERS = 40
_MIN_CHARACTERS = 15
_WORDLIKE_SCRIPTS = frozenset({"Han", "Kana", "Hangul"})
_MIN_SCRIPT_SHARE = 0.7
# A Japanese text has more of its own syllables than a Chinese one that quotes some.
_MIN_KANA_SHARE = 0.1
# Of running text, every third word or more is one of those above; of a list of names none is.
_MIN_WORDS, _MIN_HITS, _MIN_HIT_SHARE = 12, 5, 0.15
# Neighbours share words: it is another language only if it has more than twice as many.
_MAX_SHARE_OF_HITS = 0.5
# Which of two neighbours it is, nobody can tell who counts words.
_MIN_SHARE_TO_NAME = 0.8
# The first and the last character of blocks of letters.
# Source: https://www.unicode.org/Public/15.1.0/ucd/Blocks.txt
_BLOCKS = (
    ("Latin", "\u0000", "\u024f"),
    ("Greek", "\u0370", "\u03ff"),
    ("Cyrillic", "\u0400", "\u052f"),
    ("Armenian", "\u0530", "\u058f"),
    ("Hebrew", "\u0590", "\u05ff"),
    ("Arabic", "\u0600", "\u06ff"),
    ("Devanagari", "\u0900", "\u097f"),
    ("Bengali", "\u0980", "\u09ff"),
    ("Thai", "\u0e00", "\u0e7f"),
    ("Georgian", "\u10a0", "\u10ff"),
    ("Hangul", "\u1100", "\u11ff"),
    ("Latin", "\u1e00", "\u1eff"),
    ("Kana", "\u3040", "\u30ff"),
    ("Han", "\u4e00", "\u9fff"),
    ("Hangul", "\uac00", "\ud7a3"),
)
# One class, one repeat: nothing to go back to.
_WORD = re.compile(r"\w+")


def unexpected(text: str, expected: Collection[str]) -> str | None:
    """Return what a text is written in, if it is for sure none of the expected languages.

    Args:
        text: of which the beginning is read.
        expected: ISO 639-1 codes, e.g. ``{"en", "de"}``; each one of ``BY_CODE``.

    Returns:
        In words for the owner, e.g. ``Russian``, ``Danish or Norwegian``, ``Cyrillic letters``.
    """
    sample = text[:SAMPLE_LENGTH]
    script = _script(sample)
    if script is None:
        return None
    scripts = {BY_CODE[code].script for code in expected}
    if script not in scripts:
        return _told(sample, script)
    return _unexpected_by_words(sample, script, expected)


def _told(sample: str, script: str) -> str:
    """Return the language of a text in letters that none of the expected ones has."""
    languages = [language for language in BY_CODE.values() if language.script == script]
    if len(languages) == 1:
        return languages[0].name
    return _unexpected_by_words(sample, script, ()) or f"{script} letters"


def _unexpected_by_words(sample: str, script: str, expected: Collection[str]) -> str | None:
    words = _WORD.findall(sample.casefold())
    if len(words) < _MIN_WORDS:
        return None
    codes_by_word = _codes_by_word(script)
    hits = Counter(chain.from_iterable(filter(None, map(codes_by_word.get, words))))
    most = max(hits.values(), default=0)
    if most < _MIN_HITS or most < _MIN_HIT_SHARE * len(words):
        return None
    if max((hits[code] for code in expected), default=0) > _MAX_SHARE_OF_HITS * most:
        return None
    near = sorted(code for code, count in hits.items() if count >= _MIN_SHARE_TO_NAME * most)
    return " or ".join(BY_CODE[code].name for code in near)


@cache
def _codes_by_word(script: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, language in BY_CODE.items():
        for word in set(language.words.split()) if language.script == script else ():
            found[word] = (*found.get(word, ()), code)
    return found


def _script(sample: str) -> str | None:
    """Return what most letters of a text are of; None where they are few or mixed."""
    letters = _letters_by_script(sample)
    script, most = max(letters.items(), key=lambda count: count[1], default=("", 0))
    if script == "Han" and letters["Kana"] >= _MIN_KANA_SHARE * most:
        script = "Kana"
    if script == "Kana":
        most = letters["Kana"] + letters["Han"]
    least = _MIN_CHARACTERS if script in _WORDLIKE_SCRIPTS else _MIN_LETTERS
    return script if most >= max(least, _MIN_SCRIPT_SHARE * letters.total()) else None


def _letters_by_script(sample: str) -> Counter[str]:
    if sample.isascii():
        others = sample.encode().translate(None, ascii_letters.encode())
        return Counter(Latin=len(sample) - len(others))
    counts: Counter[str] = Counter()
    for character, count in Counter(sample).items():
        if character.isalpha():
            counts[_script_of(character)] += count
    return counts


# As many as a text and its neighbours have, in any script but Chinese.
@lru_cache(maxsize=4_000)
def _script_of(character: str) -> str:
    return next(
        (script for script, first, last in _BLOCKS if first <= character <= last), "another"
    )
