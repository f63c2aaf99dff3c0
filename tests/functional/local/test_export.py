"""``python -m ops submissions export``: to a pipe and to a file."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

from chalicelib import inbox as verbs
from chalicelib.exports import Csv, JsonLines
from chalicelib.forms import load_forms
from chalicelib.inbox import Listing
from chalicelib.model import Answer, Folder
from chalicelib.walking import Stretch
from chalicelib.wiring import owner_inbox
from ops.local import dynamodb
from tests.functional.local.running import DEADLINE_SECONDS, PROJECT_DIR
from tests.functional.local.stored import Stored

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from chalicelib.exports import Format


def export(*options: str, environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "ops", "submissions", "export", "--form", "contact", *options],
        cwd=PROJECT_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )


def ids(exported: subprocess.CompletedProcess[bytes]) -> list[str]:
    assert exported.returncode == 0, exported.stderr
    return [json.loads(line)["id"] for line in exported.stdout.splitlines()]


def of_the_api(environment: dict[str, str], written: Format) -> bytes:
    """Return what the route ``/forms/contact/export`` sends of a small form."""
    stored = Stored(environment)
    form = load_forms(stored.settings.forms_file)["contact"]
    try:
        inbox = owner_inbox(stored.settings, publish=False)
        page = verbs.export(form, Listing(Stretch()), written, inbox)
    finally:
        dynamodb.close()
    assert page.next_cursor is None
    return page.text.encode()


def test_the_bytes_are_those_of_the_owner_s_api(environment: dict[str, str]) -> None:
    Stored(environment).add_one(
        answers=(
            Answer("message", ('=1+1\r\n"quoted", 100 kB: ' + "x" * 100_000,)),
            Answer("topic", ("News\x00", "Events", "\U0001f409 \u202e")),
            Answer("__proto__", ("<script>alert(1)</script>",)),
        )
    )

    as_csv = export(environment=environment)
    as_json = export("--format", "jsonl", environment=environment)

    fields = load_forms(Stored(environment).settings.forms_file)["contact"].fields
    columns = (*(field.name for field in fields), "topic", "__proto__")
    assert as_csv.stdout == of_the_api(environment, Csv(columns, has_byte_order_mark=False))
    assert as_json.stdout == of_the_api(environment, JsonLines())
    assert as_csv.stderr == as_json.stderr == b""


def test_what_is_exported_can_be_narrowed(environment: dict[str, str]) -> None:
    stored = Stored(environment)
    early = stored.add_one(seed=1, minutes=-1440, fields={"message": "Zoë"})
    spam = stored.add_one(seed=2, minutes=1, folder=Folder.SPAM, fields={"message": "zoe"})
    late = stored.add_one(seed=3, minutes=2, fields={"message": "Anna"})

    def found(*options: str) -> list[str]:
        return ids(export("--format", "jsonl", *options, environment=environment))

    assert found() == [late.id, spam.id, early.id]
    assert found("--folder", "spam") == [spam.id]
    assert found("--since", "2026-11-23T13:01:00+01:00") == [late.id, spam.id]
    assert found("--until", "2026-11-23") == [early.id]
    assert found("--q", "ZOE") == [spam.id, early.id]


def test_expired_submissions_are_in_no_export(environment: dict[str, str]) -> None:
    Stored(environment).add_one(expires_at=1_000_000_000)

    assert ids(export("--format", "jsonl", environment=environment)) == []


def test_a_file_is_whole_or_as_it_was(environment: dict[str, str], tmp_path: Path) -> None:
    Stored(environment).add_one(fields={"message": "Grüße"})
    file = tmp_path / "contact.csv"

    made = export("--bom", "-o", str(file), environment=environment)
    whole = file.read_bytes()
    broken = export("-o", str(file), environment={**environment, "FORMPOST_DATA_DIR": os.devnull})

    assert made.returncode == 0
    assert made.stdout == made.stderr == b""
    rows = list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"), newline="")))
    assert [row["message"] for row in rows] == ["Grüße"]
    assert whole.startswith(b"\xef\xbb\xbf")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert broken.returncode == 1
    assert file.read_bytes() == whole
    assert [each.name for each in tmp_path.glob("contact*")] == ["contact.csv"]


def test_a_folder_that_is_not_there_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    nowhere = export("-o", str(tmp_path / "no" / "contact.csv"), environment=environment)

    assert nowhere.returncode == 1
    assert b"contact.csv cannot be written: No such file or directory." in nowhere.stderr


def test_progress_is_shown_to_a_terminal_alone(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes to the file is the same bytes, watched or not."""
    Stored(environment).add_one()
    monkeypatch.setenv("TERM", "xterm")
    watching, watched = pty.openpty()
    try:
        exported = subprocess.run(
            [sys.executable, "-m", "ops", "submissions", "export", "--form", "contact"],
            cwd=PROJECT_DIR,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=watched,
            timeout=DEADLINE_SECONDS,
            check=True,
        )
        seen = os.read(watching, 100_000)
    finally:
        os.close(watching)
        os.close(watched)

    assert b"Exporting" in seen
    assert exported.stdout == export(environment=environment).stdout
