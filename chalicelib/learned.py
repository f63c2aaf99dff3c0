"""What the owner's moves to and from spam have taught of one form's words.

A naive Bayes score: for each word it is counted in how many marked submissions of either kind
it stood. How far a share of spam is trusted grows with the count (Robinson's f(w)), and the
score is the mean of what all of them say; what was never seen says nothing. Beside the words
count who writes, where links lead, in which field a word stands, and how much of some
characters there is.

Counts are kept by hash, never by word. Two that share a hash share a count; there are so many
places that this is rare. What was learned can be unlearned: counts only add up.

Source: G. Robinson, "A Statistical Approach to the Spam Problem", Linux Journal 107 (2003).
What was tried and measured is in docs/spam.md.
"""

from __future__ import annotations

import math
import zlib
from array import array
from heapq import nlargest
from operator import itemgetter, neg
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from chalicelib.reading import Reading

# 131,072 places for counts. With half of them, a twentieth less of spam is found.
_PLACE_BITS = 17
_PLACES = 1 << _PLACE_BITS
_MASK = _PLACES - 1
# Two counts of 16 bits a place: of spam in the upper half, of others in the lower.
_WIDTH, _HALF, _MOST = 4, 16, 0xFFFF
_BYTES = _WIDTH * _PLACES
# What each word has been seen in, and each kind has been long, before anything is marked; one
# mark outweighs that.
_COUNT_BEFORE, _LENGTH_BEFORE = 0.1, 100
# So many sightings does a word need for its share to count by half.
_SIGHTINGS_BEFORE = 0.5
# A short text must not be judged by three words: each has so many more that say nothing.
_SILENT = 10
# A mean as near to 0 as this says nothing. All are chosen for few mistakes, see docs/spam.md.
_SILENCE = 0.1
_POINTS_A_MEAN = 30.0
MOST_POINTS, LEAST_POINTS = 7.0, -2.0
# What newsletters reach, too, must not reach the default threshold of 5 without another sign.
_SURE = 0.3
_MOST_UNSURE_POINTS = 4.9
# With so many marks, of which half are of each kind, points count by half. So with fewer than
# 50 this check alone reaches no threshold of 5.
_MARKS_FOR_HALF = 20
# What marks of one kind alone can do: they do not tell what is normal.
_ONE_KIND = 1 / 7
SHOWN_WORDS = 5
# How much there is of these counts by its power of two.
_COUNTED = b"!$%?>\n.,:-"
_NOT_CAPITALS = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
_CAPITALS_STEPS = 20


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
        # The sums of all counts of either kind.
        self._in_spam = self._in_others = 0
        self._counts = array("I", bytes(_BYTES))
        self._weights: _Weights | None = None

    def learn(self, reading: Reading, *, is_spam: bool) -> None:
        """Count a submission that the owner has marked."""
        self._add(reading, 1, is_spam=is_spam)

    def unlearn(self, reading: Reading, *, is_spam: bool) -> None:
        """Count a submission no more that was learned so."""
        self._add(reading, -1, is_spam=is_spam)

    def score(self, reading: Reading) -> Score:
        """Return what the words of a text come to."""
        words = tuple(set(reading.words))
        places = _places([*words, *_signs(reading)])
        if not places:
            return Score(0.0, ())
        # Loops that are Python's own take most of the time; these are none.
        worths = tuple(map(self._worths(), self._counts_at(places)))
        points = round(_points(sum(worths) / (len(worths) + _SILENT)) * self._reach(), 1)
        if not points:
            return Score(0.0, ())
        of_words = worths[: len(words)]
        return Score(points, _telling(words, of_words if points > 0 else map(neg, of_words)))

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
        low, high, low_of_spam, high_of_spam = (sum(raw[start::_WIDTH]) for start in range(_WIDTH))
        learned._in_others, learned._in_spam = low + 256 * high, low_of_spam + 256 * high_of_spam
        return learned

    def _add(self, reading: Reading, step: int, *, is_spam: bool) -> None:
        """Count each word and sign of a text once more, or once less."""
        self._weights = None
        if is_spam:
            self.spam = max(0, self.spam + step)
        else:
            self.others = max(0, self.others + step)
        shift, added = _HALF if is_spam else 0, 0
        for place in set(_places({*reading.words, *_signs(reading)})):
            count = self._counts[place] >> shift & _MOST
            change = min(max(count + step, 0), _MOST) - count
            self._counts[place] += change << shift
            added += change
        if is_spam:
            self._in_spam += added
        else:
            self._in_others += added

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
        if self._weights is None:
            self._weights = _Weights(self._in_spam, self._in_others)
        return self._weights.__getitem__


class _Weights(dict[int, float]):
    """What each pair of counts says of a word: the logarithm of its odds to be of spam.

    Args:
        spam, others: the sum of all counts of either kind. Not how many were marked: those who
            write twice as much use each word twice as often, which says nothing of the word.
    """

    def __init__(self, spam: int, others: int) -> None:
        super().__init__({0: 0.0})
        self._spam, self._others = spam + _LENGTH_BEFORE, others + _LENGTH_BEFORE

    def __missing__(self, counts: int) -> float:
        in_spam, in_others = counts >> _HALF, counts & _MOST
        spam_share = (in_spam + _COUNT_BEFORE) / self._spam
        other_share = (in_others + _COUNT_BEFORE) / self._others
        sightings = in_spam + in_others
        share = spam_share / (spam_share + other_share)
        trusted = (_SIGHTINGS_BEFORE / 2 + sightings * share) / (_SIGHTINGS_BEFORE + sightings)
        weight = self[counts] = math.log(trusted / (1 - trusted))
        return weight


def _points(mean: float) -> float:
    if mean < 0:
        return max(min(mean + _SILENCE, 0) * _POINTS_A_MEAN, LEAST_POINTS)
    most = MOST_POINTS if mean >= _SURE else _MOST_UNSURE_POINTS
    return min(max(mean - _SILENCE, 0) * _POINTS_A_MEAN, most)


def _telling(words: Iterable[str], worths: Iterable[float]) -> tuple[str, ...]:
    """Return the few words that are worth most; of equals the longer ones, which say more."""
    said = [
        (worth, len(word), word)
        for worth, word in zip(worths, words, strict=True)
        if worth > 0 and len(word) > 1
    ]
    return tuple(word for _, _, word in nlargest(SHOWN_WORDS, said))


def _signs(reading: Reading) -> set[str]:
    """Return what else a text is known by; none of it can be a word."""
    raw = reading.ends.encode(errors="replace")
    capitals = len(raw.translate(None, _NOT_CAPITALS)) * _CAPITALS_STEPS // (len(raw) + 1)
    counts = [(mark, raw.count(mark).bit_length()) for mark in _COUNTED]
    signs = {f"#{mark}:{count}" for mark, count in (*counts, (0, capitals)) if count}
    for address in reading.addresses:
        signs.update((f"@{address}", f"@{address.rpartition('@')[2]}"))
    signs.update(map("//{}".format, reading.links))
    signs.update(reading.tagged)
    return signs


def _places(tokens: Collection[str]) -> list[int]:
    """Return the place of each."""
    hashes = map(zlib.crc32, "\n".join(tokens).encode(errors="replace").split(b"\n"))
    return [hashed & _MASK for hashed in hashes] if tokens else []
