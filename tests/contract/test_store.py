"""What every store of submissions promises, on the fake and on DynamoDB alike."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.errors import (
    IdempotencyKeyReused,
    InvalidCursor,
    SubmissionNotFound,
    TooManySubmissions,
)
from chalicelib.model import (
    Answer,
    Folder,
    Known,
    Sender,
    Signal,
    Verdict,
)
from tests.builders import NOON, a_claim, a_form, a_novelty, a_quota, a_submission
from tests.contract.adding import add

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.repository import Repository
    from tests.fakes import MemorySubmissions

    Store = MemorySubmissions | Repository

FORM = a_form()


def keep(store: Store, submission: Submission, form: Form = FORM) -> Submission:
    """Store one under a claim of its own."""
    add(store, submission, form, a_claim(f"key of {submission.id}"))
    return submission


def read_all(store: Store, form: Form = FORM, *, limit: int = 3) -> list[str]:
    """Return the ids of the inbox, page by page."""
    ids: list[str] = []
    cursor = None
    while True:
        page = store.list(form, Folder.INBOX, now=NOON, limit=limit, cursor=cursor)
        ids += [submission.id for submission in page.submissions]
        assert len(page.submissions) <= limit
        if page.next_cursor is None:
            return ids
        assert len(page.submissions) == limit
        cursor = page.next_cursor


def test_a_submission_comes_back_as_it_was_stored(store: Store) -> None:
    submission = a_submission(
        answers=(
            Answer("b", ("1", "", "2")),
            Answer("__proto__", ("\x00 \ufffd 😀 \u202e",)),
            Answer("", ("",)),
            Answer("a", ("x",)),
        ),
        verdict=Verdict((Signal("honeypot", 10.0, "filled in"), Signal("x", 0.5, "y")), 5.0),
        sender=Sender("hash", None, None),
        folder=Folder.SPAM,
        subject="Hello",
        reply_to="a@b.c",
        expires_at=4_000_000_000,
    )

    keep(store, submission)

    assert store.get(FORM, submission.id, now=NOON) == submission
    assert store.list(FORM, Folder.SPAM, now=NOON).submissions == (submission,)


def test_a_claim_made_twice_stores_one_and_answers_with_the_first(store: Store) -> None:
    first, second = a_submission(seed=1), a_submission(seed=2, minutes=1)

    stored = add(store, first, FORM, a_claim("key"))
    repeated = add(store, second, FORM, a_claim("key"))

    assert (stored.submission_id, stored.is_repeat) == (first.id, False)
    assert (repeated.submission_id, repeated.received_at) == (first.id, first.received_at)
    assert repeated.is_repeat
    assert read_all(store) == [first.id]


def test_the_same_call_again_is_no_repeat(store: Store) -> None:
    """Its first try was stored, and the answer was lost on the way."""
    submission = a_submission()

    add(store, submission, FORM, a_claim("key"))

    assert not add(store, submission, FORM, a_claim("key")).is_repeat
    assert read_all(store) == [submission.id]


def test_a_claim_ends(store: Store) -> None:
    """At its last second it is still one; TTL, which deletes days later, is not waited for."""
    add(store, a_submission(seed=1), FORM, a_claim("key", minutes=10))

    late = add(store, a_submission(seed=2, minutes=9.99), FORM, a_claim("key", minutes=20))
    later = add(store, a_submission(seed=3, minutes=10), FORM, a_claim("key", minutes=20))

    assert (late.is_repeat, later.is_repeat) == (True, False)
    assert len(read_all(store)) == 2


def test_a_claim_with_other_content_is_refused(store: Store) -> None:
    add(store, a_submission(seed=1), FORM, a_claim("key", fingerprint="one"))

    with pytest.raises(IdempotencyKeyReused):
        add(store, a_submission(seed=2), FORM, a_claim("key", fingerprint="other"))

    assert len(read_all(store)) == 1


def test_a_claim_belongs_to_its_form(store: Store) -> None:
    other = a_form("other")

    add(store, a_submission(seed=1), FORM, a_claim("key"))
    stored = add(store, a_submission(seed=2, form="other"), other, a_claim("key"))

    assert not stored.is_repeat


def test_a_quota_that_is_used_up_stores_nothing_more(store: Store) -> None:
    quota = a_quota(limit=2, minutes=60)
    for number in range(2):
        add(store, a_submission(seed=number), FORM, a_claim(f"key {number}", quota=quota))

    with pytest.raises(TooManySubmissions) as refused:
        store.add(a_submission(seed=3, minutes=15), FORM, a_claim("key 3", quota=quota))

    # A quarter of an hour after noon, three quarters are left of the hour.
    assert refused.value.headers == {"Retry-After": "2700"}
    assert len(read_all(store)) == 2


def test_another_address_has_a_quota_of_its_own(store: Store) -> None:
    add(store, a_submission(seed=1), FORM, a_claim("key 1", quota=a_quota("Ada's", limit=1)))

    grace = a_claim("key 2", quota=a_quota("Grace's", limit=1))

    assert not add(store, a_submission(seed=2), FORM, grace).is_repeat


def test_a_repeat_uses_up_no_quota_and_is_answered_when_there_is_none_left(store: Store) -> None:
    quota = a_quota(limit=2)
    first = a_submission(seed=1)
    for seed in (1, 2, 3):
        add(store, a_submission(seed=seed), FORM, a_claim("key", quota=quota))
    add(store, a_submission(seed=4), FORM, a_claim("other key", quota=quota))
    for _ in range(2):  # What is over the limit is remembered the second time.
        with pytest.raises(TooManySubmissions):
            store.add(a_submission(seed=5), FORM, a_claim("third key", quota=quota))

    repeated = add(store, a_submission(seed=6), FORM, a_claim("key", quota=quota))

    assert (repeated.submission_id, repeated.is_repeat) == (first.id, True)


def test_what_came_before_from_elsewhere_is_known_and_nothing_is_stored(store: Store) -> None:
    proof, text = a_novelty("proof", key="p"), a_novelty("content", key="t")
    add(store, a_submission(seed=1), FORM, a_claim("key 1", novelties=(proof, text)))

    eve = (proof._replace(holder="Eve"), text._replace(holder="Eve"))
    both = store.add(a_submission(seed=2), FORM, a_claim("key 2", novelties=eve))
    one = store.add(
        a_submission(seed=3),
        FORM,
        a_claim("key 3", novelties=(a_novelty("proof", key="q"), eve[1])),
    )

    assert both == Known(frozenset({"proof", "content"}))
    assert one == Known(frozenset({"content"}))
    assert len(read_all(store)) == 1


def test_what_was_refused_as_known_has_used_up_nothing(store: Store) -> None:
    quota, text = a_quota(limit=2), a_novelty(key="t")
    add(store, a_submission(seed=1), FORM, a_claim("key 1", quota=quota, novelties=(text,)))

    again = a_claim("key 2", quota=quota, novelties=(text._replace(holder="Eve"),))
    store.add(a_submission(seed=2), FORM, again)

    assert not add(store, a_submission(seed=3), FORM, a_claim("key 2", quota=quota)).is_repeat


def test_its_holder_may_bring_it_again_and_so_may_all_when_its_time_is_over(store: Store) -> None:
    text = a_novelty(key="t", holder="Ada", minutes=10)
    eve = text._replace(holder="Eve")
    add(store, a_submission(seed=1), FORM, a_claim("key 1", novelties=(text,)))

    add(store, a_submission(seed=2, minutes=1), FORM, a_claim("key 2", novelties=(text,)))
    early = store.add(a_submission(seed=3, minutes=9.9), FORM, a_claim("key 3", novelties=(eve,)))
    add(store, a_submission(seed=4, minutes=10), FORM, a_claim("key 4", novelties=(eve,)))

    assert early == Known(frozenset({"content"}))
    assert len(read_all(store)) == 3


def test_a_repeat_brings_nothing_new(store: Store) -> None:
    """A visitor who sends again what was stored is not a wave of advertisements."""
    proof = a_novelty("proof", key="p")
    add(store, a_submission(seed=1), FORM, a_claim("key", novelties=(proof,)))

    other = proof._replace(holder="another try")
    repeated = add(store, a_submission(seed=2), FORM, a_claim("key", novelties=(other,)))

    assert repeated.is_repeat


@pytest.mark.parametrize("shards", [1, 3])
def test_a_folder_is_listed_newest_first_page_by_page(store: Store, shards: int) -> None:
    form = a_form(shards=shards)
    kept = [keep(store, a_submission(minutes=n, seed=n), form).id for n in range(10)]

    assert read_all(store, form) == kept[::-1]
    assert read_all(store, form, limit=10) == kept[::-1]
    assert read_all(store, form, limit=50) == kept[::-1]


def test_a_page_is_not_shifted_by_what_arrives_meanwhile(store: Store) -> None:
    early = [keep(store, a_submission(minutes=n, seed=n)).id for n in range(6)]
    first = store.list(FORM, Folder.INBOX, now=NOON, limit=3)
    keep(store, a_submission(minutes=60, seed=60))

    second = store.list(FORM, Folder.INBOX, now=NOON, limit=3, cursor=first.next_cursor)

    assert [s.id for s in (*first.submissions, *second.submissions)] == early[::-1]
    assert second.next_cursor is None


def test_a_page_is_not_shifted_by_what_is_erased_meanwhile(store: Store) -> None:
    kept = [keep(store, a_submission(minutes=n, seed=n)).id for n in range(6)]
    first = store.list(FORM, Folder.INBOX, now=NOON, limit=3)
    store.delete(FORM, first.submissions[-1].id)

    second = store.list(FORM, Folder.INBOX, now=NOON, limit=3, cursor=first.next_cursor)

    assert [s.id for s in second.submissions] == kept[2::-1]


def test_submissions_of_one_moment_are_all_listed(store: Store) -> None:
    kept = {keep(store, a_submission(seed=n)).id for n in range(9)}

    listed = read_all(store, limit=2)

    assert (len(listed), set(listed)) == (9, kept)


def test_forms_and_folders_are_apart(store: Store) -> None:
    keep(store, a_submission(seed=1, folder=Folder.SPAM))
    keep(store, a_submission(seed=2, form="other"), a_form("other"))
    mine = keep(store, a_submission(seed=3))

    assert read_all(store) == [mine.id]


@pytest.mark.parametrize("cursor", ["", "x", "ä", "====", "A" * 400, "Li4vLi4v", "U1VCI34"])
def test_a_cursor_of_another_s_making_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        store.list(FORM, Folder.INBOX, now=NOON, cursor=cursor)


def test_what_has_expired_is_gone_at_once(store: Store) -> None:
    noon = int(NOON.timestamp())
    gone = keep(store, a_submission(seed=1, expires_at=noon))
    kept = keep(store, a_submission(seed=2, expires_at=noon + 1))

    assert read_all(store) == [kept.id]
    with pytest.raises(SubmissionNotFound):
        store.get(FORM, gone.id, now=NOON)
    with pytest.raises(SubmissionNotFound):
        store.get(FORM, kept.id, now=NOON + timedelta(seconds=1))


@pytest.mark.parametrize("shards", [1, 3])
def test_a_submission_can_be_moved_and_erased(store: Store, shards: int) -> None:
    form = a_form(shards=shards)
    submission = keep(store, a_submission(), form)

    store.move(form, submission.id, Folder.ARCHIVE)

    assert read_all(store, form) == []
    [moved] = store.list(form, Folder.ARCHIVE, now=NOON).submissions
    assert (moved.id, moved.answers, moved.folder) == (
        submission.id,
        submission.answers,
        Folder.ARCHIVE,
    )

    store.delete(form, submission.id)

    with pytest.raises(SubmissionNotFound):
        store.get(form, submission.id, now=NOON)


def test_a_submission_is_found_after_its_form_got_more_shards(store: Store) -> None:
    submission = keep(store, a_submission())
    grown = a_form(shards=5)

    store.move(grown, submission.id, Folder.SPAM)

    assert store.get(grown, submission.id, now=NOON).folder == Folder.SPAM
    assert store.list(grown, Folder.SPAM, now=NOON).submissions[0].id == submission.id


def test_what_is_not_there_is_not_found(store: Store) -> None:
    nowhere = a_submission().id

    for call in (
        lambda: store.get(FORM, nowhere, now=NOON),
        lambda: store.move(FORM, nowhere, Folder.SPAM),
        lambda: store.delete(FORM, nowhere),
    ):
        with pytest.raises(SubmissionNotFound):
            call()
    assert read_all(store) == []


def test_the_secret_is_one(store: Store) -> None:
    assert len(store.signing_key()) == 32
    assert store.signing_key() == store.signing_key()


def test_a_store_that_answers_says_so(store: Store) -> None:
    store.ping()
