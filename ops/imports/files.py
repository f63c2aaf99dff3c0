"""Take a file apart: rows of a CSV, lines of JSON Lines, or the members of a JSON document.

CSV and JSON Lines are read line by line, however long the file is. UTF-8, with or
without a byte order mark; a line in another encoding is refused, and the rest is read.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from ops.imports.entries import Record, Refused, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

Entries: TypeAlias = "Iterator[Row | Record | Refused]"

# Our own longest line: 400 kB of NUL, which is six characters in JSON. What is longer is no
# export, and must not fill the memory.
MAX_LINE_CHARACTERS = 8_000_000
# The largest that is read as a whole; a JSON document cannot be read otherwise.
MAX_DOCUMENT_CHARACTERS = 100_000_000
# What a byte becomes that is not UTF-8, see errors="surrogateescape".
_NOT_UTF_8 = re.compile("[\udc80-\udcff]")


class NotAnExport(Exception):
    """The file as a whole cannot be read; the text says why, to the owner."""


def entries(file: BinaryIO) -> Entries:
    """Yield every entry of a file, or why one cannot be read.

    Raises:
        NotAnExport: it is not CSV, JSON Lines or JSON.
    """
    text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    lines = _lines(text)
    first = next(lines, "")
    if first.lstrip().startswith(("{", "[")):
        return _json_entries(first, lines)
    return _rows(first, lines)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(MAX_LINE_CHARACTERS + 1):
        number += 1
        if len(line) > MAX_LINE_CHARACTERS:
            raise NotAnExport(
                f"Line {number:,} is longer than {MAX_LINE_CHARACTERS:,} characters. "
                "If it is JSON, make JSON Lines of it, e.g. by jq -c '.[]'."
            )
        yield line


def _rows(first: str, rest: Iterator[str]) -> Entries:
    # Its default is 131,072 characters, and one value may have 400 kB.
    csv.field_size_limit(MAX_LINE_CHARACTERS)
    # Strict: a quote that is never closed is an error, and not the rest of the file.
    rows = csv.reader(_chained(first, rest), strict=True)
    names = _header(rows)
    while True:
        first_line = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Refused(_lines_from(first_line, rows.line_num), f"no CSV: {error}")
            continue
        if cells:
            yield _row(f"line {first_line:,}", names, cells)


def _lines_from(first: int, last: int) -> str:
    """Return e.g. ``lines 8 to 12``: a quote that is not closed takes others with it."""
    return f"line {first:,}" if last <= first else f"lines {first:,} to {last:,}"


def _header(rows: Any) -> list[str]:
    try:
        names: list[str] = next(rows, [])
    except csv.Error as error:
        raise NotAnExport(f"The first line is no CSV: {error}.") from error
    if not names:
        raise NotAnExport("The first line is empty.")
    if any(map(_NOT_UTF_8.search, names)):
        raise NotAnExport("The first line is not UTF-8; save the file as UTF-8.")
    return names


def _row(place: str, names: list[str], cells: list[str]) -> Row | Refused:
    if len(cells) != len(names):
        return Refused(place, f"it has {len(cells):,} cells, and the first line {len(names):,}")
    if any(map(_NOT_UTF_8.search, cells)):
        return Refused(place, "it is not UTF-8")
    return Row(place, tuple(zip(names, cells, strict=True)))


def _json_entries(first: str, rest: Iterator[str]) -> Entries:
    """Return the entries of JSON Lines, or of a document that is one JSON value."""
    try:
        value = _parsed(first)
    except ValueError:
        # The first line of a document that is written over many of them, or a broken line.
        is_document = first.lstrip().startswith("[") or first.strip() == "{"
    else:
        is_document = isinstance(value, list) or _members(value) is not None
    return _members_of(first, rest) if is_document else _records(first, rest)


def _records(first: str, rest: Iterator[str]) -> Entries:
    for number, line in enumerate(_chained(first, rest), 1):
        place = f"line {number:,}"
        if not line.strip():
            continue
        if _NOT_UTF_8.search(line):
            yield Refused(place, "it is not UTF-8")
            continue
        try:
            yield _record(place, _parsed(line))
        except (ValueError, RecursionError) as error:
            yield Refused(place, f"no JSON: {_fault(error)}")


def _members_of(first: str, rest: Iterator[str]) -> Entries:
    text = "".join(_bounded(_chained(first, rest)))
    if _NOT_UTF_8.search(text):
        raise NotAnExport("The file is not UTF-8.")
    try:
        value = _parsed(text)
    except (ValueError, RecursionError) as error:
        raise NotAnExport(f"The file is no JSON: {_fault(error)}.") from error
    members = value if isinstance(value, list) else _members(value)
    if members is None:
        raise NotAnExport('The file is a JSON object without "submissions".')
    for number, member in enumerate(members, 1):
        yield _record(f"submission {number:,}", member)


def _bounded(lines: Iterator[str]) -> Iterator[str]:
    length = 0
    for line in lines:
        length += len(line)
        if length > MAX_DOCUMENT_CHARACTERS:
            raise NotAnExport(
                f"The file is one JSON value of more than {MAX_DOCUMENT_CHARACTERS:,} characters; "
                "make JSON Lines of it, e.g. by jq -c '.[]'."
            )
        yield line


def _members(value: Any) -> list[Any] | None:
    """Return what Formspree's document has under ``submissions``."""
    members = value.get("submissions") if isinstance(value, dict) else None
    return members if isinstance(members, list) else None


def _record(place: str, value: Any) -> Record | Refused:
    return Record(place, value) if isinstance(value, dict) else Refused(place, "no JSON object")


def _parsed(text: str) -> Any:
    # Numbers stay as they are written: 1.50 is what a visitor sent, and 1.5 is not.
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)


def _fault(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, column {error.colno:,}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest
