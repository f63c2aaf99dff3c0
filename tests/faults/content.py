"""What visitors of a campaign type: marked, so that each is found again, and no two the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.receiver import MARK

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from chalicelib.model import Pair, Submission

_TOPICS = ("Sales", "Help", "Press")
_NAMES = ("Ada", "Zoë", "李雷", "Ólafur", "O'Brien & Søn", "<b>Bob</b>")
_TEXTS = (
    "Please call me.",
    "Two lines,\r\nand the second one.",
    "\r\nAn empty line comes first, and one comes last.\r\n",
    "  Blanks around  ",
    "Größe 44, 你好, 🎈",
    'Quotes "and" <tags> & co.',
    "x" * 2_000,
)


def pairs(mark: str, chance: random.Random) -> list[Pair]:
    """Return a form's fields in the order of its page, as its browser sends them."""
    fields: list[Pair] = [
        # A page is not bound to the order of forms.toml, and may have what that does not know.
        ("nickname", chance.choice(_NAMES)),
        *(("topic", topic) for topic in chance.sample(_TOPICS, chance.randrange(3))),
        ("message", chance.choice(_TEXTS)),
        (MARK, mark),
        ("email", chance.choice(("ada@example.com", ""))),
    ]
    if chance.random() < 0.5:
        fields.append(("company", ""))
    if chance.random() < 0.3:
        chance.shuffle(fields)
    return fields


def filled_in(fields: Iterable[Pair]) -> dict[str, list[str]]:
    """Return every value that is not blank, by name, with plain newlines."""
    values: dict[str, list[str]] = {}
    for name, value in fields:
        if value.strip():
            values.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return {name: sorted(texts) for name, texts in values.items()}


def filled_in_of(submission: Submission) -> dict[str, list[str]]:
    """Return the same of what is stored."""
    return filled_in((name, value) for name, values in submission.answers for value in values)
