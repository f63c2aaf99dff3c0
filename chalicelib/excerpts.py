"""A submission in short, for chats: their messages have little room.

Long texts are cut, all to one length, so that the address which follows a long message
is still there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chalicelib.documents import labelled_answers
from chalicelib.model import reference
from chalicelib.texts import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chalicelib.model import Form, Submission

CUT = "…"
SHORTENED = "Shortened; the whole text is in the inbox."


class Entry(NamedTuple):
    """One label of a message, and the text below it; neither is empty."""

    label: str
    text: str


class Room(NamedTuple):
    """How much of a submission a message can hold, in the service's own characters.

    Attributes:
        entries: how many.
        label: characters of each label.
        text: characters of each text.
        total: characters of all of them, with ``overhead`` for each.
        overhead: what an entry costs besides its label and text.
        cost: how many characters one of ours is, e.g. 2 where it is escaped; at least 1.
    """

    entries: int
    label: int
    text: int
    total: int
    overhead: int
    cost: Callable[[str], int]


class Excerpt(NamedTuple):
    """What fits of a submission, and whether that is less than all."""

    entries: tuple[Entry, ...]
    is_shortened: bool


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, which is what JavaScript counts.

    Services say "characters" and not which ones; counted in code points, they are fewer.
    """
    return len(text) + sum(character > "\uffff" for character in text)


def headline(
    submission: Submission, form: Form, *, max_length: int, cost: Callable[[str], int]
) -> str:
    """Return e.g. ``Contact us: new submission 8F3K-2M9Q``; only the title is ever cut."""
    news = f": new submission {reference(submission.id)}"
    return _cut(one_line(form.title), max_length - _length(news, cost), cost) + news


def excerpt(submission: Submission, form: Form, room: Room) -> Excerpt:
    """Return as much of what was filled in as a message can hold, subject and reply-to first."""
    answers = tuple(_entries(submission, form))
    kept = answers[: room.entries]
    labels = [_cut(answer.label, room.label, room.cost) for answer in kept]
    # More of a text does not fit; the rest of what may be 400 kB need not be read.
    lengths = [_length(answer.text[: room.text], room.cost) for answer in kept]
    taken = sum(room.overhead + _length(label, room.cost) for label in labels)
    length = min(room.text, _fair_length(lengths, room.total - taken))
    texts = [_cut(answer.text, length, room.cost) for answer in kept]
    entries = tuple(map(Entry, labels, texts))
    return Excerpt(entries, is_shortened=entries != answers)


def _entries(submission: Submission, form: Form) -> Iterator[Entry]:
    # Control fields are no answers, and a mail has them in its headers.
    for label, said in (("Subject", submission.subject), ("Reply to", submission.reply_to)):
        if said and (text := one_line(said)):
            yield Entry(label, text)
    for answer in labelled_answers(submission, form):
        if text := "\n".join(value or "(empty)" for value in answer.values).strip():
            yield Entry(answer.label, text)


def _fair_length(lengths: Sequence[int], total: int) -> int:
    """Return the length to cut texts to, so that together they are not above the total."""
    for position, length in enumerate(sorted(lengths)):
        share = total // (len(lengths) - position)
        if length > share:
            return share
        total -= length
    return max(lengths, default=0)


def _cut(text: str, max_length: int, cost: Callable[[str], int]) -> str:
    """Return a text, or its beginning and an ellipsis where it is too long."""
    length, fitting = 0, 0
    for position, character in enumerate(text):
        length += cost(character)
        if length > max_length:
            return text[:fitting].rstrip() + CUT
        if length < max_length:
            fitting = position + 1
    return text


def _length(text: str, cost: Callable[[str], int]) -> int:
    return sum(map(cost, text))
