"""The owner's verbs: list, search, read, move, mark, delete, send again, count, export.

Whoever calls them has been let in by tokens.py. Nothing here reads to the end of what
may have a million submissions; see walking.py.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from chalicelib import notify, outbox, search
from chalicelib.claims import address_claim
from chalicelib.delivery import Delivery, Task
from chalicelib.errors import (
    DeliveryFailed,
    FormNotFound,
    StoreUnavailable,
    SubmissionNotFound,
    TargetNotFound,
)
from chalicelib.exports import Sheet, bytes_in_json
from chalicelib.model import Folder, Page, is_submission_id
from chalicelib.values import dataclass
from chalicelib.walking import Budget, Stretch, gather

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date, datetime

    from chalicelib.exports import Format
    from chalicelib.model import Erased, Form, Submission
    from chalicelib.tokens import Gate
    from chalicelib.walking import Placed, Seen

# A search asks for more at a time than it shows: most of what it looks at does not match.
SEARCHED_AT_ONCE = 250
# Of a submission only where it is and when it came: some 100 bytes each.
MAX_COUNTED = 20_000
# Nobody looks at these one by one, so the time and the bytes of an answer are the limits.
MAX_EXPORTED = 25_000
MAX_NAMED = 5_000
# A form without declared fields can be sent any number of names.
MAX_NAMES_BYTES = 1_000_000


class SubmissionStore(Protocol):
    """Where submissions are kept."""

    def get(self, form: Form, submission_id: str, *, now: datetime) -> Submission:
        """Return a submission; SubmissionNotFound if it is gone."""

    def signing_key(self) -> bytes:
        """Return the stage's secret for keyed hashes."""


class OwnerStore(Protocol):
    """The same submissions, for their owner."""

    def walk(
        self, form: Form, stretch: Stretch, *, now: datetime, page_size: int
    ) -> Iterator[Seen]:
        """Yield submissions newest first, asking for so many at a time."""

    def walk_places(self, form: Form, stretch: Stretch, *, now: datetime) -> Iterator[Placed]:
        """Yield where each submission is, newest first."""

    def change(
        self,
        form: Form,
        submission_id: str,
        *,
        folder: Folder | None,
        is_read: bool | None,
        now: datetime,
    ) -> Submission:
        """Move a submission, mark it, or both; SubmissionNotFound if it is gone."""

    def unread(self, form: Form, *, now: datetime) -> dict[Folder, int]:
        """Count what is unread in each folder, to 1,000 and no further."""

    def erase(
        self, form: Form, submission_id: str, address_hash: Callable[[Submission], str | None]
    ) -> Erased:
        """Erase a submission, its deliveries and what points to it."""


class DeliveryStore(outbox.DeliveryStore, Protocol):
    """Where deliveries are kept."""

    def of_submission(self, submission_id: str) -> tuple[Delivery, ...]:
        """Return every delivery of one submission, by target."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """What the owner's verbs work with.

    Attributes:
        seconds: returns the time on a clock that only goes on, for how long a walk may take.
    """

    forms: Mapping[str, Form]
    submissions: SubmissionStore
    store: OwnerStore
    deliveries: DeliveryStore
    queue: outbox.DeliveryQueue
    now: Callable[[], datetime]
    seconds: Callable[[], float]


class Owner(NamedTuple):
    """Everything that the owner's routes work with.

    Attributes:
        gate: what lets the owner in.
    """

    inbox: Inbox
    gate: Gate


class Listing(NamedTuple):
    """What to list.

    Attributes:
        words: folded; every one must stand in a submission. None of them lists all.
        limit: how many at most.
    """

    stretch: Stretch
    words: tuple[str, ...] = ()
    limit: int = 50


class Whole(NamedTuple):
    """One submission with its deliveries."""

    submission: Submission
    form: Form
    deliveries: tuple[Delivery, ...]


class Changed(NamedTuple):
    """What became of each of many."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]


class Export(NamedTuple):
    """One page of an export."""

    text: str
    next_cursor: str | None


class Names(NamedTuple):
    """Names of fields, each once, in the order met."""

    names: tuple[str, ...]
    next_cursor: str | None


class Counts(NamedTuple):
    """How many came each day (UTC), by folder; days without any are left out."""

    by_day: Mapping[date, Mapping[Folder, int]]
    next_cursor: str | None


def form_of(form_id: str, inbox: Inbox) -> Form:
    """Return a form.

    Raises:
        FormNotFound: no form has this id.
    """
    form = inbox.forms.get(form_id)
    if form is None:
        raise FormNotFound
    return form


def unread_by_form(inbox: Inbox) -> list[tuple[Form, Mapping[Folder, int]]]:
    """Return every form with what is unread in it, in the order of forms.toml."""
    now = inbox.now()
    return [(form, inbox.store.unread(form, now=now)) for form in inbox.forms.values()]


def list_submissions(form: Form, listing: Listing, inbox: Inbox) -> Page:
    """Return one page, newest first; of a search, what was found as far as it came."""
    found: list[Submission] = []

    def take(submission: Submission) -> bool:
        if listing.words and not search.has_words(submission, listing.words):
            return True
        if len(found) == listing.limit:
            return False
        found.append(submission)
        return True

    # One more than is shown tells whether there is another page.
    page_size = SEARCHED_AT_ONCE if listing.words else listing.limit + 1
    next_cursor = gather(_walk(form, listing, inbox, page_size), take, Budget(inbox.seconds))
    return Page(tuple(found), next_cursor)


def whole(form: Form, submission_id: str, inbox: Inbox) -> Whole:
    """Return a submission with its deliveries.

    Raises:
        SubmissionNotFound: it is gone, or never was.
    """
    submission = _kept(form, submission_id, inbox)
    return Whole(submission, form, inbox.deliveries.of_submission(submission_id))


def change(
    form: Form, submission_id: str, inbox: Inbox, *, folder: Folder | None, is_read: bool | None
) -> Whole:
    """Move a submission, mark it, or both.

    Raises:
        SubmissionNotFound: it is gone, or never was.
    """
    submission = _changed(form, submission_id, inbox, folder=folder, is_read=is_read)
    return Whole(submission, form, inbox.deliveries.of_submission(submission_id))


def change_many(
    form: Form, ids: Iterable[str], inbox: Inbox, *, folder: Folder | None, is_read: bool | None
) -> Changed:
    """Do the same to many, each for itself: what is missing does not hold up the rest."""
    changed, missing = [], []
    for submission_id in dict.fromkeys(ids):
        try:
            _changed(form, submission_id, inbox, folder=folder, is_read=is_read)
        except SubmissionNotFound:
            missing.append(submission_id)
        else:
            changed.append(submission_id)
    return Changed(tuple(changed), tuple(missing))


def delete(form: Form, submission_id: str, inbox: Inbox) -> None:
    """Erase a submission with its deliveries and pointers.

    Raises:
        SubmissionNotFound: it is gone, or never was.
    """
    _check_id(submission_id)
    if not erase(form, submission_id, inbox).submissions:
        raise SubmissionNotFound


def erase(form: Form, submission_id: str, inbox: Inbox) -> Erased:
    """Erase a submission with its deliveries and pointers, and return how many of each."""
    return inbox.store.erase(
        form, submission_id, lambda submission: _address_hash(submission, form, inbox)
    )


def send_again(form: Form, submission_id: str, target_name: str, inbox: Inbox) -> Delivery:
    """Tell a target of a submission again, or for the first time if it is new in the form.

    Raises:
        TargetNotFound: the form has no such target.
        SubmissionNotFound: it is gone, or never was.
        StoreUnavailable: not known to be queued; the same call again does no harm.
    """
    if target_name not in {target.name for target in form.targets}:
        raise TargetNotFound
    submission = _kept(form, submission_id, inbox)
    fresh = Delivery(form.id, submission.id, target_name, expires_at=submission.expires_at)
    delivery = inbox.deliveries.open(fresh)
    try:
        if delivery.attempts:
            notify.retry(delivery, inbox.deliveries, inbox.queue)
        else:
            inbox.queue.put([Task(submission.id, target_name)])
    except DeliveryFailed as error:
        raise StoreUnavailable from error
    return inbox.deliveries.get(submission.id, target_name) or delivery


def count(form: Form, days: int, cursor: str | None, inbox: Inbox) -> Counts:
    """Count what came in the last so many days, today included, as far as one request comes.

    A day can be in two pages: whoever goes on with the cursor adds up.
    """
    now = inbox.now()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    stretch = Stretch(since=today - timedelta(days=days - 1), cursor=cursor)
    budget = Budget(inbox.seconds, MAX_COUNTED)
    by_day: dict[date, dict[Folder, int]] = {}
    for placed in inbox.store.walk_places(form, stretch, now=now):
        if placed.folder is not None:
            of_day = by_day.setdefault(placed.received_at.date(), dict.fromkeys(Folder, 0))
            of_day[placed.folder] += 1
        if budget.is_spent():
            return Counts(by_day, placed.cursor)
    return Counts(by_day, None)


def export(form: Form, listing: Listing, written: Format, inbox: Inbox) -> Export:
    """Write one page of submissions, newest first, as many as fit an answer.

    The listing's limit does not count: what one answer holds does.
    """
    sheet = Sheet(written, is_first=listing.stretch.cursor is None)

    def take(submission: Submission) -> bool:
        is_wanted = not listing.words or search.has_words(submission, listing.words)
        return not is_wanted or sheet.add(submission)

    walk = _walk(form, listing, inbox, SEARCHED_AT_ONCE)
    next_cursor = gather(walk, take, Budget(inbox.seconds, MAX_EXPORTED))
    return Export(sheet.text, next_cursor)


def field_names(form: Form, cursor: str | None, inbox: Inbox) -> Names:
    """Return the names that were sent to a form, the declared ones first, as far as it came."""
    names = {} if cursor else dict.fromkeys(field.name for field in form.fields)
    room = MAX_NAMES_BYTES

    def take(submission: Submission) -> bool:
        nonlocal room
        new = {answer.name for answer in submission.answers} - names.keys()
        size = sum(map(bytes_in_json, new))
        if size > room and room < MAX_NAMES_BYTES:
            return False
        room -= size
        names.update((answer.name, None) for answer in submission.answers)
        return True

    walk = _walk(form, Listing(Stretch(cursor=cursor)), inbox, SEARCHED_AT_ONCE)
    next_cursor = gather(walk, take, Budget(inbox.seconds, MAX_NAMED))
    return Names(tuple(names), next_cursor)


def _kept(form: Form, submission_id: str, inbox: Inbox) -> Submission:
    _check_id(submission_id)
    return inbox.submissions.get(form, submission_id, now=inbox.now())


def _changed(
    form: Form, submission_id: str, inbox: Inbox, *, folder: Folder | None, is_read: bool | None
) -> Submission:
    _check_id(submission_id)
    return inbox.store.change(form, submission_id, folder=folder, is_read=is_read, now=inbox.now())


def _check_id(submission_id: str) -> None:
    """Refuse what cannot be an id: DynamoDB would call a long one an invalid request."""
    if not is_submission_id(submission_id):
        raise SubmissionNotFound


def _walk(form: Form, listing: Listing, inbox: Inbox, page_size: int) -> Iterator[Seen]:
    return inbox.store.walk(form, listing.stretch, now=inbox.now(), page_size=page_size)


def _address_hash(submission: Submission, form: Form, inbox: Inbox) -> str | None:
    """Return the hash under which the answer to a submission was noted, if it can have been."""
    # With all of the mails: only who erases pays for it.
    from chalicelib.channels.autoresponse import normalised_address
    from chalicelib.mails.mailboxes import visitor_address

    address = visitor_address(submission, form)
    if address is None:
        return None
    return address_claim(form.id, normalised_address(address), inbox.submissions.signing_key())
