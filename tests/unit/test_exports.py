"""What stands in an export, read back by others' readers."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.exports import COLUMNS, MAX_BYTES, Csv, JsonLines, Sheet, bytes_in_json
from chalicelib.model import Answer, Signal, Verdict
from tests.builders import a_submission

# OWASP's list, and what spreadsheets read as the same.
# Source: https://owasp.org/www-community/attacks/CSV_Injection
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1"]
ALSO_FORMULAS = ["  =1", "\u00a0=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "|cmd", "%0A=1"]


def read_back(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def cell_of(value: str) -> str:
    written = Csv(["x"], has_byte_order_mark=False)
    [row] = read_back(written.line(a_submission(fields={"x": value})))
    return row[len(COLUMNS)]


@pytest.mark.parametrize("formula", [*FORMULAS, *ALSO_FORMULAS])
def test_no_cell_begins_a_formula(formula: str) -> None:
    assert cell_of(formula).startswith("'")
    [names] = read_back(Csv([formula], has_byte_order_mark=False).head())
    assert names[len(COLUMNS)].startswith("'")


@pytest.mark.parametrize(
    "value", ["-12.5", "1,000", "a=b", "x\n=1", '"', "a,b;c", "é 😀 \u202e", "'"]
)
def test_other_cells_are_as_they_were_sent(value: str) -> None:
    assert cell_of(value) == value


def test_nothing_is_in_a_cell_that_csv_cannot_hold() -> None:
    assert cell_of("a\x00b\ud83dc") == "a\ufffdb\ufffdc"


@given(st.dictionaries(st.text(), st.text(), min_size=1, max_size=5), st.text())
def test_whatever_is_sent_is_one_row_of_as_many_cells(fields: dict[str, str], column: str) -> None:
    written = Csv([*fields, f"more {column}"], has_byte_order_mark=False)
    submission = a_submission(fields=fields)

    rows = read_back(written.head() + written.line(submission))

    assert [len(row) for row in rows] == [len(COLUMNS) + len(fields) + 2] * 2
    assert (written.head() + written.line(submission)).encode()
    for cell in (cell for row in rows for cell in row):
        assert not cell.lstrip().startswith(("=", "+", "@")), cell


def test_the_columns_are_ours_the_fields_and_the_rest() -> None:
    submission = a_submission(
        subject="Hi",
        reply_to="a@b.example",
        is_read=True,
        verdict=Verdict((Signal("x", 1.5, "y"),), 5.0),
        answers=(Answer("topic", ("a", "b")), Answer("folder", ("mine",)), Answer("z", ("1",))),
    )
    written = Csv(["folder", "topic", "missing"], has_byte_order_mark=True)

    [names, cells] = read_back(written.head().removeprefix("\ufeff") + written.line(submission))

    assert written.head().startswith("\ufeffid,")
    assert names == [*COLUMNS, "fields.folder", "topic", "missing", "other_fields"]
    assert dict(zip(names, cells, strict=True)) == {
        "id": submission.id,
        "reference": f"{submission.id[-8:-4]}-{submission.id[-4:]}",
        "form": "contact",
        "received_at": "2026-11-23T12:00:00.000Z",
        "folder": "inbox",
        "is_read": "true",
        "subject": "Hi",
        "reply_to": "a@b.example",
        "spam_points": "1.5",
        "fields.folder": "mine",
        "topic": "a\nb",
        "missing": "",
        "other_fields": '{"z": "1"}',
    }


def test_lines_of_json_are_documents_and_one_line_each() -> None:
    submission = a_submission(fields={"message": "a\nb\u2028\x85\x00"}, is_read=True)

    line = JsonLines().line(submission)

    assert (line.count("\n"), line[-1]) == (1, "\n")
    assert json.loads(line)["fields"] == {"message": "a\nb\u2028\x85\x00"}
    assert json.loads(line)["is_read"]


def test_a_sheet_takes_what_fits_and_the_largest_alone_always_does() -> None:
    # As much as the store takes, all of it the longest that JSON has for a byte.
    largest = a_submission(fields={"x": "\x00" * 399_000})

    for written in (JsonLines(), Csv(["x"], has_byte_order_mark=True)):
        sheet = Sheet(written, is_first=True)
        assert sheet.add(largest)
        while sheet.add(largest):
            pass
        assert bytes_in_json(sheet.text) <= MAX_BYTES + len(sheet.text.splitlines()) * 2
