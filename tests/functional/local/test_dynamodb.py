"""The embedded DynamoDB: its data survive, and one process at a time holds them."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.errors import ConfigError
from ops.local import dynamodb, journal
from ops.local.database import Database
from tests.functional.local.running import PROJECT_DIR, request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient

    from ops.local.stream import Record

TABLE = "formpost-test"
A: dict[str, Any] = {"pk": {"S": "a"}, "sk": {"S": "X"}}
B: dict[str, Any] = {"pk": {"S": "b"}, "sk": {"S": "X"}}
LAST: dict[str, Any] = {"pk": {"S": "last"}, "sk": {"S": "X"}}
HOLDER = f"""
import sys
from pathlib import Path
from ops.local import dynamodb, journal
url = dynamodb.endpoint_url(Path(sys.argv[1]), {TABLE!r}, publish=sys.argv[2] == "publish")
print(url, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    dynamodb.close()


def client_at(url: str) -> DynamoDBClient:
    return boto3.client(
        "dynamodb",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106
        config=Config(retries={"total_max_attempts": 1}),
    )


def opened(data_dir: Path, table: str = TABLE) -> DynamoDBClient:
    return client_at(dynamodb.endpoint_url(data_dir, table))


def reopened(data_dir: Path) -> DynamoDBClient:
    """Start anew, as the next process does."""
    dynamodb.close()
    return opened(data_dir)


def items(client: DynamoDBClient, table: str = TABLE) -> list[dict[str, Any]]:
    return sorted(
        (dict(item) for item in client.scan(TableName=table)["Items"]),
        key=lambda item: str(item["pk"]["S"]),
    )


def lines(data_dir: Path) -> list[str]:
    """The journal's writes, without the marks that say how far relay has come."""
    journal = (data_dir / "dynamodb.jsonl").read_text().splitlines()
    return [line for line in journal if not line.startswith('{"Relayed"')]


@contextmanager
def other_process(data_dir: Path, *, publish: bool) -> Iterator[str]:
    """Let another process hold the folder until the block ends; yield its address."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data_dir), "publish" if publish else "keep"],
        cwd=PROJECT_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.communicate(timeout=30)


def test_table_is_the_one_of_the_deployed_system(data_dir: Path) -> None:
    client = opened(data_dir)

    table = client.describe_table(TableName=TABLE)["Table"]
    expiry = client.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]

    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    indexes = [index["IndexName"] for index in table["GlobalSecondaryIndexes"]]
    assert indexes == ["by_folder", "by_unread"]
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
    assert expiry == {"AttributeName": "expires_at", "TimeToLiveStatus": "ENABLED"}


def test_every_kind_of_write_survives(data_dir: Path) -> None:
    client = opened(data_dir)
    deep = {"M": {"B": {"S": "text"}, "l": {"L": [{"B": b"\x02"}]}}}
    binary: dict[str, Any] = {"secret": {"B": b"\x00\xff"}, "many": {"BS": [b"\x01"]}, "deep": deep}
    gone = {"pk": {"S": "gone"}, "sk": {"S": "X"}}
    client.put_item(
        TableName=TABLE, Item={**A, **binary}, ConditionExpression="attribute_not_exists(pk)"
    )
    client.put_item(TableName=TABLE, Item=gone)
    client.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": TABLE, "Item": B}},
            {"Delete": {"TableName": TABLE, "Key": gone}},
        ]
    )
    client.update_item(
        TableName=TABLE,
        Key=B,
        UpdateExpression="SET n = :n",
        ExpressionAttributeValues={":n": {"N": "1.50"}},
    )
    client.batch_write_item(
        RequestItems={TABLE: [{"PutRequest": {"Item": {**A, "pk": {"S": "c"}}}}]}
    )
    client.put_item(TableName=TABLE, Item={**A, "pk": {"S": "d"}})
    client.delete_item(TableName=TABLE, Key={**A, "pk": {"S": "d"}})

    expected = [{**A, **binary}, {**B, "n": {"N": "1.50"}}, {**A, "pk": {"S": "c"}}]
    assert items(client) == expected
    assert items(reopened(data_dir)) == expected
    # Once more, now from the snapshot that opening has written.
    assert items(reopened(data_dir)) == expected


def test_write_that_failed_leaves_no_line(data_dir: Path) -> None:
    client = opened(data_dir)
    client.put_item(TableName=TABLE, Item=A)

    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.put_item(TableName=TABLE, Item=A, ConditionExpression="attribute_not_exists(pk)")
    client.get_item(TableName=TABLE, Key=A)

    assert len(lines(data_dir)) == 1


def test_opening_leaves_one_line_for_each_item(data_dir: Path) -> None:
    client = opened(data_dir)
    for text in "one", "two", "three":
        client.put_item(TableName=TABLE, Item={**A, "text": {"S": text}})
    client.put_item(TableName=TABLE, Item=B)
    assert len(lines(data_dir)) == 4
    relay_all(dynamodb.held(data_dir))

    reopened(data_dir)

    stored = {"PutItem": {"TableName": TABLE, "Item": {**A, "text": {"S": "three"}}}}
    assert [json.loads(line) for line in lines(data_dir)] == [
        stored,
        {"PutItem": {"TableName": TABLE, "Item": B}},
    ]


def test_line_that_cannot_be_repeated_is_named(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "dynamodb.jsonl").write_text(
        '{"PutItem": {"TableName": "t", "Item": {"pk": {"S": "a"}, "sk": {"S": "X"}}}}\n'
        '{"UpdateItem": {"TableName": "t", "Key": {"pk": {"S": "a"}}}}\n'
    )

    with pytest.raises(ConfigError, match=r"dynamodb\.jsonl, line 2 is damaged"):
        opened(data_dir)

    assert len(lines(data_dir)) == 2


def put(database: Database, item: dict[str, Any]) -> None:
    answer = database.answer("PutItem", json.dumps({"TableName": TABLE, "Item": item}).encode())
    assert answer.status == 200


def relay_all(database: Database | None) -> None:
    """Take what there is to relay, as a pump does."""
    assert database
    batch = database.stream.wait_for_batch(1_000)
    assert batch
    database.mark_relayed(batch.writes)


def records(database: Database) -> list[Record]:
    """Return what relay would be handed now."""
    # One more, so that there is something to wait for.
    put(database, LAST)
    batch = database.stream.wait_for_batch(1_000)
    assert batch
    assert batch.records[-1]["dynamodb"]["NewImage"] == LAST
    return batch.records[:-1]


def streamed(database: Database) -> list[tuple[str, str]]:
    """Return kind and key of each record that relay has not seen."""
    return [
        (record["eventName"], record["dynamodb"]["Keys"]["pk"]["S"]) for record in records(database)
    ]


def test_what_relay_has_seen_is_not_streamed_again(tmp_path: Path) -> None:
    """Else every restart would tell the owner of old submissions."""
    path = tmp_path / "dynamodb.jsonl"
    first = Database(path, TABLE)
    put(first, A)
    relay_all(first)
    first.close()

    again = Database(path, TABLE)
    put(again, B)
    again.close()

    once_more = Database(path, TABLE)
    assert streamed(once_more) == [("INSERT", "b")]
    once_more.close()


def test_what_relay_has_not_seen_is_streamed_after_every_restart(tmp_path: Path) -> None:
    """The process may be killed between storing and telling, and also while it starts."""
    path = tmp_path / "dynamodb.jsonl"
    first = Database(path, TABLE)
    put(first, A)
    put(first, {**A, "text": {"S": "changed"}})
    delete = {"TableName": TABLE, "Key": A}
    first.answer("DeleteItem", json.dumps(delete).encode())
    both = [{"Put": {"TableName": TABLE, "Item": item}} for item in (A, B)]
    first.answer("TransactWriteItems", json.dumps({"TransactItems": both}).encode())
    first.close()
    Database(path, TABLE).close()

    again = Database(path, TABLE)

    expected = [("INSERT", "a"), ("MODIFY", "a"), ("REMOVE", "a"), ("INSERT", "a"), ("INSERT", "b")]
    assert streamed(again) == expected
    again.close()


def test_data_from_before_relay_are_old_news(tmp_path: Path) -> None:
    path = tmp_path / "dynamodb.jsonl"
    path.write_bytes(journal.line("PutItem", json.dumps({"TableName": TABLE, "Item": A}).encode()))

    database = Database(path, TABLE)

    assert streamed(database) == []
    database.close()


def test_write_that_failed_is_not_streamed(tmp_path: Path) -> None:
    database = Database(tmp_path / "dynamodb.jsonl", TABLE)
    put(database, A)
    relay_all(database)
    again = {"TableName": TABLE, "Item": A, "ConditionExpression": "attribute_not_exists(pk)"}

    assert database.answer("PutItem", json.dumps(again).encode()).status == 400

    assert streamed(database) == []
    database.close()


def test_stream_record_is_what_a_lambda_is_handed(tmp_path: Path) -> None:
    """Source: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html."""
    database = Database(tmp_path / "dynamodb.jsonl", TABLE)
    put(database, {**A, "secret": {"B": "AP8="}})

    [record] = records(database)
    database.close()

    about = record.pop("dynamodb")
    assert about["NewImage"] == {**A, "secret": {"B": "AP8="}}
    assert about["Keys"] == A
    assert about["StreamViewType"] == "NEW_IMAGE"
    assert abs(time.time() - about["ApproximateCreationDateTime"]) < 60
    assert about.keys() - {"NewImage", "Keys"} == {
        "ApproximateCreationDateTime",
        "SequenceNumber",
        "SizeBytes",
        "StreamViewType",
    }
    assert record.keys() == {"eventID", "eventName", "eventVersion", "eventSource", "awsRegion"}


def test_full_disk_is_an_error_and_nothing_unsaved_is_promised(data_dir: Path) -> None:
    client = opened(data_dir)
    client.put_item(TableName=TABLE, Item=A)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len("\n".join(lines(data_dir))) + 10, hard))
    try:
        with pytest.raises(client.exceptions.InternalServerError, match="cannot be written"):
            client.put_item(TableName=TABLE, Item=B)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    with pytest.raises(client.exceptions.InternalServerError, match="cannot be written"):
        client.get_item(TableName=TABLE, Key=B)
    assert items(reopened(data_dir)) == [A]


def test_one_of_many_concurrent_claims_wins(tmp_path: Path, switching: None) -> None:
    """Checking and writing are one step, as in DynamoDB."""
    database = Database(tmp_path / "dynamodb.jsonl", TABLE)
    statuses: list[int] = []

    def claim(number: int) -> None:
        item = {**A, "pk": {"S": str(number)}}
        put = {"TableName": TABLE, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        statuses.append(database.answer("PutItem", json.dumps(put).encode()).status)

    threads = [threading.Thread(target=claim, args=(n // 4,)) for n in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()

    assert (statuses.count(200), statuses.count(400)) == (50, 150)


@pytest.fixture
def switching() -> Iterator[None]:
    """Let threads interrupt each other all the time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_second_table_is_made_and_the_first_one_kept(data_dir: Path) -> None:
    opened(data_dir).put_item(TableName=TABLE, Item=A)

    client = opened(data_dir, "renamed")

    assert items(client, "renamed") == []
    assert items(reopened(data_dir)) == [A]


def test_two_folders_in_one_process_are_apart(data_dir: Path, tmp_path: Path) -> None:
    opened(data_dir).put_item(TableName=TABLE, Item=A)

    assert items(opened(tmp_path / "other")) == []


def test_same_process_gets_the_same_address(data_dir: Path) -> None:
    first = dynamodb.endpoint_url(data_dir, TABLE)

    assert dynamodb.endpoint_url(data_dir / "." / "x" / "..", TABLE) == first


def test_published_holder_is_used_by_other_processes(data_dir: Path) -> None:
    with other_process(data_dir, publish=True) as url:
        assert dynamodb.endpoint_url(data_dir, TABLE) == url
        client_at(url).put_item(TableName=TABLE, Item=A)

    assert items(opened(data_dir)) == [A]


def test_holder_that_keeps_to_itself_is_waited_for(data_dir: Path) -> None:
    with other_process(data_dir, publish=False):
        with pytest.raises(ConfigError, match=r"in use by process \d+, which does not answer"):
            dynamodb.endpoint_url(data_dir, TABLE, wait_seconds=0)
        waiting = threading.Thread(target=dynamodb.endpoint_url, args=(data_dir, TABLE))
        waiting.start()

    waiting.join(30)
    assert items(opened(data_dir)) == []


def test_killed_holder_leaves_the_folder_free(data_dir: Path) -> None:
    with other_process(data_dir, publish=True) as url:
        os.kill(int((data_dir / "dynamodb.lock").read_text()), 9)

    assert (data_dir / "dynamodb.url").read_text() == url
    assert dynamodb.endpoint_url(data_dir, TABLE) != url


def test_address_of_another_folder_is_not_believed(data_dir: Path, tmp_path: Path) -> None:
    """The port of a holder that is gone may be given to the next one."""
    other_url = dynamodb.endpoint_url(tmp_path / "other", TABLE)
    with other_process(data_dir, publish=False):
        (data_dir / "dynamodb.url").write_text(other_url)

        with pytest.raises(ConfigError, match="does not answer"):
            dynamodb.endpoint_url(data_dir, TABLE, wait_seconds=0)


def test_folder_and_files_are_the_owners_only(data_dir: Path) -> None:
    opened(data_dir).put_item(TableName=TABLE, Item=A)

    assert data_dir.stat().st_mode & 0o777 == 0o700
    assert (data_dir / "dynamodb.jsonl").stat().st_mode & 0o777 == 0o600


def test_what_is_not_dynamodb_is_refused(data_dir: Path) -> None:
    port = int(dynamodb.endpoint_url(data_dir, TABLE).rpartition(":")[2])

    answer = request(port, "/", method="POST", body=b"{}")

    assert answer.status == 400
    assert json.loads(answer.body)["__type"] == "UnknownOperationException"


def test_operation_that_moto_lacks_is_an_error_and_no_more(
    data_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    client = opened(data_dir)

    with pytest.raises(ClientError):
        client.list_global_tables()

    assert items(client) == []
    assert "NotImplementedError" in capfd.readouterr().err
