"""``python -m ops submissions``, beside a running server and alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.functional.local.running import listed, ops, post

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functional.local.conftest import StartLocal


def test_beside_the_server_that_holds_the_data(
    start_local: StartLocal, environment: dict[str, str]
) -> None:
    running = start_local(environment)
    sent = json.loads(post(running.api_port, "Hello there").body)

    table = ops("submissions", "list", environment=environment).stdout

    assert [submission["id"] for submission in listed(environment)] == [sent["id"]]
    assert "Ann Lee <ann@site" in table
    assert "Hello there" in table
    assert all(len(line) <= 80 for line in table.splitlines())


def test_alone_it_opens_the_data_itself(
    start_local: StartLocal, environment: dict[str, str], tmp_path: Path
) -> None:
    running = start_local(environment)
    sent = json.loads(post(running.api_port).body)
    running.stop()

    assert [submission["id"] for submission in listed(environment)] == [sent["id"]]
    assert not (tmp_path / "data" / "dynamodb.url").exists()


def test_json_is_complete_and_the_table_says_what_it_leaves_out(
    start_local: StartLocal, environment: dict[str, str]
) -> None:
    running = start_local(environment)
    for number in range(3):
        post(running.api_port, f"Message {number}")

    table = ops("submissions", "list", "--limit", "2", environment=environment).stdout
    some = ops("submissions", "list", "--limit", "2", "--json", environment=environment).stdout

    messages = [submission["fields"]["message"] for submission in listed(environment)]
    assert messages == ["Message 2", "Message 1", "Message 0"]
    assert [entry["fields"]["message"] for entry in json.loads(some)] == messages[:2]
    assert "Message 0" not in table
    assert "The newest 2" in table


def test_empty_inbox_teaches_how_to_fill_it(environment: dict[str, str]) -> None:
    empty = ops("submissions", "list", environment=environment)

    assert empty.returncode == 0
    assert empty.stdout == (
        f"Nothing yet. Post the form on http://localhost:{environment['SITE_PORT']}/contact.html\n"
    )


def test_unknown_form_is_answered_with_the_known_ones(environment: dict[str, str]) -> None:
    unknown = ops("submissions", "list", "--form", "jobs", environment=environment)

    assert unknown.returncode == 2
    assert 'There is no form "jobs"; forms.toml has: contact' in unknown.stderr
