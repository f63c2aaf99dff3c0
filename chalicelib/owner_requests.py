"""What the owner's requests ask for: query and JSON body as plain values, or every mistake.

The codes of mistakes are those of fields in docs/forms.md.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib import search
from chalicelib.errors import InvalidRequest, MalformedBody
from chalicelib.exports import Csv, JsonLines
from chalicelib.inbox import Listing
from chalicelib.model import FieldError, Folder
from chalicelib.validation import is_email
from chalicelib.walking import Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chalicelib.exchange import Exchange
    from chalicelib.exports import Format
    from chalicelib.model import Form

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
DEFAULT_DAYS, MAX_DAYS = 30, 366
# Each is a request to DynamoDB, and all of them must be done within Lambda's 15 s.
MAX_IDS = 100
MAX_QUERY_LENGTH = 200
# As many as one submission can have.
MAX_COLUMNS = 1_000
FORMATS = ("csv", "jsonl")
_FOLDERS = tuple(folder.value for folder in Folder)


class Change(NamedTuple):
    """What to change; None leaves a thing as it is."""

    folder: Folder | None
    is_read: bool | None


class Person(NamedTuple):
    """Whom a request is about."""

    email: str
    cursor: str | None


def listing(exchange: Exchange) -> Listing:
    """Return what a list or a search asks for.

    Raises:
        InvalidRequest: with every mistake.
    """
    asked = _Asked(exchange.query)
    folder = asked.choice("folder", _FOLDERS) or Folder.INBOX
    wanted = Listing(
        Stretch(Folder(folder), asked.time("since"), asked.time("until"), asked.text("cursor")),
        search.words(asked.text("q", MAX_QUERY_LENGTH) or ""),
        asked.number("limit", DEFAULT_LIMIT, MAX_LIMIT),
    )
    asked.check()
    return wanted


def days(exchange: Exchange) -> tuple[int, str | None]:
    """Return how many days to count, and where to go on.

    Raises:
        InvalidRequest: with every mistake.
    """
    asked = _Asked(exchange.query)
    wanted = asked.number("days", DEFAULT_DAYS, MAX_DAYS), asked.text("cursor")
    asked.check()
    return wanted


def cursor(exchange: Exchange) -> str | None:
    """Return where to go on."""
    return exchange.query.get("cursor")


def change(exchange: Exchange) -> Change:
    """Return what to change of one submission.

    Raises:
        MalformedBody: it is no JSON.
        InvalidRequest: with every mistake.
    """
    asked = _Asked(_object(exchange))
    wanted = _change(asked)
    asked.check()
    return wanted


def change_of_many(exchange: Exchange) -> tuple[tuple[str, ...], Change]:
    """Return which submissions to change, and what.

    Raises:
        MalformedBody: it is no JSON.
        InvalidRequest: with every mistake.
    """
    asked = _Asked(_object(exchange))
    wanted = asked.texts("ids", MAX_IDS), _change(asked)
    if not wanted[0]:
        asked.refuse("ids", "REQUIRED_FIELD_MISSING", "names at least one submission")
    asked.check()
    return wanted


def export(exchange: Exchange, form: Form) -> tuple[Listing, Format]:
    """Return what to export of a form, and how it is written.

    Raises:
        MalformedBody: it is no JSON.
        InvalidRequest: with every mistake.
    """
    asked = _Asked(_object(exchange))
    chosen = asked.choice("format", FORMATS, is_required=True)
    folder = asked.choice("folder", _FOLDERS)
    stretch = Stretch(
        Folder(folder) if folder else None,
        asked.time("since"),
        asked.time("until"),
        asked.text("cursor"),
    )
    words = search.words(asked.text("q", MAX_QUERY_LENGTH) or "")
    columns = asked.texts("columns", MAX_COLUMNS) or tuple(field.name for field in form.fields)
    has_mark = asked.flag("bom")
    asked.check()
    written: Format = JsonLines()
    if chosen == "csv":
        written = Csv(tuple(dict.fromkeys(columns)), has_byte_order_mark=bool(has_mark))
    return Listing(stretch, words), written


def person(exchange: Exchange) -> Person:
    """Return whom a request is about.

    Raises:
        MalformedBody: it is no JSON.
        InvalidRequest: with every mistake.
    """
    asked = _Asked(_object(exchange))
    email = (asked.text("email") or "").strip()
    if not is_email(email):
        asked.refuse("email", "TYPE_EMAIL", "should be an address such as name@example.com")
    wanted = Person(email, asked.text("cursor"))
    asked.check()
    return wanted


def _object(exchange: Exchange) -> Mapping[str, Any]:
    try:
        document = json.loads(exchange.body())
        # JSON can escape half of a surrogate pair, which no answer could carry back.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise MalformedBody("The body should be a JSON object.") from error
    if not isinstance(document, dict):
        raise InvalidRequest([FieldError(None, "TYPE_TEXT", "The body should be a JSON object.")])
    return document


def _change(asked: _Asked) -> Change:
    folder = asked.choice("folder", _FOLDERS)
    wanted = Change(Folder(folder) if folder else None, asked.flag("is_read"))
    if wanted == (None, None) and not asked.mistakes:
        asked.refuse(
            None, "REQUIRED_FIELD_MISSING", 'Nothing to change: send "folder", "is_read" or both'
        )
    return wanted


class _Asked:
    """Parameters by name, and the mistakes met while reading them.

    Args:
        values: of a query, where all are texts, or of a JSON object. None is not there.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self.mistakes: list[FieldError] = []

    def check(self) -> None:
        """Go on if there was no mistake.

        Raises:
            InvalidRequest: with all of them.
        """
        if self.mistakes:
            raise InvalidRequest(self.mistakes)

    def refuse(self, name: str | None, code: str, words: str) -> None:
        """Note a mistake."""
        self.mistakes.append(FieldError(name, code, f"{name} {words}." if name else f"{words}."))

    def text(self, name: str, max_length: int | None = None) -> str | None:
        """Return a text; None for nothing and for an empty one."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            self.refuse(name, "TYPE_TEXT", "should be a text")
            return None
        if value and max_length is not None and len(value) > max_length:
            self.refuse(name, "TOO_LONG", f"has at most {max_length} characters")
            return None
        return value or None

    def texts(self, name: str, at_most: int) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self._values.get(name)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            self.refuse(name, "TYPE_TEXT", "should be a list of texts")
            return ()
        if len(values) > at_most:
            self.refuse(name, "TOO_LONG", f"has at most {at_most:,} entries")
            return ()
        return tuple(values)

    def choice(self, name: str, choices: Iterable[str], *, is_required: bool = False) -> str | None:
        """Return one of some texts."""
        value = self.text(name)
        if value is None:
            if is_required and not self._values.get(name):
                self.refuse(name, "REQUIRED_FIELD_MISSING", f"is one of {', '.join(choices)}")
            return None
        if value not in choices:
            self.refuse(name, "NOT_A_CHOICE", f"is one of {', '.join(choices)}")
            return None
        return value

    def flag(self, name: str) -> bool | None:
        """Return true or false."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            self.refuse(name, "NOT_A_CHOICE", "is true or false")
            return None
        return value

    def number(self, name: str, default: int, at_most: int) -> int:
        """Return a whole number from 1, as a query has it."""
        value = self.text(name)
        if value is None:
            return default
        # No number that is allowed has more digits than the greatest one.
        is_short = value.isascii() and value.isdigit() and len(value) <= len(str(at_most))
        if not is_short or not 1 <= int(value) <= at_most:
            self.refuse(name, "TYPE_NUMERIC", f"is a whole number from 1 to {at_most}")
            return default
        return int(value)

    def time(self, name: str) -> datetime | None:
        """Return a time; a day is its beginning in UTC."""
        value = self.text(name)
        if value is None:
            return None
        for read in _TIMES:
            try:
                return read(value)
            except (ValueError, OverflowError):
                continue
        self.refuse(name, "TYPE_DATE", "should be a time such as 2026-11-23T12:00:00Z, or a day")
        return None


def _day(text: str) -> datetime:
    day = date.fromisoformat(text)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


_TIMES: tuple[Callable[[str], datetime], ...] = (_day, _moment)
