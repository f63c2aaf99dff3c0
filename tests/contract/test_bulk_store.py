"""Many submissions at once, on DynamoDB."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib import items
from chalicelib.bulk_store import BulkStore
from chalicelib.deliveries import Deliveries
from chalicelib.delivery import Delivery
from chalicelib.errors import StoreUnavailable
from chalicelib.model import Folder
from chalicelib.owner_store import OwnerStore
from tests.builders import NOON, a_claim, a_form, a_submission
from tests.dynamodb import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.model import Form, Submission
    from chalicelib.repository import Repository


class Throttled:
    """A client that leaves part of each batch undone, as often as it is told to."""

    def __init__(self, client: Any, *, done: int, times: int) -> None:
        self._client = client
        self._done = done
        self._times = times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def batch_get_item(self, *, RequestItems: Any) -> Any:  # noqa: N803
        wanted = RequestItems[TABLE]
        now, later = self._divided(wanted["Keys"])
        found = self._client.batch_get_item(RequestItems={TABLE: {**wanted, "Keys": now}})
        return {**found, "UnprocessedKeys": {TABLE: {**wanted, "Keys": later}} if later else {}}

    def batch_write_item(self, *, RequestItems: Any) -> Any:  # noqa: N803
        now, later = self._divided(RequestItems[TABLE])
        self._client.batch_write_item(RequestItems={TABLE: now})
        return {"UnprocessedItems": {TABLE: later} if later else {}}

    def _divided(self, members: list[Any]) -> tuple[list[Any], list[Any]]:
        if not self._times:
            return members, []
        self._times -= 1
        return members[: self._done], members[self._done :]


def a_store(client: Any, pauses: list[float] | None = None) -> BulkStore:
    return BulkStore(
        lambda: client, table=TABLE, pause=(pauses if pauses is not None else []).append
    )


def stored(repository: Repository, form: Form, submission: Submission) -> Submission:
    return repository.get(form, submission.id, now=NOON)


def test_what_is_missing_is_stored_whole_and_once(
    dynamodb: DynamoDBClient, repository: Repository
) -> None:
    form, store = a_form(), a_store(dynamodb)
    several = [
        a_submission(seed=n, folder=Folder.SPAM, is_read=True, subject="Hi") for n in range(60)
    ]

    first = store.add_missing([*several[:40], several[0]], form)
    second = store.add_missing(several, form)

    assert (first, second) == (40, 20)
    assert [stored(repository, form, each) for each in several] == several


def test_what_the_owner_changed_since_stays_changed(
    dynamodb: DynamoDBClient, repository: Repository
) -> None:
    form, store, submission = a_form(), a_store(dynamodb), a_submission()
    store.add_missing([submission], form)
    repository.move(form, submission.id, Folder.ARCHIVE)

    again = store.add_missing([submission], form)

    assert again == 0
    assert stored(repository, form, submission).folder == Folder.ARCHIVE


def test_what_visitors_sent_here_is_known_by_its_id(
    dynamodb: DynamoDBClient, repository: Repository
) -> None:
    form, submission = a_form(), a_submission()
    repository.add(submission, form, a_claim())

    assert a_store(dynamodb).missing([submission], form) == []


def test_it_is_found_where_it_was_before_the_form_had_more_shards(
    dynamodb: DynamoDBClient,
) -> None:
    store, several = a_store(dynamodb), [a_submission(seed=n) for n in range(30)]
    store.add_missing(several, a_form(shards=2))

    assert store.missing(several, a_form(shards=7)) == []


def test_what_a_batch_left_undone_is_asked_for_again(dynamodb: DynamoDBClient) -> None:
    form, several = a_form(), [a_submission(seed=n) for n in range(25)]
    pauses: list[float] = []
    store = a_store(Throttled(dynamodb, done=10, times=4), pauses)

    added = store.add_missing(several, form)

    assert added == 25
    assert a_store(dynamodb).missing(several, form) == []
    # Looking for 10, 10 and 5, then writing as many.
    assert pauses == [0.1, 0.2, 0.1]


def test_a_table_that_takes_nothing_is_an_error_in_the_end(dynamodb: DynamoDBClient) -> None:
    pauses: list[float] = []
    client = Throttled(dynamodb, done=1, times=1_000)

    with pytest.raises(StoreUnavailable) as told:
        a_store(client, pauses).add_missing([a_submission(seed=n) for n in range(25)], a_form())

    assert str(told.value.__cause__) == "the table took only part of a batch, 8 times"
    assert sum(pauses) == pytest.approx(12.7)


def test_all_that_is_kept_is_read_from_the_oldest_to_the_newest(
    dynamodb: DynamoDBClient,
) -> None:
    """Over all shards and folders; what the owner judged by a move is marked."""
    form, store = a_form(shards=3), a_store(dynamodb)
    folders = [*Folder, *Folder, *Folder]
    several = [a_submission(seed=n, minutes=n, folder=folder) for n, folder in enumerate(folders)]
    expired = a_submission(seed=99, minutes=-99, expires_at=int(NOON.timestamp()))
    store.add_missing([*several[5:], expired, *several[:5]], form)
    _, key = next(iter(items.places(form, several[4].id)))
    dynamodb.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET taught = :what",
        ExpressionAttributeValues={":what": {"S": "spam"}},
    )

    found = list(store.oldest_first(form, now=NOON))

    assert [each.submission for each in found] == several
    assert [each.submission for each in found if each.is_marked] == [several[4]]


def test_retention_is_changed_on_a_submission_and_its_deliveries(
    dynamodb: DynamoDBClient, repository: Repository
) -> None:
    form, store = a_form(shards=3), a_store(dynamodb)
    deliveries = Deliveries(lambda: dynamodb, table=TABLE)
    several = [a_submission(seed=n, minutes=n) for n in range(10)]
    store.add_missing(several, form)
    deliveries.open(Delivery("contact", several[0].id, "email"))
    until = int((NOON + timedelta(days=1)).timestamp())

    changed = [store.keep(kept, until) for kept in store.kept(form)]

    assert changed == [True] * 10
    assert Counter(kept.expires_at for kept in store.kept(form)) == {until: 10}
    assert [d.expires_at for d in deliveries.of_submission(several[0].id)] == [until]
    assert all(store.keep(kept, None) for kept in store.kept(form))
    assert Counter(kept.expires_at for kept in store.kept(form)) == {None: 10}
    assert [d.expires_at for d in deliveries.of_submission(several[0].id)] == [None]
    assert stored(repository, form, several[3]) == several[3]


def test_retention_does_not_bring_back_what_was_erased_meanwhile(
    dynamodb: DynamoDBClient,
) -> None:
    form, store, submission = a_form(), a_store(dynamodb), a_submission()
    store.add_missing([submission], form)
    [kept] = store.kept(form)
    OwnerStore(lambda: dynamodb, table=TABLE).erase(form, submission.id, lambda _: None)

    assert not store.keep(kept, 1)
    assert dynamodb.scan(TableName=TABLE)["Items"] == []
