"""Whose export it is: ours, Formspree's or Netlify's, by what its entries have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.imports import formpost, formspree, netlify
from ops.imports.entries import Record, Unreadable

if TYPE_CHECKING:
    from chalicelib.model import Form
    from ops.imports.entries import Entry, Received, Row

SERVICES = ("formpost", "netlify", "formspree")


def received(entry: Entry, form: Form, service: str | None = None) -> Received:
    """Return what an entry says.

    Args:
        entry: of a file.
        form: where it is imported to.
        service: whose export it is; None finds out.

    Raises:
        Unreadable: it cannot be imported; the text says why.
    """
    service = service or _service_of(entry)
    if isinstance(entry, Record):
        return _from_record(entry, service)
    return _from_row(entry, form, service)


def _from_record(record: Record, service: str) -> Received:
    if service == "formpost":
        if not formpost.is_record(record):
            raise Unreadable("it lacks one of id, form, received_at, fields")
        return formpost.from_record(record)
    return netlify.from_record(record) if service == "netlify" else formspree.from_record(record)


def _from_row(row: Row, form: Form, service: str) -> Received:
    if service == "formpost":
        if not formpost.is_row(row):
            raise Unreadable("it lacks one of the columns of our exports")
        return formpost.from_row(row, form)
    return netlify.from_row(row) if service == "netlify" else formspree.from_row(row)


def _service_of(entry: Entry) -> str:
    """Return whose entry it is.

    Raises:
        Unreadable: nobody's that we know.
    """
    for name, module in (("formpost", formpost), ("netlify", netlify), ("formspree", formspree)):
        known = module.is_record(entry) if isinstance(entry, Record) else module.is_row(entry)
        if known:
            return name
    raise Unreadable("it has no received_at, created_at, _date or date, so no time")
