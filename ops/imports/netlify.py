"""Netlify's exports: the fields stand in ``data``, or in columns beside what Netlify adds.

Sources:
    The API, ``GET /forms/<id>/submissions``, is ``[{"id", "number", "email", "name", ...,
    "data": {<field>..., "ip", "user_agent", "referrer"}, "created_at", "site_url"}]``:
    netlify/open-api, swagger.yml, "submission"; what ``data`` has besides the fields is in
    https://answers.netlify.com/t/some-questions-about-netlify-form-serverless-functions/24347
    The CSV of the dashboard is described nowhere. Public programs that read one take the
    time from ``created_at`` and the fields from columns of their names; so do we, and take
    out what the API adds.
Spam is a list of its own (``?state=spam``), so a file of it is imported with --folder spam.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalicelib.model import Folder
from chalicelib.origins import page_origin
from ops.imports.entries import Unreadable
from ops.imports.values import filled_in, moment, pairs_of, received

if TYPE_CHECKING:
    from ops.imports.entries import Received, Record, Row

_TIME_NAME = "created_at"
# Formpost keeps no IP address, so what Netlify kept is not taken over.
_ADDED_TO_FIELDS = frozenset({"ip", "user_agent", "referrer"})
# Netlify's own ids; a visitor's answer under this name does not look like one.
_ID = re.compile(r"[0-9a-f]{24}")


def is_record(record: Record) -> bool:
    """Whether an object is a submission of Netlify's API."""
    return _TIME_NAME in record.values and isinstance(record.values.get("data"), dict)


def is_row(row: Row) -> bool:
    """Whether a CSV has a column as Netlify calls it."""
    return any(name == _TIME_NAME for name, _ in row.cells)


def from_record(record: Record) -> Received:
    """Return what an object says.

    Raises:
        Unreadable: it has no time, or nothing is filled in.
    """
    data = record.values.get("data")
    if not isinstance(data, dict):
        raise Unreadable('its "data" is no object')
    folder = Folder.SPAM if record.values.get("state") == "spam" else None
    return _received(record.values.get(_TIME_NAME), data, folder)


def from_row(row: Row) -> Received:
    """Return what a row says; an empty cell is a field that was not sent.

    Raises:
        Unreadable: it has no time, or nothing is filled in.
    """
    values = filled_in(row)
    if _ID.fullmatch(str(values.get("id"))):
        del values["id"]
    return _received(values.pop(_TIME_NAME, None), values, None)


def _received(time: object, data: dict[str, Any], folder: Folder | None) -> Received:
    fields = {name: value for name, value in data.items() if name not in _ADDED_TO_FIELDS}
    return received(
        moment(time),
        pairs_of(fields),
        folder=folder,
        origin=page_origin(None, _text(data.get("referrer"))),
        user_agent=_text(data.get("user_agent")),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
