"""Fakes of what the owner's side works with; the contract suite holds them to the real thing."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from chalicelib.inbox import Inbox, Owner
from chalicelib.items import cursor_at, position
from chalicelib.model import Erased, Folder
from chalicelib.owner_store import MAX_UNREAD
from chalicelib.tokens import Gate, Scope, issue
from chalicelib.walking import Placed, Seen
from tests.builders import a_form
from tests.fakes import Clock, MemoryDeliveries, MemorySubmissions, RecordedQueue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from chalicelib.model import Form, Submission
    from chalicelib.tokens import Token, Window
    from chalicelib.walking import Stretch


class MemoryTokens:
    """The tokens in memory; counts what was asked of it."""

    def __init__(self) -> None:
        self.by_id: dict[str, Token] = {}
        self.failures: dict[Window, int] = {}
        self.look_ups = 0

    def look_up(self, token_id: str | None, window: Window) -> tuple[Token | None, int]:
        self.look_ups += 1
        return self.by_id.get(token_id or ""), self.failures.get(window, 0)

    def count_failure(self, window: Window) -> None:
        self.failures[window] = self.failures.get(window, 0) + 1

    def keep(self, token: Token) -> None:
        self.by_id[token.id] = token

    def revoke(self, token_id: str) -> bool:
        return self.by_id.pop(token_id, None) is not None

    def all(self) -> tuple[Token, ...]:
        return tuple(sorted(self.by_id.values(), key=lambda token: token.created_at))


class MemoryOwnerStore:
    """The owner's side of the submissions in memory."""

    def __init__(self, submissions: MemorySubmissions, deliveries: MemoryDeliveries) -> None:
        self._submissions = submissions
        self._deliveries = deliveries

    def walk(
        self, form: Form, stretch: Stretch, *, now: datetime, page_size: int
    ) -> Iterator[Seen]:
        for submission in self._newest(form, stretch):
            kept = submission.expires_at is None or submission.expires_at > now.timestamp()
            yield Seen(cursor_at(submission.id), submission if kept else None)

    def walk_places(self, form: Form, stretch: Stretch, *, now: datetime) -> Iterator[Placed]:
        for submission in self._newest(form, stretch):
            gone = submission.expires_at is not None and submission.expires_at <= now.timestamp()
            folder = None if gone else submission.folder
            yield Placed(cursor_at(submission.id), folder, submission.received_at)

    def change(
        self,
        form: Form,
        submission_id: str,
        *,
        folder: Folder | None,
        is_read: bool | None,
        now: datetime,
    ) -> Submission:
        submission = self._submissions.get(form, submission_id, now=now)
        changed = replace(
            submission,
            folder=submission.folder if folder is None else folder,
            is_read=submission.is_read if is_read is None else is_read,
        )
        self._submissions.by_id[form.id, submission_id] = changed
        return changed

    def unread(self, form: Form, *, now: datetime) -> dict[Folder, int]:
        counts = dict.fromkeys(Folder, 0)
        for submission in self._submissions.by_id.values():
            is_gone = submission.expires_at is not None and submission.expires_at <= now.timestamp()
            if submission.form == form.id and not submission.is_read and not is_gone:
                counts[submission.folder] = min(counts[submission.folder] + 1, MAX_UNREAD)
        return counts

    def erase(
        self, form: Form, submission_id: str, address_hash: Callable[[Submission], str | None]
    ) -> Erased:
        submission = self._submissions.by_id.pop((form.id, submission_id), None)
        if submission is None:
            return Erased()
        hashed = address_hash(submission)
        deliveries = self._deliveries.of_submission(submission_id)
        for delivery in deliveries:
            del self._deliveries.by_key[submission_id, delivery.target]
        addresses = self._deliveries._addresses  # noqa: SLF001  two fakes of one table
        is_holder = addresses.get(hashed or "", ("", 0))[0] == submission_id
        if is_holder:
            del addresses[hashed or ""]
        pointers = self._submissions.forget(submission_id) + is_holder
        return Erased(submissions=1, deliveries=len(deliveries), pointers=pointers)

    def _newest(self, form: Form, stretch: Stretch) -> Iterator[Submission]:
        before = position(stretch.cursor).removeprefix("SUB#")
        of_form = [s for s in self._submissions.by_id.values() if s.form == form.id]
        for submission in sorted(of_form, key=lambda s: s.id, reverse=True):
            if (
                submission.id < before
                and stretch.folder in {None, submission.folder}
                and (stretch.since is None or submission.received_at >= stretch.since)
                and (stretch.until is None or submission.received_at < stretch.until)
            ):
                yield submission


class Stopwatch:
    """A clock that goes on by so many seconds each time it is looked at."""

    def __init__(self, step_seconds: float = 0.0) -> None:
        self._steps = count()
        self._step_seconds = step_seconds

    def __call__(self) -> float:
        return next(self._steps) * self._step_seconds


def an_inbox(*forms: Form, **changes: Any) -> Inbox:
    """Return an inbox in memory; by default of one form, and for ever quick."""
    submissions, deliveries = MemorySubmissions(), MemoryDeliveries()
    return Inbox(
        **{
            "forms": {form.id: form for form in forms or (a_form(),)},
            "submissions": submissions,
            "store": MemoryOwnerStore(submissions, deliveries),
            "deliveries": deliveries,
            "queue": RecordedQueue(),
            "now": Clock(),
            "seconds": Stopwatch(),
            **changes,
        }
    )


def a_gate(**changes: Any) -> Gate:
    """Return a gate in memory that nobody has a token for."""
    return Gate(
        **{"tokens": MemoryTokens(), "signing_key": lambda: b"\x01" * 32, "now": Clock(), **changes}
    )


def an_owner() -> Owner:
    """Return what the owner's routes work with, in memory."""
    return Owner(an_inbox(), a_gate())


def a_token(
    scope: Scope = Scope.WRITE, *, name: str = "laptop", days: int | None = None, **changes: Any
) -> tuple[Token, str]:
    """Return a new token and its text; another one each time."""
    number = next(_token_numbers)
    clock = changes.pop("now", Clock())
    token, text = issue(
        name,
        scope,
        now=clock(),
        days=days,
        random_bytes=lambda size: number.to_bytes(4) * (size // 4) + b"\x00" * (size % 4),
    )
    return replace(token, **changes), text


_token_numbers = count(1)
