"""Our own exports, so that what is exported here can be imported there.

JSON Lines lose nothing but what an export does not have: the hash of the sender's IP
address, and the deliveries. A CSV loses more, see docs/submissions.md.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from chalicelib.exports import COLUMNS, REST_COLUMN, VALUE_SEPARATOR
from chalicelib.model import Folder, Signal, answers_from
from ops.imports.entries import Received, Unreadable
from ops.imports.values import moment, pairs_of, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalicelib.model import Answer, Form, Pair
    from ops.imports.entries import Record, Row

# What a CSV knows of the reasons why something is spam: the sum of their points.
_POINTS = Signal("import", 0.0, "had these points where it was exported")
# A field with a name of ours has it behind this, see exports.Csv.
_PREFIX = "fields."
# What a spreadsheet would take for a formula, see exports.py and defusedcsv.
_SIGNS = ("=", "+", "-", "@", "|", "%")
_NUMBER = re.compile(r"-?[0-9,.]+")
_WHITE_SPACE = ("\t", "\r", "\n")
_WIDE_SIGNS = ("\uff1d", "\uff0b", "\uff0d", "\uff20")


def is_record(record: Record) -> bool:
    """Whether an object is a document of ours."""
    return {"id", "form", "received_at", "fields"} <= record.values.keys()


def is_row(row: Row) -> bool:
    """Whether a row is under our columns; others may have been added."""
    return {*COLUMNS, REST_COLUMN} <= {name for name, _ in row.cells}


def from_record(record: Record) -> Received:
    """Return what a document says.

    Raises:
        Unreadable: it is not as we write them.
    """
    values = record.values
    fields, spam, sender = (_object(values, name) for name in ("fields", "spam", "sender"))
    return Received(
        received_at=moment(values["received_at"]),
        answers=_answers(pairs_of(fields)),
        id=_text(values, "id"),
        form=_text(values, "form"),
        folder=_folder(_text(values, "folder")),
        is_read=values.get("is_read") is True,
        subject=_text(values, "subject"),
        reply_to=_text(values, "reply_to"),
        signals=tuple(_signal(each) for each in _list(spam, "signals")),
        origin=_text(sender, "origin"),
        user_agent=_text(sender, "user_agent"),
    )


def from_row(row: Row, form: Form) -> Received:
    """Return what a row says.

    Raises:
        Unreadable: it is not as we write them.
    """
    ours = {name: cell for name, cell in row.cells if name in {*COLUMNS, REST_COLUMN}}
    fields = [(name, cell) for name, cell in row.cells if name not in ours]
    subject, reply_to = plain(ours["subject"]), plain(ours["reply_to"])
    return Received(
        received_at=moment(ours["received_at"]),
        answers=_answers([*_cells(fields, form), *pairs_of(_rest(ours[REST_COLUMN]))]),
        id=ours["id"],
        form=plain(ours["form"]),
        folder=_folder(ours["folder"].lower()),
        # A spreadsheet writes TRUE.
        is_read=ours["is_read"].lower() == "true",
        subject=subject or None,
        reply_to=reply_to or None,
        signals=_points(ours["spam_points"]),
    )


def plain(cell: str) -> str:
    """Return a cell without the apostrophe that keeps it from being a formula.

    A text that somebody began with an apostrophe and a sign loses it, too; there are more
    telephone numbers than such texts.
    """
    if not cell.startswith("'"):
        return cell
    text = cell[1:]
    if text.startswith((*_SIGNS, "\\|")):
        # Of a number it is somebody's own. Elsewhere a backslash stands before each bar.
        return cell if _NUMBER.fullmatch(text) else text.replace("\\|", "|")
    is_hidden = text.lstrip().startswith(_SIGNS) and text[:1].isspace()
    is_marked = text.startswith((*_WHITE_SPACE, *_WIDE_SIGNS)) or is_hidden
    return text if is_marked else cell


def _cells(fields: Sequence[Pair], form: Form) -> Iterator[Pair]:
    """Yield each answer. An empty cell is none; in a CSV there is no other way to say so."""
    multiple = {field.name for field in form.fields if field.multiple}
    for column, cell in fields:
        name = _field_name(plain(column))
        text = plain(cell)
        # A line break can be one of a text as well; only the form knows.
        for value in text.split(VALUE_SEPARATOR) if name in multiple else [text]:
            if text:
                yield name, value


def _field_name(column: str) -> str:
    name = column.removeprefix(_PREFIX)
    return name if name in {*COLUMNS, REST_COLUMN} else column


def _rest(cell: str) -> dict[str, Any]:
    try:
        rest = json.loads(cell or "{}")
    except ValueError as error:
        raise Unreadable(f'its "{REST_COLUMN}" is no JSON') from error
    if not isinstance(rest, dict):
        raise Unreadable(f'its "{REST_COLUMN}" is no JSON object')
    return rest


def _answers(pairs: Iterator[Pair] | Sequence[Pair]) -> tuple[Answer, ...]:
    answers = answers_from(pairs)
    if not any(value.strip() for answer in answers for value in answer.values):
        raise Unreadable("nothing is filled in")
    return answers


def _folder(text: str | None) -> Folder:
    try:
        return Folder(text or "")
    except ValueError as error:
        raise Unreadable(
            f"its folder {quoted(text or '')} is none of {', '.join(Folder)}"
        ) from error


def _points(text: str) -> tuple[Signal, ...]:
    points = _number(text or "0", "spam_points")
    return (_POINTS._replace(points=points),) if points else ()


def _signal(value: Any) -> Signal:
    if not isinstance(value, dict):
        raise Unreadable('one of its "signals" is no object')
    points = _number(value.get("points"), "points")
    return Signal(_text(value, "check") or "", points, _text(value, "reason") or "")


def _number(value: Any, name: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise Unreadable(f'its "{name}" is no number') from error


def _text(values: Mapping[str, Any], name: str) -> str | None:
    value = values.get(name)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f'its "{name}" is no text')
    return value


def _object(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = values.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f'its "{name}" is no object')
    return value


def _list(values: Mapping[str, Any], name: str) -> list[Any]:
    value = values.get(name, [])
    if not isinstance(value, list):
        raise Unreadable(f'its "{name}" is no list')
    return value
