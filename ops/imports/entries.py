"""What a file holds: entries as they stand there, and what each says was received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.model import Answer, Folder, Pair, Signal


class Unreadable(Exception):
    """An entry cannot be imported; the text says why, to the owner."""


class Refused(NamedTuple):
    """One entry that is not imported.

    Attributes:
        place: where it begins, e.g. ``line 7``.
        reason: a sentence without its end.
    """

    place: str
    reason: str


class Row(NamedTuple):
    """One row of a CSV: the names of its columns with its cells, in order."""

    place: str
    cells: Sequence[Pair]


class Record(NamedTuple):
    """One object of JSON; its numbers are texts, as they are written."""

    place: str
    values: dict[str, Any]


Entry = Row | Record


class Received(NamedTuple):
    """What an export says of one submission; None where it says nothing.

    Attributes:
        received_at: aware UTC datetime.
        id: of Formpost's own.
        form: where Formpost received it.
    """

    received_at: datetime
    answers: tuple[Answer, ...]
    id: str | None = None
    form: str | None = None
    folder: Folder | None = None
    is_read: bool | None = None
    subject: str | None = None
    reply_to: str | None = None
    signals: tuple[Signal, ...] = ()
    origin: str | None = None
    user_agent: str | None = None
