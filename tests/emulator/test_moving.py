"""A stage moves to another account, as docs/operations.md says: backup, restore, and go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from ops.cli import cli
from tests.builders import ADA
from tests.emulator.account import Account
from tests.emulator.deliveries import is_told
from tests.emulator.packaged import STAGE
from tests.emulator.server import REGION
from tests.emulator.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator.packaged import Packaged
    from tests.emulator.receiver import Receiver
    from tests.emulator.server import Emulator

LIST = "/forms/contact/submissions"


def ops(emulator: Emulator, *arguments: str) -> str:
    """Run the command line with the credentials of the account that is there now."""
    environment = {
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    done = CliRunner().invoke(cli, [*arguments, "--stage", STAGE], env=environment)
    assert done.exit_code == 0, done.output
    return done.output


def test_stage_moves_to_another_account_and_its_owner_sees_no_difference(
    account: Account,
    emulator: Emulator,
    packaged: Packaged,
    receiver: Receiver,
    tmp_path: Path,
) -> None:
    account.deploy(packaged.template)
    token = account.owner_token()
    _, told = account.post(**ADA)
    account.wait_until(told["id"], "email", is_told)
    account.ask_as_owner("PATCH", f"{LIST}/{told['id']}", token, {"is_read": True})
    paths = ("/forms", LIST, f"{LIST}/{told['id']}", "/forms/contact/counts")
    before = [account.ask_as_owner("GET", path, token) for path in paths]
    backup = str(tmp_path / "prod.jsonl")
    assert "1 submissions, 1 deliveries, 1 tokens" in ops(emulator, "backup", "-o", backup)

    emulator.reset()
    moved = Account(emulator, packaged)
    moved.prepare(receiver.url)
    # Before its first request, so the secret for keyed hashes is that of before.
    moved.deploy(packaged.template)
    assert "1 submissions, 1 deliveries, 1 tokens" in ops(emulator, "restore", backup)

    assert [moved.ask_as_owner("GET", path, token) for path in paths] == before
    assert {status for status, _ in before} == {200}
    # What was sent a moment before the move is known as a repeat.
    status, again = moved.post(**ADA)
    assert (status, again["id"]) == (200, told["id"])
    # Nobody is told of what was restored, and of what is new as ever.
    wait_for("The stream", lambda: moved.records_relayed or None)
    _, new = moved.post(**{**ADA, "message": "Something else"})
    moved.wait_until(new["id"], "email", is_told)
    assert len(moved.mails) == 1
