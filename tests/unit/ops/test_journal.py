"""The journal: what was acknowledged is read back, and damage is never passed over."""

from __future__ import annotations

import json
import os
import resource
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from chalicelib.errors import ConfigError
from ops.local import journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PUT = {"TableName": "t", "Item": {"pk": {"S": "a"}, "text": {"S": "line one\nline two\u2028é"}}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dynamodb.jsonl"


def append(path: Path, *bodies: object) -> None:
    opened = journal.Journal(path)
    for body in bodies:
        opened.append("PutItem", json.dumps(body).encode())
    opened.close()


def test_what_was_appended_is_read_in_order(path: Path) -> None:
    append(path, PUT, {"TableName": "t", "Item": {}})

    assert list(journal.read(path)) == [
        (1, ("PutItem", PUT)),
        (2, ("PutItem", {"TableName": "t", "Item": {}})),
    ]


def test_no_journal_is_no_lines(path: Path) -> None:
    assert list(journal.read(path)) == []


def test_line_is_with_the_kernel_when_append_returns(path: Path) -> None:
    """A killed process loses only what it still has in its own memory."""
    opened = journal.Journal(path)

    opened.append("PutItem", json.dumps(PUT).encode())

    assert list(journal.read(path)) == [(1, ("PutItem", PUT))]
    opened.close()


def test_request_that_is_written_over_several_lines_becomes_one(path: Path) -> None:
    opened = journal.Journal(path)
    opened.append("PutItem", json.dumps(PUT, indent=2, ensure_ascii=False).encode())
    opened.close()

    assert list(journal.read(path)) == [(1, ("PutItem", PUT))]


def test_appending_to_an_existing_journal_keeps_it(path: Path) -> None:
    append(path, PUT)
    append(path, PUT)

    assert [number for number, _ in journal.read(path)] == [1, 2]


def test_torn_last_line_is_left_out(path: Path) -> None:
    """It was being written when the power went, so nobody was told that it is stored."""
    append(path, PUT, PUT)
    os.truncate(path, path.stat().st_size - 5)

    assert [number for number, _ in journal.read(path)] == [1]


@pytest.mark.parametrize(
    "line",
    [
        '{"PutItem": {"TableName',
        "\0\0\0\0",
        "[]",
        "{}",
        '{"PutItem": []}',
        '{"GetItem": {}}',
        '{"PutItem": {}, "DeleteItem": {}}',
        "",
    ],
)
def test_damaged_line_is_an_error_with_file_and_number(path: Path, line: str) -> None:
    append(path, PUT)
    with path.open("a") as file:
        file.write(line + "\n")
    append(path, PUT)

    with pytest.raises(ConfigError, match=rf"{path}, line 2 is damaged"):
        list(journal.read(path))


def test_rewriting_replaces_every_line(path: Path) -> None:
    append(path, PUT, PUT)

    journal.rewrite(path, [journal.line("PutItem", b'{"TableName": "t", "Item": {}}')])

    assert list(journal.read(path)) == [(1, ("PutItem", {"TableName": "t", "Item": {}}))]
    assert list(path.parent.iterdir()) == [path]


def test_rewriting_that_fails_leaves_the_old_journal(path: Path) -> None:
    append(path, PUT)

    with pytest.raises(ZeroDivisionError):
        journal.rewrite(path, (b"%d" % (1 // 0) for _ in [0]))

    assert list(journal.read(path)) == [(1, ("PutItem", PUT))]


@pytest.mark.parametrize("write", [append, lambda path: journal.rewrite(path, [])])
def test_only_the_owner_may_read_it(path: Path, write: object) -> None:
    assert callable(write)
    write(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_line_that_does_not_fit_on_the_disk_leaves_nothing_of_itself(path: Path) -> None:
    """Half a line would become a damaged one as soon as the next is appended."""
    append(path, PUT)
    opened = journal.Journal(path)

    with file_size_limit(path.stat().st_size + 10), pytest.raises(OSError, match="too large"):
        opened.append("PutItem", json.dumps(PUT).encode())
    opened.append("PutItem", json.dumps(PUT).encode())

    opened.close()
    assert [number for number, _ in journal.read(path)] == [1, 2]


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_mark_says_how_far_relay_has_come_and_is_no_write(path: Path) -> None:
    opened = journal.Journal(path)
    for _ in range(3):
        opened.append("PutItem", json.dumps(PUT).encode())
    opened.mark_relayed(1)
    opened.append("PutItem", json.dumps(PUT).encode())
    opened.mark_relayed(3)
    opened.close()

    assert journal.relayed_writes(path) == 3
    assert [number for number, _ in journal.read(path)] == [1, 2, 3, 5]


def test_journal_from_before_relay_has_no_mark(path: Path) -> None:
    append(path, PUT)

    assert journal.relayed_writes(path) is None


def test_torn_mark_does_not_count(path: Path) -> None:
    opened = journal.Journal(path)
    opened.mark_relayed(10)
    opened.mark_relayed(12)
    opened.close()
    os.truncate(path, path.stat().st_size - 1)

    assert journal.relayed_writes(path) == 10


@pytest.mark.parametrize("body", ["{}", '{"writes": "1"}', "[]"])
def test_damaged_mark_is_an_error_with_file_and_number(path: Path, body: str) -> None:
    append(path, PUT)
    with path.open("a") as file:
        file.write(f'{{"Relayed": {body}}}\n')

    for read in (journal.relayed_writes, lambda path: list(journal.read(path))):
        with pytest.raises(ConfigError, match=rf"{path}, line 2 is damaged"):
            read(path)
