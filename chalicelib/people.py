"""One person over all forms and folders, by e-mail address: find, export, erase.

A submission is about a person if one of its values is exactly this address. Case does
not count; accents do, since müller@ and muller@ can be two people.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.errors import InvalidCursor
from chalicelib.exports import JsonLines, Sheet
from chalicelib.inbox import SEARCHED_AT_ONCE, Export, erase
from chalicelib.walking import Budget, Seen, Stretch, gather

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.inbox import Inbox
    from chalicelib.model import Erased, Form, Submission

CONTENT_TYPE = JsonLines.content_type
MAX_FOUND = 200
# Nobody waits for a list: what is looked at is bounded by time, and by this.
MAX_LOOKED_AT = 5_000
# An address and the blanks that somebody typed around it.
_MAX_ADDRESS_LENGTH = 1_000
# Each is read and deleted item by item, some six requests.
MAX_ERASED = 50


class Found(NamedTuple):
    """One page of what is about a person, each with its form."""

    submissions: tuple[tuple[Submission, Form], ...]
    next_cursor: str | None


class Receipt(NamedTuple):
    """What one request has erased; with a cursor, there may be more."""

    submissions: int
    deliveries: int
    pointers: int
    next_cursor: str | None


def find(email: str, cursor: str | None, inbox: Inbox) -> Found:
    """Return what is about a person, form by form, newest first, as far as it came.

    Raises:
        InvalidCursor: not one of ours.
    """
    found: list[tuple[Submission, Form]] = []

    def take(submission: Submission) -> bool:
        if len(found) == MAX_FOUND:
            return False
        found.append((submission, inbox.forms[submission.form]))
        return True

    next_cursor = _for_each_about(email, cursor, inbox, take)
    return Found(tuple(found), next_cursor)


def export(email: str, cursor: str | None, inbox: Inbox) -> Export:
    """Write what is about a person as JSON Lines, as much as fits an answer.

    Raises:
        InvalidCursor: not one of ours.
    """
    sheet = Sheet(JsonLines(), is_first=cursor is None)
    next_cursor = _for_each_about(email, cursor, inbox, sheet.add)
    return Export(sheet.text, next_cursor)


def erase_all(email: str, cursor: str | None, inbox: Inbox) -> Receipt:
    """Erase what is about a person, as far as it came; doing it again does no harm.

    Raises:
        InvalidCursor: not one of ours.
    """
    erased: list[Erased] = []

    def take(submission: Submission) -> bool:
        if len(erased) == MAX_ERASED:
            return False
        erased.append(erase(inbox.forms[submission.form], submission.id, inbox))
        return True

    next_cursor = _for_each_about(email, cursor, inbox, take)
    return Receipt(
        submissions=sum(each.submissions for each in erased),
        deliveries=sum(each.deliveries for each in erased),
        pointers=sum(each.pointers for each in erased),
        next_cursor=next_cursor,
    )


def is_about(submission: Submission, email: str) -> bool:
    """Whether one of a submission's values is this address."""
    wanted = _normal(email)
    values = [value for answer in submission.answers for value in answer.values]
    return any(_normal(value) == wanted for value in (*values, submission.reply_to or ""))


def _for_each_about(
    email: str, cursor: str | None, inbox: Inbox, take: Callable[[Submission], bool]
) -> str | None:
    """Hand on what is about a person, see ``walking.gather``."""
    return gather(
        _everything(cursor, inbox),
        lambda submission: not is_about(submission, email) or take(submission),
        Budget(inbox.seconds, MAX_LOOKED_AT),
    )


def _everything(cursor: str | None, inbox: Inbox) -> Iterator[Seen]:
    """Yield every submission of every form; a cursor names the form before its place there."""
    form_id, _, place = (cursor or "").partition(".")
    if cursor is not None and not (place and form_id in inbox.forms):
        raise InvalidCursor
    for form in sorted(inbox.forms.values(), key=lambda form: form.id):
        if form.id >= form_id:
            stretch = Stretch(cursor=place if place and form.id == form_id else None)
            for seen in inbox.store.walk(
                form, stretch, now=inbox.now(), page_size=SEARCHED_AT_ONCE
            ):
                yield Seen(f"{form.id}.{seen.cursor}", seen.submission)


def _normal(address: str) -> str:
    # Most values are long texts, and no address is.
    if len(address) > _MAX_ADDRESS_LENGTH:
        return ""
    return unicodedata.normalize("NFC", address).strip().casefold()
