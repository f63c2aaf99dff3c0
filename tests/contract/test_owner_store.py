"""The owner's side of the submissions, in the fake that other tests use and in DynamoDB."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chalicelib.deliveries import Deliveries
from chalicelib.delivery import Delivery
from chalicelib.errors import InvalidCursor, StoreUnavailable, SubmissionNotFound
from chalicelib.items import cursor_at, submission_item
from chalicelib.model import Erased, Folder
from chalicelib.owner_store import MAX_UNREAD, OwnerStore
from chalicelib.walking import Stretch
from tests.builders import NOON, a_claim, a_form, a_novelty, a_submission
from tests.contract.adding import add
from tests.dynamodb import TABLE
from tests.fakes import MemoryDeliveries, MemorySubmissions
from tests.inbox_fakes import MemoryOwnerStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from chalicelib.inbox import OwnerStore as OwnerStoreProtocol
    from chalicelib.model import Form, Submission
    from chalicelib.repository import Repository

FORM = a_form()
SHARDED = a_form("sharded", shards=3)
FORMS = pytest.mark.parametrize("form", [FORM, SHARDED], ids=lambda form: form.id)


class Stores(NamedTuple):
    """The owner's side, and what puts something there."""

    submissions: MemorySubmissions | Repository
    deliveries: MemoryDeliveries | Deliveries
    owner: OwnerStoreProtocol

    def keep(self, form: Form = FORM, **changes: Any) -> Submission:
        submission = a_submission(form=form.id, **changes)
        self.submissions.add(submission, form, a_claim(f"key of {submission.id}"))
        return submission

    def ids(self, form: Form = FORM, **stretch: Any) -> list[str | None]:
        walk = self.owner.walk(form, Stretch(**stretch), now=NOON, page_size=2)
        return [seen.submission.id if seen.submission else None for seen in walk]


@pytest.fixture(params=["memory", "dynamodb"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        submissions, deliveries = MemorySubmissions(), MemoryDeliveries()
        return Stores(submissions, deliveries, MemoryOwnerStore(submissions, deliveries))
    client = request.getfixturevalue("dynamodb")
    return Stores(
        request.getfixturevalue("repository"),
        Deliveries(lambda: client, table=TABLE),
        OwnerStore(lambda: client, table=TABLE),
    )


@FORMS
def test_a_walk_is_newest_first_over_one_folder_or_all(stores: Stores, form: Form) -> None:
    stored = [
        stores.keep(form, minutes=minutes, folder=folder)
        for minutes, folder in enumerate([*Folder, *Folder, Folder.SPAM])
    ]
    stores.keep(a_form("other"), minutes=99)

    assert stores.ids(form) == [each.id for each in reversed(stored)]
    assert stores.ids(form, folder=Folder.SPAM) == [
        each.id for each in reversed(stored) if each.folder == Folder.SPAM
    ]


@FORMS
def test_a_walk_goes_on_behind_each_cursor(stores: Stores, form: Form) -> None:
    for seed in range(7):
        stores.keep(form, seed=seed)
    whole = stores.ids(form)
    walk = stores.owner.walk(form, Stretch(), now=NOON, page_size=3)

    for number, seen in enumerate(walk, start=1):
        assert stores.ids(form, cursor=seen.cursor) == whole[number:]


def test_since_takes_its_own_moment_and_until_does_not(stores: Stores) -> None:
    # The greatest and the smallest id of each moment.
    first, second, third = (
        [stores.keep(minutes=minutes, seed=seed).id for seed in (0, 2**80 - 1)]
        for minutes in range(3)
    )
    at = [NOON + timedelta(minutes=minutes) for minutes in range(3)]

    assert stores.ids(since=at[1]) == [*reversed(third), *reversed(second)]
    assert stores.ids(until=at[1]) == [*reversed(first)]
    assert stores.ids(since=at[1], until=at[2]) == [*reversed(second)]
    assert stores.ids(since=at[2], until=at[1]) == []
    assert stores.ids(since=at[1] + timedelta(milliseconds=1), until=at[2]) == []


def test_a_cursor_and_a_bound_both_count(stores: Stores) -> None:
    stored = [stores.keep(minutes=minutes) for minutes in range(5)]
    [newest, *_] = stores.owner.walk(FORM, Stretch(), now=NOON, page_size=9)

    assert stores.ids(cursor=newest.cursor, since=NOON + timedelta(minutes=3)) == [stored[3].id]
    assert stores.ids(cursor=newest.cursor, until=NOON + timedelta(minutes=1)) == [stored[0].id]


@pytest.mark.parametrize("cursor", ["", "!", "AAAA", "Zm9ybSNjb250YWN0", "ü"])
def test_a_cursor_of_somebody_else_s_is_refused(stores: Stores, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        stores.ids(cursor=cursor)


def test_a_place_stays_where_retention_has_ended(stores: Stores) -> None:
    """So that a walk over many of them can stop and go on."""
    gone = stores.keep(expires_at=int(NOON.timestamp()))
    kept = stores.keep(seed=1, expires_at=int(NOON.timestamp()) + 1)

    places = list(stores.owner.walk_places(FORM, Stretch(), now=NOON))

    assert stores.ids() == [kept.id, None]
    assert [(place.folder, place.received_at) for place in places] == [
        (Folder.INBOX, kept.received_at),
        (None, gone.received_at),
    ]


@FORMS
def test_moving_and_marking_are_kept(stores: Stores, form: Form) -> None:
    submission = stores.keep(form, folder=Folder.SPAM, subject="Hello")

    def change(folder: Folder | None, *, is_read: bool | None) -> Submission:
        return stores.owner.change(form, submission.id, folder=folder, is_read=is_read, now=NOON)

    moved = change(Folder.ARCHIVE, is_read=None)
    assert (moved.folder, moved.is_read, moved.subject) == (Folder.ARCHIVE, False, "Hello")
    assert stores.owner.unread(form, now=NOON)[Folder.ARCHIVE] == 1
    assert change(None, is_read=True).is_read
    assert change(None, is_read=True).is_read
    assert sum(stores.owner.unread(form, now=NOON).values()) == 0
    both = change(Folder.INBOX, is_read=False)
    assert (both.folder, both.is_read) == (Folder.INBOX, False)
    assert stores.submissions.get(form, submission.id, now=NOON) == both
    assert stores.ids(form, folder=Folder.INBOX) == [submission.id]
    assert stores.owner.unread(form, now=NOON) == {
        Folder.INBOX: 1,
        Folder.SPAM: 0,
        Folder.ARCHIVE: 0,
    }


def test_the_older_way_to_move_takes_the_mark_along(stores: Stores) -> None:
    submission = stores.keep()

    stores.submissions.move(FORM, submission.id, Folder.SPAM)

    assert stores.owner.unread(FORM, now=NOON)[Folder.SPAM] == 1


def test_what_is_gone_cannot_be_changed(stores: Stores) -> None:
    gone = stores.keep(expires_at=int(NOON.timestamp()))

    for submission_id in (gone.id, a_submission(seed=9).id):
        with pytest.raises(SubmissionNotFound):
            stores.owner.change(FORM, submission_id, folder=Folder.SPAM, is_read=None, now=NOON)
    assert stores.owner.erase(FORM, a_submission(seed=9).id, lambda _: None) == Erased()


@FORMS
def test_unread_is_counted_by_folder_and_without_what_has_expired(
    stores: Stores, form: Form
) -> None:
    for seed in range(6):
        stores.keep(form, seed=seed)
    stores.keep(form, seed=10, folder=Folder.SPAM)
    stores.keep(form, seed=11, expires_at=int(NOON.timestamp()))
    stores.keep(a_form("other"), seed=12)

    assert stores.owner.unread(form, now=NOON) == {
        Folder.INBOX: 6,
        Folder.SPAM: 1,
        Folder.ARCHIVE: 0,
    }


@FORMS
def test_erasing_takes_deliveries_and_pointers_along(stores: Stores, form: Form) -> None:
    submission, neighbour = stores.keep(form), stores.keep(form, seed=1)
    for target in ("email", "webhook"):
        stores.deliveries.open(Delivery(form.id, submission.id, target))
    stores.deliveries.open(Delivery(form.id, neighbour.id, "email"))
    later = int(NOON.timestamp()) + 60
    for hashed, holder in (("ada", submission), ("grace", neighbour)):
        stores.deliveries.claim_address(hashed, holder.id, now=NOON, expires_at=later)

    erased = stores.owner.erase(form, submission.id, lambda _: "ada")

    assert erased == Erased(submissions=1, deliveries=2, pointers=2)
    assert stores.owner.erase(form, submission.id, lambda _: "ada") == Erased()
    assert stores.ids(form) == [neighbour.id]
    assert stores.deliveries.of_submission(submission.id) == ()
    assert len(stores.deliveries.of_submission(neighbour.id)) == 1
    # Neither claim is made any more: the same key stores again, the address is answered again.
    again = a_submission(form=form.id, seed=5)
    assert not add(stores.submissions, again, form, a_claim(f"key of {submission.id}")).is_repeat
    assert stores.deliveries.claim_address("ada", again.id, now=NOON, expires_at=later)


def test_erasing_forgets_that_a_text_has_come_before(stores: Stores) -> None:
    ada, text = a_submission(), a_novelty(holder="Ada")
    add(stores.submissions, ada, FORM, a_claim("Ada's", novelties=(text,)))

    erased = stores.owner.erase(FORM, ada.id, lambda _: None)

    assert erased == Erased(submissions=1, deliveries=0, pointers=2)
    eve = a_claim("Eve's", novelties=(text._replace(holder="Eve"),))
    assert not add(stores.submissions, a_submission(seed=1), FORM, eve).is_repeat


def test_a_pointer_to_another_submission_is_left(stores: Stores) -> None:
    submission, neighbour = stores.keep(), stores.keep(seed=1)
    later = int(NOON.timestamp()) + 60
    stores.deliveries.claim_address("ada", neighbour.id, now=NOON, expires_at=later)

    erased = stores.owner.erase(FORM, submission.id, lambda _: "ada")

    assert erased == Erased(submissions=1, deliveries=0, pointers=1)
    assert not stores.deliveries.claim_address("ada", "third", now=NOON, expires_at=later)


def test_a_stretch_that_has_no_room_is_not_asked_for() -> None:
    """DynamoDB refuses BETWEEN with its bounds the wrong way round, which moto does not."""

    def no_client() -> NoReturn:
        raise AssertionError("the store was asked")

    store = OwnerStore(no_client, table=TABLE)

    for stretch in (
        Stretch(since=NOON + timedelta(days=1), until=NOON),
        Stretch(since=NOON, until=NOON),
        Stretch(since=NOON, cursor=cursor_at(a_submission(minutes=-1).id)),
    ):
        assert list(store.walk(FORM, stretch, now=NOON, page_size=1)) == []


def test_unread_is_not_counted_for_ever(repository: Repository, dynamodb: Any) -> None:
    """Put by batches, since a transaction each would take moto a minute."""
    for start in range(0, MAX_UNREAD + 50, 25):
        puts = [
            {"PutRequest": {"Item": submission_item(a_submission(seed=start + n), FORM)}}
            for n in range(25)
        ]
        dynamodb.batch_write_item(RequestItems={TABLE: puts})
    dynamodb.put_item(
        TableName=TABLE, Item=submission_item(a_submission(minutes=1, folder=Folder.SPAM), FORM)
    )

    counts = OwnerStore(lambda: dynamodb, table=TABLE).unread(FORM, now=NOON)

    assert counts == {Folder.INBOX: MAX_UNREAD, Folder.SPAM: 1, Folder.ARCHIVE: 0}


@pytest.mark.parametrize(
    "failure",
    [
        ConnectTimeoutError(endpoint_url="https://dynamodb.example"),
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow"}}, "Query"),
    ],
)
@pytest.mark.parametrize("verb", ["walk", "walk_places", "change", "unread", "erase"])
def test_a_store_that_does_not_answer_is_unavailable(failure: Exception, verb: str) -> None:
    class Down:
        exceptions = type("Exceptions", (), {"ConditionalCheckFailedException": KeyError})

        def __getattr__(self, name: str) -> Any:
            def call(**_request: object) -> None:
                raise failure

            return call

    store = OwnerStore(Down, table=TABLE)  # type: ignore[arg-type]
    verbs: dict[str, Callable[[], object]] = {
        "walk": lambda: list(store.walk(FORM, Stretch(), now=NOON, page_size=1)),
        "walk_places": lambda: list(store.walk_places(FORM, Stretch(), now=NOON)),
        "change": lambda: store.change(FORM, "x", folder=None, is_read=True, now=NOON),
        "unread": lambda: store.unread(FORM, now=NOON),
        "erase": lambda: store.erase(FORM, "x", lambda _: None),
    }

    with pytest.raises(StoreUnavailable):
        verbs[verb]()
