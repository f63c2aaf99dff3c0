"""Formspree's exports: each submission is flat, its time among its fields.

Sources:
    The service's API, ``GET /api/0/forms/<hashid>/submissions``: ``{"fields": [...],
    "submissions": [{"_date", "_id"?, "_status"?, <field>...}]}``; times are UTC without
    an offset. https://help.formspree.io/hc/en-us/articles/360015233153-Form-Submissions-API
    The service's code as far as it was open, formspree/forms/views.py,
    ``export_submissions``: a CSV with the columns ``id``, ``date`` and then the fields,
    sorted; as JSON ``{"host", "email", "fields", "submissions": [{"id", "date", ...}]}``.
What the dashboard exports today is described nowhere; both of these names are taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.model import Folder
from ops.imports.entries import Record
from ops.imports.values import filled_in, moment, pairs_of, received

if TYPE_CHECKING:
    from ops.imports.entries import Received, Row

# The newer name first: beside it, "date" is a field of the visitor's.
_TIME_NAMES = ("_date", "date")
# What Formspree adds, by the name that the time has: its number, and who was told.
_ADDED_BY_TIME_NAME = {
    "_date": frozenset({"_date", "_id", "_status", "_spam"}),
    "date": frozenset({"date", "id"}),
}


def is_record(record: Record) -> bool:
    """Whether an object has a time as Formspree calls it."""
    return _time_name(record.values) is not None


def is_row(row: Row) -> bool:
    """Whether a CSV has a column as Formspree calls it."""
    return _time_name(dict(row.cells)) is not None


def from_record(record: Record) -> Received:
    """Return what an object says.

    Raises:
        Unreadable: it has no time, or nothing is filled in.
    """
    name = _time_name(record.values) or _TIME_NAMES[0]
    added = _ADDED_BY_TIME_NAME[name]
    fields = {key: value for key, value in record.values.items() if key not in added}
    is_spam = str(record.values.get("_spam")).lower() == "true"
    folder = Folder.SPAM if is_spam else None
    return received(moment(record.values.get(name)), pairs_of(fields), folder=folder)


def from_row(row: Row) -> Received:
    """Return what a row says; an empty cell is a field that was not sent.

    Raises:
        Unreadable: it has no time, or nothing is filled in.
    """
    return from_record(Record(row.place, filled_in(row)))


def _time_name(values: dict[str, str]) -> str | None:
    return next((name for name in _TIME_NAMES if name in values), None)
