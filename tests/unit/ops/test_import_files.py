"""A file of any kind, taken apart; what cannot be read is named, and the rest is read."""

from __future__ import annotations

import io

import pytest

from ops.imports import files
from ops.imports.entries import Record, Refused, Row


def read(content: bytes) -> list[Row | Record | Refused]:
    return list(files.entries(io.BytesIO(content)))


def test_a_csv_has_a_row_for_each_submission_and_the_line_where_it_begins() -> None:
    rows = read(b'a,b\r\n1,"two\r\nlines"\r\n\r\n"say ""x""",\r\n')

    assert rows == [
        Row("line 2", (("a", "1"), ("b", "two\r\nlines"))),
        Row("line 5", (("a", 'say "x"'), ("b", ""))),
    ]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_utf_8_is_read_with_a_byte_order_mark_and_without(mark: bytes) -> None:
    assert read(mark + "ä\nö🐉\n".encode()) == [Row("line 2", (("ä", "ö🐉"),))]
    assert read(mark + '{"ä": "ö"}\n'.encode()) == [Record("line 1", {"ä": "ö"})]


def test_a_row_that_is_broken_is_named_and_the_next_one_is_read() -> None:
    rows = read(b'a,b\nno,"quo"te\n1,2,3\n1\n\xff,x\nlast,one\n')

    assert [each for each in rows if isinstance(each, Refused)] == [
        Refused("line 2", "no CSV: ',' expected after '\"'"),
        Refused("line 3", "it has 3 cells, and the first line 2"),
        Refused("line 4", "it has 1 cells, and the first line 2"),
        Refused("line 5", "it is not UTF-8"),
    ]
    assert rows[-1] == Row("line 6", (("a", "last"), ("b", "one")))


def test_a_quote_that_is_never_closed_names_all_that_it_takes_with_it() -> None:
    rows = read(b'a\n1\n"2\n3\n4\n')

    assert rows == [
        Row("line 2", (("a", "1"),)),
        Refused("lines 3 to 5", "no CSV: unexpected end of data"),
    ]


def test_hostile_cells_are_only_text() -> None:
    values = ["=1+1", "\x00", "<script>", "\u202e", "x" * 400_000]

    rows = read(("a\n" + "".join(f'"{value}"\n' for value in values)).encode())

    assert [row.cells[0][1] for row in rows if isinstance(row, Row)] == values


def test_json_lines_keep_numbers_as_they_are_written() -> None:
    assert read(b'{"a": 1.50, "b": [null, true]}\n\n{"__proto__": "\\u0000"}') == [
        Record("line 1", {"a": "1.50", "b": [None, True]}),
        Record("line 3", {"__proto__": "\x00"}),
    ]


def test_a_line_of_json_that_is_broken_is_named_and_the_next_one_is_read() -> None:
    deep = b"[" * 100_000
    lines = read(b'{"a": 1\n[1]\n"x"\n{"b": "\xe4"}\n' + deep + b'\n{"c": "d"}\n')

    assert [each.place for each in lines] == [f"line {number}" for number in range(1, 7)]
    assert [isinstance(each, Refused) for each in lines] == [True] * 5 + [False]
    assert lines[0] == Refused("line 1", "no JSON: Expecting ',' delimiter, column 1")
    assert lines[3] == Refused("line 4", "it is not UTF-8")


@pytest.mark.parametrize(
    "document",
    [
        b'[{"a": "1"}, 2]',
        b'[\n  {\n    "a": "1"\n  },\n  2\n]\n',
        b'{"fields": ["a"], "submissions": [{"a": "1"}, 2]}',
        b'{\n  "submissions": [\n    {"a": "1"},\n    2\n  ]\n}\n',
    ],
)
def test_a_json_document_has_a_record_for_each_submission(document: bytes) -> None:
    assert read(document) == [
        Record("submission 1", {"a": "1"}),
        Refused("submission 2", "no JSON object"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The first line is empty."),
        ("a,b\n1,2\n".encode("utf-16"), "The first line is not UTF-8; save the file as UTF-8."),
        (b"[1, 2", "The file is no JSON: Expecting ',' delimiter, column 6."),
        (b'{\n"a": 1\n}\n', 'The file is a JSON object without "submissions".'),
        (b"x" * (files.MAX_LINE_CHARACTERS + 1), "Line 1 is longer than 8,000,000 characters."),
    ],
)
def test_what_is_no_export_is_told(content: bytes, words: str) -> None:
    with pytest.raises(files.NotAnExport) as told:
        read(content)

    assert str(told.value).startswith(words)
