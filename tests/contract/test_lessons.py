"""What was learned, in the fake that other tests use and in DynamoDB: the two must not differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.errors import StoreUnavailable
from chalicelib.lesson_store import MAX_MODEL_BYTES, DynamoLessons
from chalicelib.lessons import Model
from chalicelib.model import Folder
from tests.builders import a_claim, a_form, a_submission
from tests.dynamodb import TABLE
from tests.lesson_fakes import MemoryLessons

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.lessons import Lesson, LessonStore
    from chalicelib.model import Submission
    from chalicelib.repository import Repository

FORM = a_form(shards=2)


class InMemory:
    """Submissions that are moved in the fake."""

    def __init__(self) -> None:
        self.lessons = MemoryLessons()
        self._kept: dict[str, Submission] = {}

    def moved(self, folder: Folder, seed: int = 0) -> dict[str, Any]:
        submission = a_submission(seed=seed, folder=folder)
        return self.lessons.moved(submission)

    def erase(self, seed: int = 0) -> None:
        self.lessons.erase(a_submission(seed=seed))


class InDynamo:
    """Submissions that are moved in a table."""

    def __init__(self, client: DynamoDBClient, repository: Repository) -> None:
        self.client = client
        self.lessons = DynamoLessons(lambda: client, table=TABLE)
        self._repository = repository
        self._stored: set[int] = set()

    def moved(self, folder: Folder, seed: int = 0) -> dict[str, Any]:
        submission = a_submission(seed=seed)
        if seed not in self._stored:
            self._stored.add(seed)
            self._repository.add(submission, FORM, a_claim(submission.id))
        self._repository.move(FORM, submission.id, folder)
        return self.item(seed)

    def erase(self, seed: int = 0) -> None:
        self._repository.delete(FORM, a_submission(seed=seed).id)

    def item(self, seed: int = 0) -> dict[str, Any]:
        """Return a submission as the stream shows it."""
        sort_key = {"S": f"SUB#{a_submission(seed=seed).id}"}
        items: list[Any] = self.client.scan(TableName=TABLE)["Items"]
        [found] = [item for item in items if item["sk"] == sort_key]
        return dict(found)


@pytest.fixture(params=["memory", "dynamodb"])
def it(request: pytest.FixtureRequest) -> InMemory | InDynamo:
    return InMemory() if request.param == "memory" else request.getfixturevalue("in_dynamo")


@pytest.fixture
def in_dynamo(dynamodb: DynamoDBClient, repository: Repository) -> InDynamo:
    return InDynamo(dynamodb, repository)


def lesson(it: InMemory | InDynamo, folder: Folder, seed: int = 0) -> Lesson:
    found = it.lessons.lesson_in(it.moved(folder, seed))
    assert found is not None
    return found


def test_where_nothing_was_learned_there_is_nothing(it: InMemory) -> None:
    assert it.lessons.read("contact") == Model(None, 0)
    assert it.lessons.read("contact", is_exact=True) == Model(None, 0)


def test_what_is_written_is_read(it: InMemory) -> None:
    assert it.lessons.write("contact", b"\x00counts\xff", 0, []) is None
    assert it.lessons.read("contact", is_exact=True) == Model(b"\x00counts\xff", 1)
    assert it.lessons.write("contact", b"more", 1, []) is None
    assert it.lessons.read("contact") == Model(b"more", 2)
    assert it.lessons.read("other") == Model(None, 0)


@pytest.mark.parametrize(
    ("folder", "is_spam"), [(Folder.SPAM, True), (Folder.INBOX, False), (Folder.ARCHIVE, False)]
)
def test_a_move_is_a_lesson(it: InMemory, folder: Folder, *, is_spam: bool) -> None:
    found = lesson(it, folder)

    assert found.submission.id == a_submission().id
    assert (found.is_spam, found.taught) == (is_spam, None)


@pytest.mark.parametrize("is_spam", [True, False])
def test_what_was_taught_is_seen_in_the_next_move(it: InMemory, *, is_spam: bool) -> None:
    first = lesson(it, Folder.SPAM if is_spam else Folder.ARCHIVE)
    it.lessons.write("contact", b"counts", 0, [first])

    assert lesson(it, Folder.INBOX).taught is is_spam


def test_others_counts_are_not_overwritten(it: InMemory) -> None:
    mine = lesson(it, Folder.SPAM)
    it.lessons.write("contact", b"theirs", 0, [])

    assert it.lessons.write("contact", b"mine", 0, [mine]) == [mine]
    assert it.lessons.read("contact") == Model(b"theirs", 1)
    assert lesson(it, Folder.SPAM).taught is None


def test_a_lesson_is_not_taught_twice(it: InMemory) -> None:
    """What is left says what the submission has taught by now."""
    once, other = lesson(it, Folder.SPAM), lesson(it, Folder.SPAM, 1)
    it.lessons.write("contact", b"counts", 0, [once])

    left = it.lessons.write("contact", b"twice", 1, [once, other])

    assert left == [once._replace(taught=True), other]
    assert it.lessons.read("contact") == Model(b"counts", 1)


def test_what_was_moved_on_and_what_is_gone_is_left_out(it: InMemory) -> None:
    moved, erased, still = (lesson(it, Folder.SPAM, seed) for seed in range(3))
    it.moved(Folder.INBOX, 0)
    it.erase(1)

    left = it.lessons.write("contact", b"counts", 0, [moved, erased, still])

    assert left == [still]
    assert it.lessons.read("contact") == Model(None, 0)


def test_another_taught_before_is_unlearned_under_its_condition(it: InMemory) -> None:
    it.lessons.write("contact", b"spam", 0, [lesson(it, Folder.SPAM)])

    assert it.lessons.write("contact", b"none", 1, [lesson(it, Folder.INBOX)]) is None
    assert lesson(it, Folder.INBOX).taught is False


def test_what_was_taught_is_neither_news_nor_a_move(
    in_dynamo: InDynamo, repository: Repository
) -> None:
    """Teaching is seen in the stream as well."""
    in_dynamo.lessons.write("contact", b"counts", 0, [lesson(in_dynamo, Folder.INBOX)])

    item = in_dynamo.item()

    assert in_dynamo.lessons.lesson_in(item) is None
    assert repository.submission_in(item) is None


def test_a_new_submission_and_other_items_are_no_moves(
    in_dynamo: InDynamo, repository: Repository
) -> None:
    repository.add(a_submission(), FORM, a_claim())

    items = in_dynamo.client.scan(TableName=TABLE)["Items"]

    assert len(items) >= 2
    assert [in_dynamo.lessons.lesson_in(item) for item in items] == [None] * len(items)


def test_more_than_an_item_holds_is_not_asked_for(in_dynamo: InDynamo) -> None:
    with pytest.raises(ValueError, match="400001 bytes"):
        in_dynamo.lessons.write("contact", b"x" * (MAX_MODEL_BYTES + 1), 0, [])


def test_a_table_that_is_gone_is_a_store_that_does_not_answer(dynamodb: DynamoDBClient) -> None:
    gone: LessonStore = DynamoLessons(lambda: dynamodb, table="formpost-gone")

    with pytest.raises(StoreUnavailable):
        gone.read("contact")
    with pytest.raises(StoreUnavailable):
        gone.write("contact", b"counts", 0, [])
