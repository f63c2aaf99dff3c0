"""Fakes that keep what they are given; the contract suite holds them to the real thing."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.channels import Sent
from chalicelib.errors import (
    IdempotencyKeyReused,
    StoreUnavailable,
    SubmissionNotFound,
    TooManySubmissions,
)
from chalicelib.items import cursor_at, position
from chalicelib.model import Known, Page, Stored
from tests.builders import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from email.message import EmailMessage

    from chalicelib.delivery import Delivery, DeliveryList, Task
    from chalicelib.model import Claim, Folder, Form, Novelty, Submission


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: datetime = NOON) -> None:
        self.time = now

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **interval: float) -> None:
        self.time += timedelta(**interval)


class MemorySubmissions:
    """The repository in memory."""

    def __init__(self) -> None:
        self.by_id: dict[tuple[str, str], Submission] = {}
        self._claims: dict[tuple[str, str], tuple[Claim, Submission]] = {}
        self._sent: Counter[str] = Counter()
        self._seen: dict[tuple[str, str], tuple[Novelty, str]] = {}
        self._lock = threading.Lock()

    def ping(self) -> None:
        """Memory always answers."""

    def signing_key(self) -> bytes:
        return b"\x01" * 32

    def add(self, submission: Submission, form: Form, claim: Claim) -> Stored | Known:
        now = int(submission.received_at.timestamp())
        with self._lock:
            made = self._claims.get((form.id, claim.key))
            if made and made[0].expires_at > now:
                earlier, first = made
                if earlier.fingerprint != claim.fingerprint:
                    raise IdempotencyKeyReused
                return Stored(first.id, first.received_at, is_repeat=first.id != submission.id)
            quota = claim.quota
            if quota and self._sent[quota.key] >= quota.limit:
                raise TooManySubmissions(
                    limit=quota.limit, retry_after_seconds=quota.expires_at - now
                )
            if known := {novelty.kind for novelty in claim.novelties if self._knows(novelty, now)}:
                return Known(frozenset(known))
            for novelty in claim.novelties:
                self._seen[novelty.kind, novelty.key] = novelty, submission.id
            self._sent.update([quota.key] if quota else [])
            self._claims[form.id, claim.key] = claim, submission
            self.by_id[form.id, submission.id] = submission
        return Stored(submission.id, submission.received_at, is_repeat=False)

    def _knows(self, novelty: Novelty, now: int) -> bool:
        seen, _ = self._seen.get((novelty.kind, novelty.key), (novelty, ""))
        return seen.expires_at > now and seen.holder != novelty.holder

    def forget(self, submission_id: str) -> int:
        """Remove what points to a submission; return how many pointers that were."""
        claims = [key for key, (_, first) in self._claims.items() if first.id == submission_id]
        seen = [key for key, (_, first) in self._seen.items() if first == submission_id]
        for claim in claims:
            del self._claims[claim]
        for novelty in seen:
            del self._seen[novelty]
        return len(claims) + len(seen)

    def get(self, form: Form, submission_id: str, *, now: datetime) -> Submission:
        submission = self.by_id.get((form.id, submission_id))
        if submission is None or not _is_kept(submission, now):
            raise SubmissionNotFound
        return submission

    def list(
        self,
        form: Form,
        folder: Folder,
        *,
        now: datetime,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page:
        before = position(cursor).removeprefix("SUB#")
        found = sorted(
            (
                s
                for s in self.by_id.values()
                if s.form == form.id and s.folder == folder and s.id < before and _is_kept(s, now)
            ),
            key=lambda s: s.id,
            reverse=True,
        )
        page = tuple(found[:limit])
        return Page(page, cursor_at(page[-1].id) if len(found) > limit else None)

    def move(self, form: Form, submission_id: str, folder: Folder) -> None:
        if (form.id, submission_id) not in self.by_id:
            raise SubmissionNotFound
        moved = replace(self.by_id[form.id, submission_id], folder=folder)
        self.by_id[form.id, submission_id] = moved

    def delete(self, form: Form, submission_id: str) -> None:
        if self.by_id.pop((form.id, submission_id), None) is None:
            raise SubmissionNotFound


class MemoryNotices(MemorySubmissions):
    """The repository in memory, as relay sees it."""

    def submission_in(self, image: Mapping[str, Any]) -> Submission | None:
        submission: Submission | None = image["submission"]
        return submission


class MemoryDeliveries:
    """The deliveries in memory."""

    def __init__(self) -> None:
        self.by_key: dict[tuple[str, str], Delivery] = {}
        self._addresses: dict[str, tuple[str, int]] = {}
        self._summary: datetime | None = None

    def open(self, delivery: Delivery) -> Delivery:
        return self.by_key.setdefault((delivery.submission_id, delivery.target), delivery)

    def get(self, submission_id: str, target: str) -> Delivery | None:
        return self.by_key.get((submission_id, target))

    def save(self, delivery: Delivery) -> None:
        key = delivery.submission_id, delivery.target
        if key in self.by_key:
            self.by_key[key] = delivery

    def of_submission(self, submission_id: str) -> tuple[Delivery, ...]:
        found = [d for d in self.by_key.values() if d.submission_id == submission_id]
        return tuple(sorted(found, key=lambda delivery: delivery.target))

    def listed(self, listed: DeliveryList) -> Iterator[Delivery]:
        return iter([d for d in self.by_key.values() if d.listed_in == listed])

    def claim_address(
        self, hashed: str, submission_id: str, *, now: datetime, expires_at: int
    ) -> bool:
        holder, until = self._addresses.get(hashed, ("", 0))
        if holder not in {"", submission_id} and until > int(now.timestamp()):
            return False
        self._addresses[hashed] = submission_id, expires_at
        return True

    def last_summary(self) -> datetime | None:
        return self._summary

    def save_summary(self, at: datetime, *, since: datetime | None) -> bool:
        if self._summary != since:
            return False
        self._summary = at
        return True


class RecordedQueue:
    """A queue that only keeps what was put into it; it fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.puts: list[tuple[Task, float]] = []
        self.buried: list[Task] = []
        self.failures = list(failures)

    @property
    def tasks(self) -> list[Task]:
        return [task for task, _ in self.puts]

    def put(self, tasks: Sequence[Task], *, delay_seconds: float = 0) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.puts += [(task, delay_seconds) for task in tasks]

    def bury(self, task: Task) -> None:
        self.buried.append(task)


class SentMail(NamedTuple):
    """A mail that left, and where it went."""

    message: EmailMessage
    recipients: list[str]
    tags: Mapping[str, str]


class SentPost(NamedTuple):
    """A post that left."""

    url: str
    body: bytes
    headers: Mapping[str, str]


class RecordedOutbound:
    """A way out that leads nowhere; it fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.mails: list[SentMail] = []
        self.posts: list[SentPost] = []
        self._failures = list(failures)

    def send_mail(
        self, message: EmailMessage, *, recipients: list[str], tags: Mapping[str, str]
    ) -> Sent:
        if self._failures:
            raise self._failures.pop(0)
        self.mails.append(SentMail(message, recipients, tags))
        return Sent(f"accepted by the mail service as message-{len(self.mails)}")

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Sent:
        if self._failures:
            raise self._failures.pop(0)
        self.posts.append(SentPost(url, body, headers))
        return Sent("answered 200", 200)


class UnavailableStore(MemorySubmissions):
    """A store that does not answer; nothing reaches it."""

    def ping(self) -> None:
        raise StoreUnavailable

    def add(self, submission: Submission, form: Form, claim: Claim) -> Stored | Known:
        raise StoreUnavailable


class StoreThatLosesAnswers(MemorySubmissions):
    """A store that writes, and whose first answers are lost on the way back."""

    def __init__(self, lost_answers: int) -> None:
        super().__init__()
        self._left = lost_answers

    def add(self, submission: Submission, form: Form, claim: Claim) -> Stored | Known:
        stored = super().add(submission, form, claim)
        if self._left:
            self._left -= 1
            raise StoreUnavailable
        return stored


def _is_kept(submission: Submission, now: datetime) -> bool:
    return submission.expires_at is None or submission.expires_at > now.timestamp()
