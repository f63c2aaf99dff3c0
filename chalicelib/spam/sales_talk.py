"""The text is full of what people say who sell: easy money, loans, pills, visitors, "act now"."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.model import Signal
from chalicelib.sales_phrases import TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# A phrase weighs 1 or 2. Two of the plain ones, or one of the others, are a question that
# somebody has: nothing.
FREE_WEIGHT = 2.0
POINTS_A_WEIGHT = 0.7
# Newsletters talk like this, too, so it is not enough with another sign that people give, such as
# a short link. With two of them it is, or with what the owner's moves have taught.
MOST_POINTS = 2.8
SHOWN_PHRASES = 4
# Sums of money, shares of a hundred, and shouting: one of each weighs as a plain phrase.
_MARKS = (("$", 1), ("%", 1), ("!", 3))
_MOST_MARKS = 2.0
# Shorter words are in most texts: "now", "your".
_RARE_LENGTH = 5


def check(_submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Weigh the different phrases, each topic up to its own bound."""
    found = sorted(_found(context.reading.words))
    if not found:
        return None
    weights: dict[int, float] = defaultdict(float)
    for _, topic in found:
        weights[topic] += TOPICS[topic].weight
    weight = sum(min(weight, TOPICS[topic].most) for topic, weight in weights.items())
    ends = context.reading.ends
    marks = sum(ends.count(mark) >= least for mark, least in _MARKS)
    beyond = weight + min(marks, _MOST_MARKS) - FREE_WEIGHT
    points = round(min(beyond * POINTS_A_WEIGHT, MOST_POINTS), 1)
    if points <= 0:
        return None
    shown = ", ".join(f'"{phrase}"' for phrase, _ in found[:SHOWN_PHRASES])
    more = f" and {len(found) - SHOWN_PHRASES} more" if len(found) > SHOWN_PHRASES else ""
    return Signal("sales_talk", points, f"sales talk: {shown}{more}")


def _found(words: list[str]) -> Iterable[tuple[str, int]]:
    """Yield each phrase that is there, once, and its topic's place."""
    by_word = _by_word()
    there = by_word.keys() & words
    if not there:
        return
    text = f" {' '.join(words)} "
    for word in there:
        for phrase, topic in by_word[word]:
            if f" {phrase} " in text:
                yield phrase, topic


@cache
def _by_word() -> dict[str, list[tuple[str, int]]]:
    """Return the phrases by a word that few texts have, so few are searched."""
    found: dict[str, list[tuple[str, int]]] = {}
    for number, topic in enumerate(TOPICS):
        for phrase in topic.phrases.split("|"):
            # The last one is found quicker than the longest, in each container's first post.
            key = phrase.rpartition(" ")[2]
            if len(key) < _RARE_LENGTH:
                key = max(phrase.split(), key=len)
            found.setdefault(key, []).append((phrase, number))
    return found
