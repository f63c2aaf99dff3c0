"""What was filled in is random letters, such as xKjHgTrEwQ.

No language is known here but what letters do in all of them: most pairs of letters
stand in many words, and a random word is full of those that stand in nearly none.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from chalicelib.model import Signal
from chalicelib.texts import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# A code, a key or a nickname may look like it in one field, and in hardly any form in two.
POINTS_ONE, POINTS_SEVERAL = 3.0, 4.0
# By its first letter, the second ones of pairs that fewer than one word in a thousand has.
# Counted in the 106,985 names and words of four letters and more in Latin script, accents
# dropped, that the locales of Faker 40.54 have of persons, places, companies, jobs and texts.
# They lack Welsh, where w is a vowel; so it is one here.
_RARE_SECONDS = {
    "b": "cdfgkmpqtvxz",
    "c": "bdfgjmpqsvx",
    "d": "cfgjpqx",
    "e": "q",
    "f": "bcdghjkmnpqvxyz",
    "g": "bcdfjkmpqvxz",
    "h": "bcdfghjkpqsvxz",
    "i": "x",
    "j": "bcfghjlmpqrtvwxyz",
    "k": "bcdfgjmpqvxz",
    "l": "qrx",
    "m": "dfgjkqtvxz",
    "n": "pqx",
    "o": "qx",
    "p": "bcdfgjkmnqvxyz",
    "q": "abcdefghijklmnopqrstvwxyz",
    "r": "qx",
    "s": "jqx",
    "t": "bdfgjpqx",
    "u": "q",
    "v": "bdfghjkmpqtvwxz",
    "w": "jkqvxz",
    "x": "bcdefghjklmnopqrsuvwxyz",
    "y": "fghjpqvwxyz",
    "z": "fghjpqrsx",
}
_RARE = frozenset(first + second for first, seconds in _RARE_SECONDS.items() for second in seconds)
# Of random letters more than a third of the pairs are rare; no word of those counted, but for
# the alphabet itself, has four that make up a quarter.
_MIN_RARE, _MIN_RARE_SHARE = 4, 1 / 4
# A capital inside a word counts as much as a rare pair, as random letters are of either case.
# "getElementById" and "DeAndre" have some, so there is more to prove.
_MIN_ODD, _MIN_ODD_SHARE, _MIN_RARE_BESIDE = 5, 1 / 3, 2
# Shorter ones are initials, units, names of files.
_MIN_WORD_LENGTH = 8
# A longer word is no word at all, and costs no more.
_MAX_WORD_LENGTH = 60
# A value is judged by its first words: those that are random throughout begin at once.
_WORDS_READ, _LENGTH_READ = 6, 200
_MIN_SHARE_OF_LETTERS = 3 / 4
_SHOWN_LENGTH = 40
# One class, one repeat: nothing to go back to.
_WORD = re.compile(r"\w+")


def check(submission: Submission, _form: Form, _context: Context) -> Signal | None:
    """Count the values that are random letters."""
    found = list(islice(_random_values(submission), 2))
    if not found:
        return None
    points = POINTS_ONE if len(found) == 1 else POINTS_SEVERAL
    shown = " and ".join(f'"{shortened(value, _SHOWN_LENGTH)}"' for value in found)
    return Signal("gibberish", points, f"random letters: {shown}")


def _random_values(submission: Submission) -> Iterable[str]:
    for answer in submission.answers:
        for value in answer.values:
            if _is_random(value[:_LENGTH_READ]):
                yield value


def _is_random(value: str) -> bool:
    """Whether most letters of the first words are random; a code beside words is not."""
    if len(value) < _MIN_WORD_LENGTH or "@" in value:
        return False
    words = _WORD.findall(value)[:_WORDS_READ]
    least = _MIN_SHARE_OF_LETTERS * sum(map(len, words))
    long = [word for word in words if len(word) >= _MIN_WORD_LENGTH]
    # Of prose, not so many letters are in long words; most texts are done with here.
    if not long or sum(map(len, long)) < least:
        return False
    return sum(len(word) for word in long if _is_random_word(word[:_MAX_WORD_LENGTH])) >= least


def _is_random_word(word: str) -> bool:
    # In capitals throughout are codes, of coupons and of stations.
    if not word.isascii() or not word.isalpha() or word.isupper():
        return False
    length = len(word)
    small = word.lower()
    rare = sum(first + second in _RARE for first, second in pairwise(small))
    if rare >= max(_MIN_RARE, _MIN_RARE_SHARE * length):
        return True
    humps = sum(a.islower() and b.isupper() for a, b in pairwise(word))
    return rare >= _MIN_RARE_BESIDE and rare + humps >= max(_MIN_ODD, _MIN_ODD_SHARE * length)
