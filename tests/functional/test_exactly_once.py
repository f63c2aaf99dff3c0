"""Exactly once: through the whole app, many at a time, on DynamoDB's own rules."""

from __future__ import annotations

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.model import Folder
from chalicelib.repository import Repository
from tests.builders import ADA
from tests.dynamodb import TABLE, dynamodb_client
from tests.functional.conftest import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.model import Submission
    from tests.conversion import Answer
    from tests.functional.conftest import Backend


class Wire:
    """The way to DynamoDB: one request at a time, and some answers get lost on it."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = threading.Lock()
        self.answers_to_lose = 0
        self.exceptions = client.exceptions

    def __getattr__(self, name: str) -> Any:
        def call(**request: Any) -> Any:
            with self._lock:
                answer = getattr(self._client, name)(**request)
                if name == "transact_write_items" and self.answers_to_lose:
                    self.answers_to_lose -= 1
                    raise ReadTimeoutError(endpoint_url="https://dynamodb")
            return answer

        return call


@pytest.fixture
def wire() -> Iterator[Wire]:
    with dynamodb_client() as client:
        yield Wire(client)


@pytest.fixture
def repository(backend: Backend, wire: Wire) -> Repository:
    """The app's store from here on, on DynamoDB."""
    repository = Repository(
        lambda: cast("DynamoDBClient", wire),
        table=TABLE,
        random_bytes=secrets.token_bytes,
        pause=lambda _seconds: None,
    )
    backend.use(repository)
    return repository


def stored(repository: Repository, backend: Backend) -> tuple[Submission, ...]:
    form = FORMS["contact"]
    return repository.list(form, Folder.INBOX, now=backend.clock(), limit=100).submissions


def at_once(count: int, post: Any) -> list[Answer]:
    """Start every post at the same moment."""
    start = threading.Barrier(count)

    def run(number: int) -> Answer:
        start.wait()
        return post(number)  # type: ignore[no-any-return]

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def test_fifty_posts_with_one_key_store_one(backend: Backend, repository: Repository) -> None:
    answers = at_once(
        50, lambda _: backend.gateway.post_json("/contact", ADA, idempotency_key="one")
    )

    assert sorted(answer.status for answer in answers) == [200] * 49 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert len(stored(repository, backend)) == 1


def test_fifty_posts_with_fifty_keys_store_fifty(backend: Backend, repository: Repository) -> None:
    answers = at_once(
        50, lambda n: backend.gateway.post_json("/contact", ADA, idempotency_key=f"key-{n}")
    )

    assert [answer.status for answer in answers] == [201] * 50
    assert {s.id for s in stored(repository, backend)} == {a.json["id"] for a in answers}
    assert len(stored(repository, backend)) == 50


def test_fifty_clicks_on_a_plain_form_store_one(backend: Backend, repository: Repository) -> None:
    answers = at_once(50, lambda _: backend.gateway.post_form("/contact", ADA))

    assert {answer.status for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(stored(repository, backend)) == 1


def test_a_store_that_fails_after_writing_stores_one(
    backend: Backend, repository: Repository, wire: Wire
) -> None:
    wire.answers_to_lose = 1

    tries = [backend.gateway.post_json("/contact", ADA, idempotency_key="one") for _ in range(2)]

    assert [answer.status for answer in tries] == [503, 200]
    [submission] = stored(repository, backend)
    assert tries[-1].json["id"] == submission.id


@pytest.mark.parametrize("second", [0, 59.5, 299.5, 599.2, 3599.5, 86399.5])
def test_a_plain_form_posted_twice_within_a_second_stores_one(
    backend: Backend, repository: Repository, second: float
) -> None:
    """Also across the edge of every window that somebody might have thought of."""
    backend.clock.advance(seconds=second)
    backend.gateway.post_form("/contact", ADA)
    backend.clock.advance(seconds=0.9)
    backend.gateway.post_form("/contact", ADA)

    assert len(stored(repository, backend)) == 1


def test_the_same_words_an_hour_later_are_a_second_one(
    backend: Backend, repository: Repository
) -> None:
    backend.gateway.post_form("/contact", ADA)
    backend.clock.advance(hours=1)
    backend.gateway.post_form("/contact", ADA)

    assert len(stored(repository, backend)) == 2
