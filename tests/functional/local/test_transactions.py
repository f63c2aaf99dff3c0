"""Our TransactWriteItems is moto's own, without the copy of the whole table."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.dynamodb.exceptions import TransactionCanceledException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item

from ops.local.table import create_table_request
from ops.local.transactions import transact_write_items

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE = "formpost-test"
RESOURCES_FILE = Path(__file__).resolve().parents[3] / ".chalice" / "resources.json"
Transaction = list[dict[str, Any]]


@pytest.fixture(
    params=[DynamoDBBackend.transact_write_items, transact_write_items], ids=["moto", "ours"]
)
def transact(request: pytest.FixtureRequest) -> Callable[[DynamoDBBackend, Transaction], None]:
    implementation: Callable[[DynamoDBBackend, Transaction], None] = request.param
    return implementation


@pytest.fixture
def backend() -> DynamoDBBackend:
    return a_backend()


def a_backend(*keys: str) -> DynamoDBBackend:
    backend = DynamoDBBackend("us-east-1", "123456789012")
    table = create_table_request(RESOURCES_FILE, TABLE)
    backend.create_table(
        TABLE,
        schema=table["KeySchema"],
        throughput=None,
        attr=table["AttributeDefinitions"],
        global_indexes=table["GlobalSecondaryIndexes"],
        indexes=None,
        streams=table["StreamSpecification"],
        billing_mode="PAY_PER_REQUEST",
        sse_specification=None,
        tags=[],
        deletion_protection_enabled=False,
        warm_throughput=None,
    )
    for key in keys:
        backend.put_item(TABLE, an_item(key, "old"))
    return backend


def an_item(key: str, text: str = "new") -> dict[str, Any]:
    return {"pk": {"S": key}, "sk": {"S": "X"}, "text": {"S": text}}


def key_of(key: str) -> dict[str, Any]:
    return {"pk": {"S": key}, "sk": {"S": "X"}}


def put(key: str, text: str = "new", **rest: Any) -> dict[str, Any]:
    return {"Put": {"TableName": TABLE, "Item": an_item(key, text), **rest}}


def update(key: str, **rest: Any) -> dict[str, Any]:
    change = {
        "UpdateExpression": "SET #text = :text",
        "ExpressionAttributeNames": {"#text": "text"},
        "ExpressionAttributeValues": {":text": {"S": "updated"}},
    }
    return {"Update": {"TableName": TABLE, "Key": key_of(key), **change, **rest}}


def delete(key: str, **rest: Any) -> dict[str, Any]:
    return {"Delete": {"TableName": TABLE, "Key": key_of(key), **rest}}


def check(key: str, **rest: Any) -> dict[str, Any]:
    return {"ConditionCheck": {"TableName": TABLE, "Key": key_of(key), **rest}}


NEW = {"ConditionExpression": "attribute_not_exists(pk)"}
THERE = {"ConditionExpression": "attribute_exists(pk)"}


def text_by_key(backend: DynamoDBBackend) -> dict[str, str]:
    items = [item.to_json()["Attributes"] for item in backend.tables[TABLE].all_items()]
    return {item["pk"]["S"]: item["text"]["S"] for item in items}


def stream(backend: DynamoDBBackend) -> list[tuple[str, Any]]:
    shard = backend.tables[TABLE].stream_shard
    assert shard is not None
    records = [record.to_json() for record in shard.items]
    return [(r["eventName"], r["dynamodb"].get("NewImage")) for r in records]


def test_all_writes_of_a_transaction_are_done(transact: Any) -> None:
    backend = a_backend("a", "b", "c", "d")
    before = len(stream(backend))

    transact(backend, [put("new", **NEW), put("a"), update("b"), delete("c"), check("d", **THERE)])

    assert text_by_key(backend) == {"new": "new", "a": "new", "b": "updated", "d": "old"}
    assert [name for name, _ in stream(backend)[before:]] == [
        "INSERT",
        "MODIFY",
        "MODIFY",
        "REMOVE",
    ]


def test_failed_condition_undoes_all_and_shows_what_was_there(transact: Any) -> None:
    backend = a_backend("taken", "other")
    before = stream(backend)
    claim = put("taken", **NEW, ReturnValuesOnConditionCheckFailure="ALL_OLD")

    with pytest.raises(TransactionCanceledException) as cancelled:
        transact(backend, [put("new"), update("other"), delete("other2"), claim])

    reasons = json.loads(cancelled.value.description)["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "None", "None", CONDITION_FAILED]
    assert reasons[3]["Item"] == an_item("taken", "old")
    assert text_by_key(backend) == {"taken": "old", "other": "old"}
    assert stream(backend) == before


CONDITION_FAILED = "ConditionalCheckFailed"
operations = st.builds(
    lambda make, key, condition: make(key, **condition),
    st.sampled_from([put, update, delete]),
    st.sampled_from("abcd"),
    st.sampled_from([{}, NEW, THERE]),
) | st.builds(
    lambda key, condition: check(key, **condition),
    st.sampled_from("abcd"),
    st.sampled_from([NEW, THERE]),
)


@given(st.lists(operations, min_size=1, max_size=4))
def test_any_transaction_ends_as_moto_ends_it(transaction: Transaction) -> None:
    ours, motos = a_backend("a", "b"), a_backend("a", "b")

    results = [
        outcome(transact_write_items, ours, transaction),
        outcome(DynamoDBBackend.transact_write_items, motos, transaction),
    ]

    assert results[0] == results[1]
    assert text_by_key(ours) == text_by_key(motos)


def outcome(
    transact: Callable[[DynamoDBBackend, Transaction], None],
    backend: DynamoDBBackend,
    transaction: Transaction,
) -> str:
    try:
        transact(backend, copy.deepcopy(transaction))
    except Exception as error:  # noqa: BLE001  whatever it is, it must be the same
        return f"{type(error).__name__}: {error} {vars(error).get('description')}"
    return "done"


@pytest.mark.parametrize(
    "transaction",
    [
        [put("a"), put("a")],
        [put("a"), {"Put": {"TableName": "nowhere", "Item": an_item("a")}}],
        [{"Put": {"TableName": TABLE, "Item": {"pk": {"S": "a"}}}}],
        [{"Put": put("b")["Put"], "Delete": delete("c")["Delete"]}],
        [put("a", text="x" * 500_000)],
    ],
    ids=["twice", "no-table", "no-key", "two-in-one", "too-large"],
)
def test_malformed_transaction_is_refused_as_moto_refuses_it(
    transaction: Transaction,
) -> None:
    ours, motos = a_backend("a"), a_backend("a")

    results = [
        outcome(transact_write_items, ours, transaction),
        outcome(DynamoDBBackend.transact_write_items, motos, transaction),
    ]

    assert results[0] == results[1] != "done"
    assert text_by_key(ours) == text_by_key(motos) == {"a": "old"}


class Untouchable(Item):
    """An item that cannot be copied."""

    def __deepcopy__(self, memo: dict[int, Any]) -> NoReturn:
        raise AssertionError("an item that the transaction does not name was copied")


def test_items_that_are_not_named_are_not_copied(backend: DynamoDBBackend) -> None:
    """Else each post would take longer than the one before."""
    key = (DynamoType({"S": "other"}), DynamoType({"S": "X"}))
    backend.tables[TABLE].items[key[0]][key[1]] = Untouchable(*key, an_item("other"))

    transact_write_items(backend, [put("a", **NEW), put("b")])

    assert text_by_key(backend).keys() == {"a", "b", "other"}


def test_write_that_changes_nothing_leaves_no_stream_record(backend: DynamoDBBackend) -> None:
    """So does DynamoDB: "does not write a stream record for that operation"."""
    transact_write_items(backend, [put("a")])

    transact_write_items(backend, [put("a"), put("b")])

    assert [(name, image["pk"]["S"]) for name, image in stream(backend)] == [
        ("INSERT", "a"),
        ("INSERT", "b"),
    ]
