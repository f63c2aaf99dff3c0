"""Single values of an export: times, texts, answers."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.controls import split as split_controls
from chalicelib.model import answers_from
from ops.imports.entries import Received, Unreadable
from ops.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.model import Pair
    from ops.imports.entries import Row

# Enough to recognise a value by, in a line that names what is wrong with it.
_MAX_QUOTED_LENGTH = 40
# Rails writes a time so: 2020-10-13 14:02:06 UTC.
_UTC_IN_WORDS = re.compile(r" UTC$")


def moment(text: object) -> datetime:
    """Return a time of ISO 8601, in whole milliseconds; without an offset it is in UTC.

    Raises:
        Unreadable: it is no time, or one that no submission can have.
    """
    if not isinstance(text, str) or not text.strip():
        raise Unreadable("it has no time")
    try:
        found = datetime.fromisoformat(_UTC_IN_WORDS.sub("+00:00", text.strip()))
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        found = found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"its time {quoted(text)} is not one of ISO 8601") from error
    if found.year < datetime.fromtimestamp(0, UTC).year:
        raise Unreadable(f"its time {quoted(text)} is before 1970")
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


def quoted(text: str) -> str:
    """Return the beginning of a text, safe to print."""
    shown = one_line(text[: _MAX_QUOTED_LENGTH + 1])
    return f'"{shown[:_MAX_QUOTED_LENGTH]}{"…" if len(shown) > _MAX_QUOTED_LENGTH else ""}"'


def pairs_of(values: dict[str, Any]) -> Iterator[Pair]:
    """Yield what JSON has under each name: a list has a pair for each member, null has none."""
    for name, value in values.items():
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield _whole(name), _text(each)


def filled_in(row: Row) -> dict[str, Any]:
    """Return what stands under each column, a list where a name has several columns.

    An empty cell is left out: it stands for a field that was not sent.
    """
    cells_by_name: dict[str, list[str]] = {}
    for name, cell in row.cells:
        if cell:
            cells_by_name.setdefault(name, []).append(cell)
    return {name: cells[0] if len(cells) == 1 else cells for name, cells in cells_by_name.items()}


def received(received_at: datetime, pairs: Iterable[Pair], **known: Any) -> Received:
    """Return what was received, with ``_subject`` and ``_replyto`` where they belong.

    They stay answers if they are not what Formpost takes for them. What else steers a
    submission, such as ``_next``, is left out, as it is when a form is posted.

    Args:
        received_at: when.
        pairs: every name and value, in order.
        known: what else the export says, as ``Received`` has it.

    Raises:
        Unreadable: nothing was filled in.
    """
    everything = list(pairs)
    controls, fields = split_controls(everything)
    wrong = {error.field for error in controls.errors}
    fields += [(name, value) for name, value in everything if name in wrong]
    if not any(value.strip() for _, value in fields):
        raise Unreadable("nothing is filled in")
    return Received(
        received_at,
        answers_from(fields),
        subject=None if "_subject" in wrong else controls.subject,
        reply_to=None if "_replyto" in wrong else controls.reply_to,
        **known,
    )


def _text(value: Any) -> str:
    if isinstance(value, str):
        return _whole(value)
    # What has no text of its own, such as a file that was sent, is kept as it is written.
    return _whole(json.dumps(value, ensure_ascii=False))


def _whole(text: str) -> str:
    """Return a text with U+FFFD for halves of surrogate pairs, which UTF-8 cannot hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
