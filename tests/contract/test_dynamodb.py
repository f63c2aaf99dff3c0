"""What only DynamoDB can show: requests counted, sizes, faults, and two containers."""

from __future__ import annotations

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chalicelib.deliveries import Deliveries
from chalicelib.delivery import Delivery
from chalicelib.errors import StoreUnavailable, SubmissionTooLarge, TooManySubmissions
from chalicelib.model import Answer, Folder
from chalicelib.repository import Repository
from tests.builders import NOON, a_claim, a_form, a_novelty, a_quota, a_submission
from tests.contract.adding import add
from tests.dynamodb import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

FORM = a_form()


class RecordingClient:
    """Passes calls on to a client and keeps their names; can fail or lose answers."""

    def __init__(self, client: DynamoDBClient, *failures: Exception) -> None:
        self._client = client
        self._failures = list(failures)
        self._lock = threading.Lock()
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if name == "exceptions" or not callable(attribute):
            return attribute

        def call(**request: Any) -> Any:
            with self._lock:
                self.calls.append(name)
                if self._failures:
                    raise self._failures.pop(0)
                # One at a time, as DynamoDB serialises writes of one item.
                return attribute(**request)

        return call


def over(client: Any) -> Repository:
    return Repository(
        lambda: client, table=TABLE, random_bytes=secrets.token_bytes, pause=lambda _seconds: None
    )


def refusal(code: str, *reasons: str) -> ClientError:
    """Return an error as boto3 raises it."""
    response: Any = {
        "Error": {"Code": code, "Message": code},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(response, "TransactWriteItems")


def test_an_accepted_submission_is_one_request_and_so_is_a_repeat(
    dynamodb: DynamoDBClient,
) -> None:
    client = RecordingClient(dynamodb)
    repository = over(client)

    repository.add(a_submission(seed=1), FORM, a_claim())
    repository.add(a_submission(seed=2), FORM, a_claim())

    assert client.calls == ["transact_write_items"] * 2


def test_a_repeat_of_a_long_text_is_read_and_not_written_in_vain(dynamodb: DynamoDBClient) -> None:
    """A transaction that is refused is billed by the size of what it did not write."""
    client = RecordingClient(dynamodb)
    repository = over(client)
    long = (Answer("message", ("x" * 64_000,)),)
    first = add(repository, a_submission(answers=long), FORM, a_claim())
    client.calls.clear()

    repeats = [
        add(repository, a_submission(seed=seed, answers=long), FORM, a_claim()) for seed in (1, 2)
    ]

    assert repeats == [first._replace(is_repeat=True)] * 2
    assert client.calls == ["get_item"] * 2


def test_the_secret_is_read_once_for_a_container(dynamodb: DynamoDBClient) -> None:
    over(dynamodb).signing_key()
    client = RecordingClient(dynamodb)
    repository = over(client)

    assert {repository.signing_key() for _ in range(9)} == {over(dynamodb).signing_key()}
    assert client.calls == ["get_item"]


def test_containers_that_start_together_share_one_secret(dynamodb: DynamoDBClient) -> None:
    client = RecordingClient(dynamodb)
    with ThreadPoolExecutor(8) as threads:
        secrets_seen = set(threads.map(lambda _: over(client).signing_key(), range(16)))

    assert len(secrets_seen) == 1


def test_fifty_posts_with_one_claim_at_once_store_one(dynamodb: DynamoDBClient) -> None:
    repository = over(RecordingClient(dynamodb))
    with ThreadPoolExecutor(16) as threads:
        stored = list(
            threads.map(lambda n: add(repository, a_submission(seed=n), FORM, a_claim()), range(50))
        )

    assert len({result.submission_id for result in stored}) == 1
    assert sorted(result.is_repeat for result in stored) == [False] + [True] * 49
    assert len(repository.list(FORM, Folder.INBOX, now=NOON).submissions) == 1


def test_an_item_near_400_kb_is_refused_before_the_call(dynamodb: DynamoDBClient) -> None:
    client = RecordingClient(dynamodb)

    with pytest.raises(SubmissionTooLarge):
        over(client).add(
            a_submission(answers=(Answer("message", ("ä" * 200_000,)),)), FORM, a_claim()
        )

    assert client.calls == []


@pytest.mark.parametrize(
    "answers",
    [
        (Answer("message", ("x" * 399_000,)),),
        tuple(Answer(f"field {n}", ("x" * 300,)) for n in range(1_000)),
        (Answer("many", ("",) * 1_000),),
    ],
    ids=["one long text", "a thousand fields", "a thousand blanks"],
)
def test_what_is_counted_as_fitting_does_fit(
    dynamodb: DynamoDBClient, answers: tuple[Answer, ...]
) -> None:
    """The emulator enforces DynamoDB's own limit of 409,600 bytes."""
    repository = over(dynamodb)
    submission = a_submission(answers=answers)

    repository.add(submission, FORM, a_claim())

    assert repository.get(FORM, submission.id, now=NOON).answers == answers


@pytest.mark.parametrize(
    "failure",
    [
        refusal("ProvisionedThroughputExceededException"),
        refusal("ThrottlingException"),
        refusal("InternalServerError"),
        refusal("ResourceNotFoundException"),
        refusal("AccessDeniedException"),
        refusal("TransactionCanceledException", "ThrottlingError", "None"),
        ConnectTimeoutError(endpoint_url="https://dynamodb"),
    ],
    ids=lambda failure: failure.args[0][:60],
)
def test_a_store_that_fails_is_unavailable(dynamodb: DynamoDBClient, failure: Exception) -> None:
    repository = over(RecordingClient(dynamodb, failure))

    with pytest.raises(StoreUnavailable) as unavailable:
        repository.add(a_submission(), FORM, a_claim())

    assert unavailable.value.__cause__ is failure


@pytest.mark.parametrize("call", ["ping", "signing_key", "get", "list", "move", "delete"])
def test_every_call_to_a_store_that_does_not_answer_says_so(
    dynamodb: DynamoDBClient, call: str
) -> None:
    repository = over(RecordingClient(dynamodb, ConnectTimeoutError(endpoint_url="https://x")))
    calls: dict[str, Callable[[], object]] = {
        "ping": repository.ping,
        "signing_key": repository.signing_key,
        "get": lambda: repository.get(FORM, "x", now=NOON),
        "list": lambda: repository.list(FORM, Folder.INBOX, now=NOON),
        "move": lambda: repository.move(FORM, "x", Folder.SPAM),
        "delete": lambda: repository.delete(FORM, "x"),
    }

    with pytest.raises(StoreUnavailable):
        calls[call]()


def test_a_request_of_ours_that_dynamodb_calls_invalid_is_a_fault_of_ours(
    dynamodb: DynamoDBClient,
) -> None:
    with pytest.raises(ClientError):
        over(RecordingClient(dynamodb, refusal("ValidationException"))).ping()


def test_two_posts_that_meet_are_tried_again(dynamodb: DynamoDBClient) -> None:
    """DynamoDB cancels one of two transactions that touch one item at one moment."""
    conflict = refusal("TransactionCanceledException", "TransactionConflict", "None")
    client = RecordingClient(dynamodb, conflict, refusal("TransactionInProgressException"))

    stored = add(over(client), a_submission(), FORM, a_claim())

    assert not stored.is_repeat
    assert client.calls == ["transact_write_items"] * 3


def test_posts_that_keep_meeting_end_as_unavailable(dynamodb: DynamoDBClient) -> None:
    conflict = refusal("TransactionCanceledException", "TransactionConflict", "None")
    client = RecordingClient(dynamodb, *[conflict] * 9)

    with pytest.raises(StoreUnavailable):
        over(client).add(a_submission(), FORM, a_claim())

    assert len(client.calls) == 4


def test_a_submission_with_all_that_is_checked_is_stored_by_one_request(
    dynamodb: DynamoDBClient,
) -> None:
    client = RecordingClient(dynamodb)
    novelties = (a_novelty("proof", key="p"), a_novelty("content", key="t"))

    add(over(client), a_submission(), FORM, a_claim(quota=a_quota(), novelties=novelties))

    assert client.calls == ["transact_write_items"]


def test_a_refused_post_costs_one_request_and_the_second_one_writes_nothing(
    dynamodb: DynamoDBClient,
) -> None:
    client = RecordingClient(dynamodb)
    repository = over(client)
    quota = a_quota(limit=1)
    add(repository, a_submission(), FORM, a_claim("key 0", quota=quota))
    client.calls.clear()

    for number in range(1, 100):
        with pytest.raises(TooManySubmissions):
            repository.add(a_submission(seed=number), FORM, a_claim(f"key {number}", quota=quota))

    assert client.calls == ["transact_write_items"] + ["get_item"] * 98


def test_a_container_remembers_a_thousand_addresses_and_no_more(dynamodb: DynamoDBClient) -> None:
    used_up = refusal("TransactionCanceledException", "None", "None", "ConditionalCheckFailed")
    client = RecordingClient(dynamodb, *[used_up] * 1_001)
    repository = over(client)

    def post(address: int) -> None:
        repository.add(a_submission(), FORM, a_claim(quota=a_quota(f"address {address}")))

    for address in [*range(1_001), 1, 1_000]:
        with pytest.raises(TooManySubmissions):
            post(address)
    post(0)

    assert client.calls[1_001:] == ["get_item", "get_item", "transact_write_items"]


def test_the_first_page_costs_one_request_however_much_is_stored(
    dynamodb: DynamoDBClient,
) -> None:
    repository = over(dynamodb)
    for n in range(120):
        repository.add(a_submission(minutes=n, seed=n), FORM, a_claim(f"key-{n}"))
    client = RecordingClient(dynamodb)

    page = over(client).list(FORM, Folder.INBOX, now=NOON, limit=20)

    assert (len(page.submissions), client.calls) == (20, ["query"])


def test_neither_words_nor_keys_stand_in_the_claim(dynamodb: DynamoDBClient) -> None:
    over(dynamodb).add(a_submission(fields={"message": "private words"}), FORM, a_claim())

    items = dynamodb.scan(TableName=TABLE)["Items"]
    [claim] = [item for item in items if item["sk"]["S"] == "CLAIM"]
    assert set(claim) == {"pk", "sk", "submission_id", "received_at", "fingerprint", "expires_at"}


def test_the_stream_shows_submissions_among_other_items(dynamodb: DynamoDBClient) -> None:
    repository = over(dynamodb)
    submission = a_submission()
    repository.add(submission, FORM, a_claim())
    Deliveries(lambda: dynamodb, table=TABLE).open(Delivery("contact", submission.id, "email"))
    repository.signing_key()

    images = dynamodb.scan(TableName=TABLE)["Items"]
    seen = [repository.submission_in(image) for image in images]

    assert (len(images), [found for found in seen if found]) == (4, [submission])
