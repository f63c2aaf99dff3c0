"""What the owner's moves to and from spam have taught of one form's words.

A naive Bayes score: for each word and each pair of neighbours it is counted in how many marked
submissions of either kind they stood. How far a share of spam is trusted grows with the count
(Robinson's f(w)), and the score is the mean of what all of them say; what was never seen says
nothing. Characters count as well: runs of punctuation, capital letters, and each character of a
script that puts no blanks between words.

Counts are kept by hash, never by word. Two that share a hash share a count; there are so many
places that this is rare. What was learned can be unlearned: counts only add up.

Source: G. Robinson, "A Statistical Approach to the Spam Problem", Linux Journal 107 (2003).
What was tried and measured is in docs/spam.md.
"""

from __future__ import annotations

import math
import re
import zlib
from array import array
from itertools import islice
from operator import itemgetter, neg, xor
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from chalicelib.reading import Reading

# 131,072 places for counts. With half of them, a twentieth less of spam is found.
_PLACE_BITS = 17
_PLACES = 1 << _PLACE_BITS
_MASK = _PLACES - 1
# Of a hash of 32 bits the upper ones, as many as a place has.
_OTHER_END = 32 - _PLACE_BITS
# Two counts of 16 bits a place: of spam in the upper half, of others in the lower.
_WIDTH, _HALF, _MOST = 4, 16, 0xFFFF
_BYTES = _WIDTH * _PLACES
# Before anything is marked, a word stands in a tenth of each kind; one mark outweighs that.
_SHARE_BEFORE, _MARKS_BEFORE = 0.1, 1.0
# So many sightings does a word need for its share to count by half.
_SIGHTINGS_BEFORE = 1.0
# A short text must not be judged by three words: each has so many more that say nothing.
_SILENT = 10
# Above 0, a mean within this says nothing. Both are chosen for few mistakes, see docs/spam.md:
# with 100 points a mean a seventh more spam was found, and two fifths more was mistaken.
_SILENCE = 0.06
_POINTS_A_MEAN = 60.0
MOST_POINTS, LEAST_POINTS = 7.0, -4.0
# With so many marks, of which half are of each kind, points count by half. So with fewer than
# 50 this check alone reaches no threshold of 5.
_MARKS_FOR_HALF = 20
# What marks of one kind alone can do: they do not tell what is normal.
_ONE_KIND = 1 / 7
SHOWN_WORDS = 5
# What is read of a text, at its beginning and its end: characters, and then words. When all of
# each text was read, long ones filled the places, and a third less of spam was found.
_HEAD, _TAIL = 2_000, 500
_FIRST_WORDS, _LAST_WORDS = 400, 100
# One class a branch, so nothing is gone back to. Japanese and Chinese put no blanks between
# words, and Korean endings change: each of their characters stands for itself.
_OWN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(rf"[{_OWN}]|[^\W{_OWN}]+|[^\w\s]{{1,3}}")
# The same for most texts, in two thirds of the time.
_ASCII_TOKEN = re.compile(r"\w+|[^\w\s]{1,3}", re.ASCII)


class Score(NamedTuple):
    """What a text's words say.

    Attributes:
        points: below 0 speaks for the submission; 0 where there is too little to say.
        words: of the text, those that counted most towards it.
    """

    points: float
    words: tuple[str, ...]


class Learned:
    """Counts of one form's marked submissions.

    Attributes:
        spam, others: how many were marked.
    """

    def __init__(self) -> None:
        self.spam = self.others = 0
        self._counts = array("I", bytes(_BYTES))
        self._weights = _Weights(0, 0)

    def learn(self, reading: Reading, *, is_spam: bool) -> None:
        """Count a submission that the owner has marked."""
        self._add(reading, 1, is_spam=is_spam)

    def unlearn(self, reading: Reading, *, is_spam: bool) -> None:
        """Count a submission no more that was learned so."""
        self._add(reading, -1, is_spam=is_spam)

    def score(self, reading: Reading) -> Score:
        """Return what the words of a text come to."""
        words, pairs = _places(reading)
        places = tuple(pairs.union(words.values()))
        if not places:
            return Score(0.0, ())
        # Loops that are Python's own take most of the time; these are none.
        worth = self._worths()
        mean = sum(map(worth, self._counts_at(places))) / (len(places) + _SILENT)
        points = round(_points(mean) * self._reach(), 1)
        if not points:
            return Score(0.0, ())
        worths = map(worth, self._counts_at(words.values()))
        return Score(points, _telling(words, worths if points > 0 else map(neg, worths)))

    def pack(self) -> bytes:
        """Return what ``unpack`` makes the same counts of; at most some 300 kB."""
        raw = self._counts.tobytes()
        # Most counts are below 256: their upper halves, side by side, compress to nothing.
        planes = b"".join(raw[start::_WIDTH] for start in range(_WIDTH))
        return b"%d %d\n" % (self.spam, self.others) + zlib.compress(planes, 6)

    @classmethod
    def unpack(cls, packed: bytes) -> Learned:
        """Return what was packed.

        Raises:
            ValueError: it was not packed here.
        """
        marks, _, compressed = packed.partition(b"\n")
        learned = cls()
        try:
            learned.spam, learned.others = map(int, marks.split())
            planes = zlib.decompress(compressed)
        except zlib.error as error:
            raise ValueError("the counts cannot be decompressed") from error
        if len(planes) != _BYTES:
            raise ValueError(f"the counts have {len(planes)} bytes instead of {_BYTES}")
        raw = bytearray(_BYTES)
        for start in range(_WIDTH):
            raw[start::_WIDTH] = planes[start * _PLACES : (start + 1) * _PLACES]
        learned._counts = array("I", bytes(raw))
        return learned

    def _add(self, reading: Reading, step: int, *, is_spam: bool) -> None:
        """Count each word and pair of a text once more, or once less."""
        if is_spam:
            self.spam = max(0, self.spam + step)
        else:
            self.others = max(0, self.others + step)
        shift = _HALF if is_spam else 0
        words, pairs = _places(reading)
        for place in pairs.union(words.values()):
            count = self._counts[place] >> shift & _MOST
            self._counts[place] += (min(max(count + step, 0), _MOST) - count) << shift

    def _reach(self) -> float:
        """Return how far the marks are to be trusted, from 0 to 1."""
        both = 2 * min(self.spam, self.others)
        return max(both / (both + _MARKS_FOR_HALF), _ONE_KIND)

    def _counts_at(self, places: Iterable[int]) -> tuple[int, ...]:
        """Return the counts at one place or more."""
        # For a single place it would return no tuple.
        counts: tuple[int, ...] = itemgetter(*places, 0)(self._counts)
        return counts[:-1]

    def _worths(self) -> Callable[[int], float]:
        """Return what tells a word's worth from its counts; the same until more is learned."""
        if (self._weights.spam, self._weights.others) != (self.spam, self.others):
            self._weights = _Weights(self.spam, self.others)
        return self._weights.__getitem__


class _Weights(dict[int, float]):
    """What each pair of counts says of a word: the logarithm of its odds to be of spam."""

    def __init__(self, spam: int, others: int) -> None:
        super().__init__({0: 0.0})
        self.spam, self.others = spam, others

    def __missing__(self, counts: int) -> float:
        in_spam, in_others = counts >> _HALF, counts & _MOST
        before = _SHARE_BEFORE * _MARKS_BEFORE
        spam_share = (in_spam + before) / (self.spam + _MARKS_BEFORE)
        other_share = (in_others + before) / (self.others + _MARKS_BEFORE)
        sightings = in_spam + in_others
        share = spam_share / (spam_share + other_share)
        trusted = (_SIGHTINGS_BEFORE / 2 + sightings * share) / (_SIGHTINGS_BEFORE + sightings)
        weight = self[counts] = math.log(trusted / (1 - trusted))
        return weight


def _points(mean: float) -> float:
    if mean < 0:
        return max(mean * _POINTS_A_MEAN, LEAST_POINTS)
    return min(max(mean - _SILENCE, 0) * _POINTS_A_MEAN, MOST_POINTS)


def _telling(words: Collection[str], worths: Iterable[float]) -> tuple[str, ...]:
    """Return the few words that are worth most; of equals the longer ones, which say more."""
    by_worth = sorted(zip(worths, map(len, words), words, strict=True), reverse=True)
    telling = (
        word for worth, length, word in by_worth if worth > 0 and length > 1 and word.isalnum()
    )
    return tuple(islice(telling, SHOWN_WORDS))


def _places(reading: Reading) -> tuple[dict[str, int], set[int]]:
    """Return the place of each word of a text, and those of its pairs of neighbours."""
    text = reading.text
    if len(text) > _HEAD + _TAIL:
        text = f"{text[:_HEAD]}\n{text[-_TAIL:]}"
    tokens = (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)
    if len(tokens) > _FIRST_WORDS + _LAST_WORDS:
        tokens = tokens[:_FIRST_WORDS] + tokens[-_LAST_WORDS:]
    different = set(tokens)
    hashes = dict(zip(different, map(zlib.crc32, map(str.encode, different)), strict=True))
    words = {token: hashed & _MASK for token, hashed in hashes.items()}
    # The other end of the hash: so that "not good" and "good not" are two pairs.
    firsts = {token: hashed >> _OTHER_END for token, hashed in hashes.items()}
    pairs = map(xor, map(firsts.__getitem__, tokens), map(words.__getitem__, tokens[1:]))
    return words, set(pairs)
