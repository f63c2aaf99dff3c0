"""Backup and restore: what is lost comes back, and a stage moves, without anybody being told."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from moto.server import ThreadedMotoServer

from chalicelib.delivery import DeliveryState
from chalicelib.model import Folder, Signal, Target, Verdict
from ops.cli import cli
from tests.builders import a_claim, a_submission
from tests.functional.owner import owner, owner_of
from tests.functional.stage import REGION, SENDER, TABLE, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chalicelib.model import Claim, Submission
    from tests.functional.owner import Owner

MAIL = Target("email", "email", {"to": ["ada@owner.example"], "from": SENDER})
ANSWER = Target("answer", "autoresponse", {"from": SENDER, "subject": "Thanks", "text": "Soon."})
ELSEWHERE = "us-east-1"
# Unix s; the commands go by the clock of the machine, and these tests outlive the year.
NEVER, LONG_AGO = 32_503_680_000, 1_000_000_000
LIST = "/forms/contact/submissions"
SPAM = Verdict((Signal("honeypot", 10.0, "_gotcha was filled in"),), 5.0)


@pytest.fixture
def home() -> Iterator[Owner]:
    """A stage with something of everything that is kept."""
    with owner(MAIL, ANSWER) as it:
        told = it.store(reply_to="ann@example.com", expires_at=NEVER)
        it.stage.relay()
        it.stage.deliver_until_settled()
        it.stage.bounce(told, "email")
        for seed, folder in enumerate(Folder, 1):
            it.store(seed=seed, folder=folder, verdict=SPAM, subject="Hi", is_read=seed == 2)
        it.stage.relay()
        it.store(seed=8, expires_at=LONG_AGO)
        it.stage.relay()
        while it.stage.take():
            it.stage.sqs.delays.pop()
        yield it


@pytest.fixture(autouse=True)
def _dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the command line's own client reach the account: moto answers in this process what
    boto3 sends, and the store's client has none of the handlers that moto comes in by.
    """
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://{host}:{port}")
    yield
    server.stop()


def a_lasting_claim(key: str = "kept") -> Claim:
    return replace(a_claim(key), expires_at=NEVER)


def ops(
    *arguments: str, region: str = REGION, stdin: bytes | None = None, exit_code: int = 0
) -> str:
    """Run the command line with this account's credentials, and return what it says."""
    environment = {
        "FORMPOST_STORE": "aws",
        "FORMPOST_TABLE": TABLE,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    done = CliRunner().invoke(cli, arguments, env=environment, input=stdin)
    assert done.exit_code == exit_code, done.output
    return done.output


def items_of(stage: Stage) -> list[Any]:
    return list(stage.submissions.client.scan(TableName=TABLE)["Items"])


def seen(it: Owner) -> dict[str, Any]:
    """Return what the owner is shown of everything, by the real API."""
    asked = ["/forms", LIST, f"{LIST}?folder=spam", f"{LIST}?folder=archive"]
    asked += ["/forms/contact/counts", "/forms/contact/names"]
    answers = {path: it.ask("GET", path) for path in asked}
    for path in asked[1:4]:
        for entry in answers[path].json["submissions"]:
            one = f"{LIST}/{entry['id']}"
            answers[one] = it.ask("GET", one)
    answers["person"] = it.ask("POST", "/people/find", {"email": "ann@example.com"})
    assert {answer.status for answer in answers.values()} == {200}
    return {path: answer.json for path, answer in answers.items()}


def by_key(items: list[Any]) -> dict[tuple[str, str], Any]:
    """Return items by their keys, without what a restore notes and without what has expired."""
    return {
        (item["pk"]["S"], item["sk"]["S"]): {
            name: value for name, value in item.items() if name != "last_change"
        }
        for item in items
        if int(item.get("expires_at", {"N": "32503680000"})["N"]) >= NEVER
    }


def test_a_stage_moves_to_another_region_and_its_owner_sees_no_difference(
    home: Owner, tmp_path: Path
) -> None:
    claim = a_lasting_claim()
    first = a_submission(seed=20)
    home.stage.submissions.add(first, home.stage.form, claim)
    before = seen(home)

    said = ops("backup", "-o", str(tmp_path / "all.jsonl"))
    away = Stage((MAIL, ANSWER), region=ELSEWHERE)
    said += ops("restore", str(tmp_path / "all.jsonl"), region=ELSEWHERE)

    assert "6 submissions, 6 deliveries, 1 tokens" in said
    # One of them has expired, with what is beside it.
    assert "5 submissions, 4 deliveries, 1 tokens" in said
    with owner_of(away) as moved:
        assert by_key(moved.items()).items() >= by_key(home.items()).items()
        # The same token signs in.
        moved.text = home.text
        assert seen(moved) == before
        # A repeat of what was sent before the move is known, to senders' hashes as well.
        assert away.submissions.signing_key() == home.stage.submissions.signing_key()
        again = away.submissions.add(a_submission(seed=21), away.form, claim)
        assert (getattr(again, "submission_id", None), getattr(again, "is_repeat", None)) == (
            first.id,
            True,
        )


def test_nobody_is_told_of_what_is_restored_and_of_what_is_new_as_ever(
    home: Owner, tmp_path: Path
) -> None:
    untold = home.store(seed=30)
    ops("backup", "-o", str(tmp_path / "all.jsonl"))
    away = Stage((MAIL, ANSWER), region=ELSEWHERE)
    ops("restore", str(tmp_path / "all.jsonl"), region=ELSEWHERE)
    away.relay()

    assert away.sqs.delays == []
    assert away.take() is None
    # It was on its way when the backup was made: its owner can have it told.
    away.submissions.move(away.form, untold.id, Folder.ARCHIVE)
    away.submissions.move(away.form, untold.id, Folder.INBOX)
    away.relay()
    away.deliver_until_settled()
    # Its owner, and its visitor.
    assert len(away.mails) == 2
    new = away.store(seed=31)
    away.relay()
    away.deliver_until_settled()
    assert away.delivery(new, "email").state == DeliveryState.DELIVERED


def test_every_verb_works_on_what_was_restored(home: Owner, tmp_path: Path) -> None:
    ops("backup", "-o", str(tmp_path / "all.jsonl"))
    away = Stage((MAIL, ANSWER), region=ELSEWHERE)
    ops("restore", str(tmp_path / "all.jsonl"), region=ELSEWHERE)
    with owner_of(away) as moved:
        [told] = moved.ask("POST", "/people/find", {"email": "ann@example.com"}).json["submissions"]
        one = f"{LIST}/{told['id']}"
        changed = moved.ask("PATCH", one, {"folder": "archive", "is_read": True}).json
        sent = moved.ask("POST", f"{one}/deliveries/email")
        away.deliver_until_settled()
        gone = moved.ask("POST", "/people/erase", {"email": "ann@example.com"}).json

        assert (changed["folder"], changed["is_read"]) == ("archive", True)
        assert sent.status == 202
        assert len(away.mails) == 1
        assert {kind: gone[kind] for kind in ("submissions", "deliveries")} == {
            "submissions": 1,
            "deliveries": 2,
        }
        assert not [item for item in moved.items() if told["id"] in json.dumps(item, default=str)]


def test_again_restores_nothing_and_changes_nothing(home: Owner) -> None:
    backup = ops("backup").partition("Backed up")[0].encode()
    before = home.items()

    assert "Would restore 0 items." in ops("restore", "--dry-run", "-", stdin=backup)
    said = ops("restore", "-", stdin=backup)

    assert "Restored 0 items." in said
    assert "have expired" in said
    assert home.items() == before


def test_what_was_erased_by_mistake_comes_back_from_the_table_that_aws_restored(
    home: Owner, tmp_path: Path
) -> None:
    """The rehearsal of the first recipe in docs/operations.md."""
    client = home.stage.submissions.client
    client.update_continuous_backups(
        TableName=TABLE,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    client.restore_table_to_point_in_time(
        SourceTableName=TABLE, TargetTableName=f"{TABLE}-restored", UseLatestRestorableTime=True
    )
    before = seen(home)
    inbox = [entry["id"] for entry in before[LIST]["submissions"]]
    other, erased = inbox[0], inbox[-1]
    home.ask("DELETE", f"{LIST}/{erased}")
    home.ask("PATCH", f"{LIST}/{other}", {"folder": "archive"})
    file = str(tmp_path / "restored.jsonl")
    ops("backup", "--table", f"{TABLE}-restored", "-o", file)
    said = ops("restore", file)

    assert "1 submissions" in said
    after = seen(home)
    assert after[f"{LIST}/{erased}"] == before[f"{LIST}/{erased}"]
    # What changed meanwhile is as it was changed.
    assert after[f"{LIST}/{other}"]["folder"] == "archive"


def test_a_token_that_was_revoked_does_not_come_back(home: Owner, tmp_path: Path) -> None:
    token, text = home.sign_up()
    ops("backup", "-o", str(tmp_path / "all.jsonl"))
    home.tokens.revoke(token.id)
    said = ops("restore", str(tmp_path / "all.jsonl"))

    assert "2 are tokens, and the stage has its own" in said
    assert home.ask("GET", "/forms", authorization=f"Bearer {text}").status == 401


def test_a_stage_that_has_taken_posts_keeps_its_own_secret_and_says_what_that_means(
    home: Owner, tmp_path: Path
) -> None:
    ops("backup", "-o", str(tmp_path / "all.jsonl"))
    away = Stage((MAIL, ANSWER), region=ELSEWHERE)
    own = away.submissions.signing_key()
    said = ops("restore", str(tmp_path / "all.jsonl"), region=ELSEWHERE)

    assert "its own secret for keyed hashes" in said
    [kept] = [item for item in items_of(away) if item["pk"]["S"] == "KEYS"]
    assert kept["secret"]["B"] == own


def test_a_backup_is_what_dynamodb_s_own_exports_are(home: Owner) -> None:
    """Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html"""
    lines = ops("backup").partition("Backed up")[0].splitlines()
    items = [json.loads(line)["Item"] for line in lines]

    assert len(items) == len(home.items())
    [key] = [item for item in items if item["pk"] == {"S": "KEYS"}]
    assert base64.b64decode(key["secret"]["B"]) == home.stage.submissions.signing_key()


@pytest.mark.parametrize(
    "line", ["no json", '{"id": "x"}', '{"Item": {"pk": {"S": "x"}}}', "[]", '{"Item": null}']
)
def test_a_line_that_is_no_item_is_named(home: Owner, line: str) -> None:
    good = '{"Item":{"pk":{"S":"SUMMARY"},"sk":{"S":"LAST"},"at":{"N":"5"}}}'
    said = ops("restore", "-", stdin=f"{good}\n\n{line}\n".encode(), exit_code=1)

    assert "Line 3 is no item of a backup" in said
    assert [item["at"] for item in home.items() if item["pk"]["S"] == "SUMMARY"] == []


def test_a_key_that_stands_there_twice_is_restored_once(home: Owner) -> None:
    first = {"pk": {"S": "SUMMARY"}, "sk": {"S": "LAST"}, "at": {"N": "5"}}
    lines = [json.dumps({"Item": item}) for item in (first, {**first, "at": {"N": "6"}})]
    ops("restore", "-", stdin="\n".join(lines).encode())

    assert [item for item in home.items() if item["pk"]["S"] == "SUMMARY"] == [first]


def test_thousands_are_restored_in_batches(home: Owner) -> None:
    item = {"pk": {"S": "FORM#contact#0"}, "folder_key": {"S": "FORM#contact#0#inbox"}}
    lines = [
        json.dumps({"Item": {**item, "sk": {"S": f"SUB#{number:026}"}}}) for number in range(1_234)
    ]
    said = ops("restore", "-", stdin="\n".join(lines).encode())

    assert "Restored 1,234 items (1,234 submissions)." in said
    assert sum(each["sk"]["S"].startswith("SUB#0000") for each in home.items()) == 1_234


def test_the_feedback_on_a_mail_from_before_the_move_is_recorded(
    home: Owner, tmp_path: Path
) -> None:
    delivered: Submission = home.store(seed=40)
    home.stage.relay()
    home.stage.deliver_until_settled()
    ops("backup", "-o", str(tmp_path / "all.jsonl"))
    away = Stage((MAIL, ANSWER), region=ELSEWHERE)
    ops("restore", str(tmp_path / "all.jsonl"), region=ELSEWHERE)
    away.bounce(delivered, "email")

    assert away.delivery(delivered, "email").state == DeliveryState.BOUNCED
