"""``python -m ops submissions import``: from an empty folder to a full one, and again."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.model import Answer, Folder, Sender, Signal, Verdict
from tests.builders import a_submission
from tests.functional.local.running import DEADLINE_SECONDS, PROJECT_DIR, local_environment, ops
from tests.functional.local.stored import Stored, answered, forms_file

EXPORTED = Path(__file__).parents[2] / "unit" / "ops" / "exported"
HOSTILE = (
    "=HYPERLINK(1)",
    "-1+1|x",
    "\tx",
    'two\nlines, and "quotes"',
    "a\r\nb",
    "\u202e\U0001f409",
    "<script>alert(1)</script>",
    "x" * 100_000,
)


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    forms = forms_file(
        tmp_path,
        '[contact]\nfields = [{ name = "topic", multiple = true }]\n[news]\nretention_days = 30\n',
    )
    return {**environment, "FORMPOST_FORMS": forms}


@pytest.fixture
def elsewhere(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Return another, empty stage with the same forms."""
    forms = environment["FORMPOST_FORMS"]
    return {**local_environment(tmp_path / "elsewhere"), "FORMPOST_FORMS": forms}


def bring_in(
    file: Path, *options: str, environment: dict[str, str], form: str = "contact"
) -> subprocess.CompletedProcess[str]:
    return ops(
        "submissions", "import", "--form", form, str(file), *options, environment=environment
    )


def exported(environment: dict[str, str], *options: str) -> str:
    done = ops("submissions", "export", "--form", "contact", *options, environment=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def fields(environment: dict[str, str]) -> list[dict[str, Any]]:
    lines = exported(environment, "--format", "jsonl").splitlines()
    return [json.loads(line)["fields"] for line in lines]


def fill(environment: dict[str, str]) -> None:
    """Store what an export must bring over whole: folders, marks, reasons, hostile values."""
    hostile = tuple(Answer(f"field {n}", (value,)) for n, value in enumerate(HOSTILE))
    spam = Verdict((Signal("honeypot", 10.0, "_gotcha was filled in"),), 5.0)
    Stored(environment).add(
        a_submission(seed=1, answers=(Answer("topic", ("News", "Events")), *hostile)),
        a_submission(seed=2, minutes=-1, folder=Folder.SPAM, verdict=spam, subject="=1"),
        a_submission(seed=3, minutes=-2, folder=Folder.ARCHIVE, is_read=True, reply_to="a@b.ch"),
        a_submission(seed=4, minutes=-3, sender=Sender("x", None, None)),
    )


def test_json_lines_bring_over_everything(
    environment: dict[str, str], elsewhere: dict[str, str], tmp_path: Path
) -> None:
    fill(environment)
    file = tmp_path / "contact.jsonl"
    exported(environment, "--format", "jsonl", "-o", str(file))

    imported = bring_in(file, environment=elsewhere)

    assert imported.stdout == "4 stored, 0 there already, 0 refused.\n"
    assert imported.stderr == ""
    assert exported(elsewhere, "--format", "jsonl") == file.read_text("utf-8")


def test_a_csv_brings_over_what_it_shows(
    environment: dict[str, str], elsewhere: dict[str, str], tmp_path: Path
) -> None:
    fill(environment)
    file = tmp_path / "contact.csv"
    exported(environment, "--bom", "-o", str(file))

    imported = bring_in(file, environment=elsewhere)

    assert imported.stdout == "4 stored, 0 there already, 0 refused.\n"
    again = tmp_path / "again.csv"
    exported(elsewhere, "--bom", "-o", str(again))
    assert again.read_bytes() == file.read_bytes()
    assert fields(elsewhere) == fields(environment)


def test_where_it_came_from_it_is_known(environment: dict[str, str], tmp_path: Path) -> None:
    fill(environment)
    before = Stored(environment).items()
    for options in (("--format", "jsonl"), ("--format", "csv")):
        file = tmp_path / f"contact.{options[1]}"
        exported(environment, *options, "-o", str(file))

        imported = bring_in(file, environment=environment)

        assert imported.stdout == "0 stored, 4 there already, 0 refused.\n"
    assert Stored(environment).items() == before


@pytest.mark.parametrize("service", ["netlify", "formspree"])
def test_a_file_is_stored_once_and_read_without_being_new(
    service: str, environment: dict[str, str]
) -> None:
    first = bring_in(EXPORTED / f"{service}.csv", environment=environment)
    again = bring_in(EXPORTED / f"{service}.csv", environment=environment)

    assert first.stdout == "2 stored, 0 there already, 0 refused.\n"
    assert again.stdout == "0 stored, 2 there already, 0 refused.\n"
    stored = [item for item in Stored(environment).items() if "fields" in item]
    assert len(stored) == 2
    assert all("unread_key" not in item and "imported" in item for item in stored)


def test_the_same_from_csv_and_json_is_stored_once(environment: dict[str, str]) -> None:
    bring_in(EXPORTED / "netlify.csv", environment=environment)

    as_json = bring_in(EXPORTED / "netlify.json", environment=environment)

    # Bob's has fields that his CSV does not have.
    assert as_json.stdout == "1 stored, 1 there already, 0 refused.\n"


def test_the_owner_chooses_folder_and_mark(environment: dict[str, str]) -> None:
    bring_in(
        *(EXPORTED / "netlify.csv", "--folder", "spam", "--unread", "--from", "netlify"),
        environment=environment,
    )

    stored = [item for item in Stored(environment).items() if "fields" in item]
    assert {item["folder_key"]["S"] for item in stored} == {"FORM#contact#0#spam"}
    assert all("unread_key" in item for item in stored)


def test_every_refused_line_is_named_and_the_others_are_stored(
    environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "netlify.csv"
    file.write_bytes(
        b"created_at,message\n"
        b"2020-10-13,one\n"
        b"13/10/2020,two\n"
        b'2020-10-13,"three\nlines"\n'
        b"2020-10-13\n"
        b"2020-10-13,\xff\n"
        b"2020-10-13," + b"x" * 400_001 + b"\n"
        b"2020-10-13,\n"
        b"2020-10-13,\x1b[2Jseven\x00\n"
    )

    imported = bring_in(file, environment=environment)

    assert imported.returncode == 1
    assert imported.stdout == "3 stored, 0 there already, 5 refused.\n"
    lines = imported.stderr.splitlines()
    too_large = lines.pop(3)
    assert lines == [
        'line 3: its time "13/10/2020" is not one of ISO 8601.',
        "line 6: it has 1 cells, and the first line 2.",
        "line 7: it is not UTF-8.",
        "line 9: nothing is filled in.",
    ]
    assert too_large.startswith("line 8: it has 400,")
    assert too_large.endswith(" bytes; 400,000 can be kept together.")
    messages = {each["message"] for each in fields(environment)}
    assert messages == {"one", "three\nlines", "\x1b[2Jseven\x00"}


def test_a_dry_run_counts_and_stores_nothing(environment: dict[str, str]) -> None:
    file = EXPORTED / "formspree.csv"

    before = bring_in(file, "--dry-run", environment=environment)
    empty = Stored(environment).items()
    bring_in(file, environment=environment)
    after = bring_in(file, "--dry-run", environment=environment)

    assert before.stdout == "2 would be stored, 0 there already, 0 refused.\n"
    assert empty == []
    assert after.stdout == "0 would be stored, 2 there already, 0 refused.\n"


def test_what_a_form_no_longer_keeps_is_refused(environment: dict[str, str]) -> None:
    imported = bring_in(EXPORTED / "formspree.csv", environment=environment, form="news")

    assert imported.stderr.splitlines() == [
        "line 2: it is older than the 30 days of retention_days.",
        "line 3: it is older than the 30 days of retention_days.",
    ]


def test_what_is_imported_can_be_erased(environment: dict[str, str]) -> None:
    bring_in(EXPORTED / "netlify.csv", environment=environment)

    ops("submissions", "erase", "--email", "ada@example.com", "--yes", environment=environment)

    assert [each["name"] for each in fields(environment)] == ["Bob"]


def test_a_refused_line_stands_by_itself_above_the_bar(
    environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "contact.csv"
    file.write_text("_date,message\nnever,[red]x\n2020-10-13,y\n", "utf-8")
    watching, watched = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "ops", "submissions", "import", "--form", "contact", str(file)],
            cwd=PROJECT_DIR,
            env={**os.environ, **environment, "TERM": "xterm", "COLUMNS": "200"},
            stdout=subprocess.DEVNULL,
            stderr=watched,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
        seen = os.read(watching, 100_000).decode()
    finally:
        os.close(watching)
        os.close(watched)

    # Without colours; every other sequence moves, and what follows stands elsewhere.
    uncoloured = re.sub("\x1b\\[[0-9;]*m", "", seen)
    lines = re.split("\x1b\\[[0-9;?]*[a-zA-Z]|[\r\n]", uncoloured)
    assert any(line.startswith("Importing ") for line in lines)
    assert 'line 2: its time "never" is not one of ISO 8601.' in lines


def test_a_pipe_can_be_imported(environment: dict[str, str]) -> None:
    imported = answered(
        *("submissions", "import", "--form", "contact", "-"),
        answer='{"_date": "2020-10-13", "message": "Hello"}',
        environment=environment,
    )

    assert imported.stdout == "1 stored, 0 there already, 0 refused.\n"


def test_a_file_that_is_no_export_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.touch()

    empty = bring_in(file, environment=environment)
    nowhere = bring_in(tmp_path / "nowhere.csv", environment=environment)

    assert (empty.returncode, empty.stderr) == (1, "Error: The first line is empty.\n")
    assert nowhere.returncode == 2
    assert "nowhere.csv" in nowhere.stderr


def test_many_are_stored_in_batches(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    lines = [f"2020-10-13T00:00:{n % 60:02}.{n:03},number {n}\n" for n in range(260)]
    file.write_text("_date,message\n" + "".join([*lines, lines[0]]), "utf-8")

    imported = bring_in(file, environment=environment)

    assert imported.stdout == "260 stored, 1 there already, 0 refused.\n"
    assert len(fields(environment)) == 260
