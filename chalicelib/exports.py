"""Submissions for other programs: JSON Lines, which loses nothing, and CSV for spreadsheets.

A cell that a spreadsheet would take for a formula gets an apostrophe before it, by
defusedcsv; see docs/decisions/0014-csv-that-is-only-text.md for what it leaves to us.
"""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Protocol

from chalicelib.documents import as_json, submission_document
from chalicelib.model import reference, timestamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.model import Submission

# Before the form's own columns; their names are API.
COLUMNS = (
    "id",
    "reference",
    "form",
    "received_at",
    "folder",
    "is_read",
    "subject",
    "reply_to",
    "spam_points",
)
# Behind them: what has no column, as JSON, so that nothing is left out.
REST_COLUMN = "other_fields"
# A cell shows each on a line of its own.
VALUE_SEPARATOR = "\n"
BYTE_ORDER_MARK = "\ufeff"
# OWASP's list has these too, and defusedcsv does not: white space that a spreadsheet
# takes away before it looks, and the same signs in full width.
# Source: https://owasp.org/www-community/attacks/CSV_Injection
_ALSO_FORMULAS = ("\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# NUL ends a text for some programs, and UTF-8 has no halves of surrogate pairs.
_NOT_IN_CSV = re.compile(r"[\x00\ud800-\udfff]")
_SIGNS = ("=", "+", "-", "@", "|", "%")


# Lambda answers at most 6 MB, and the body stands in JSON there, headers beside it.
# Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_BYTES = 5_000_000


class Format(Protocol):
    """One way to write submissions as text, one after the other."""

    content_type: str

    def head(self) -> str:
        """Return what stands before the first one."""

    def line(self, submission: Submission) -> str:
        """Return one, with the end of its line."""


class JsonLines:
    """One document a line. Source: https://github.com/ndjson/ndjson-spec."""

    content_type = "application/x-ndjson; charset=utf-8"

    def head(self) -> str:
        """Return nothing: each line says what it is."""
        return ""

    def line(self, submission: Submission) -> str:
        """Return the document that webhooks get, with its read mark."""
        document = {**submission_document(submission), "is_read": submission.is_read}
        return as_json(document).decode() + "\n"


class Csv:
    """RFC 4180, in UTF-8.

    Args:
        columns: names of fields, each once, in the order of their columns.
        has_byte_order_mark: begin with one, by which Excel knows UTF-8.
    """

    content_type = "text/csv; charset=utf-8"

    def __init__(self, columns: Sequence[str], *, has_byte_order_mark: bool) -> None:
        self._columns = tuple(columns)
        self._begin = BYTE_ORDER_MARK if has_byte_order_mark else ""

    def head(self) -> str:
        """Return the names of the columns; a field with a name of ours has ``fields.`` before."""
        taken = {*COLUMNS, REST_COLUMN}
        names = (f"fields.{name}" if name in taken else name for name in self._columns)
        return self._begin + _row([*COLUMNS, *names, REST_COLUMN])

    def line(self, submission: Submission) -> str:
        """Return one row; repeated values stand in one cell, a line each."""
        values_by_name = dict(submission.answers)
        columns = set(self._columns)
        rest = {
            name: values[0] if len(values) == 1 else list(values)
            for name, values in submission.answers
            if name not in columns
        }
        return _row(
            [
                submission.id,
                reference(submission.id),
                submission.form,
                timestamp(submission.received_at),
                submission.folder.value,
                "true" if submission.is_read else "false",
                submission.subject or "",
                submission.reply_to or "",
                f"{submission.verdict.points:g}",
                *(VALUE_SEPARATOR.join(values_by_name.get(name, ())) for name in self._columns),
                json.dumps(rest, ensure_ascii=False) if rest else "",
            ]
        )


class Sheet:
    """As many submissions as fit one answer.

    Args:
        written: how each is written.
        is_first: begin with what stands before the first one.
    """

    def __init__(self, written: Format, *, is_first: bool) -> None:
        self._written = written
        self._lines = [written.head()] if is_first else []
        self._room = MAX_BYTES - sum(map(bytes_in_json, self._lines))

    def add(self, submission: Submission) -> bool:
        """Write one more if there is room; there always is for one alone.

        It has at most 400 kB in the store, and seven times that here, if all of it is NUL.
        """
        line = self._written.line(submission)
        size = bytes_in_json(line)
        if size > self._room:
            return False
        self._room -= size
        self._lines.append(line)
        return True

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._lines)


def bytes_in_json(text: str) -> int:
    """Return how much of Lambda's answer a text takes."""
    return len(json.dumps(text))


def _row(cells: Sequence[str]) -> str:
    # Only an export pays for it.
    from defusedcsv import csv

    text = io.StringIO()
    csv.writer(text).writerow([_cell(cell) for cell in cells])
    return text.getvalue()


def _cell(text: str) -> str:
    """Return a cell that CSV can hold, marked as text where defusedcsv would not do so."""
    text = _NOT_IN_CSV.sub("\ufffd", text)
    first = text.lstrip()[:1]
    is_hidden = text.startswith(_ALSO_FORMULAS) or (first in _SIGNS and first != text[:1])
    return f"'{text}" if is_hidden else text
