"""DynamoDB's partitions, against sums by hand with AWS's numbers."""

from __future__ import annotations

from typing import Any

import pytest

from bench import scale
from bench.scaling.partitions import Index, Second, Write, read_units, writes

BY_FOLDER = Index("by_folder", "folder_key", None)
BY_UNREAD = Index("by_unread", "unread_key", ("pk", "sk", "unread_key", "folder_key"))


def an_item(text_bytes: int, **keys: str) -> dict[str, Any]:
    wire = {name: {"S": value} for name, value in {"pk": "p", "sk": "s", **keys}.items()}
    return {**wire, "text": {"S": "x" * text_bytes}}


@pytest.mark.parametrize(
    ("text_bytes", "units"),
    [
        # pk, sk and text have 8 bytes of names, and the keys 1 byte each: 10 beside the text.
        (1_014, 2),
        (1_015, 4),
        (3_000, 6),
    ],
)
def test_a_transaction_pays_twice_for_each_kilobyte(text_bytes: int, units: int) -> None:
    assert writes(an_item(text_bytes), []) == [Write(("table", "p"), units)]


def test_an_index_pays_once_for_what_it_holds() -> None:
    item = an_item(3_000, folder_key="inbox", unread_key="form")

    assert writes(item, [BY_FOLDER, BY_UNREAD]) == [
        Write(("table", "p"), 6),
        Write(("by_folder", "inbox"), 3),
        Write(("by_unread", "form"), 1),
    ]


def test_an_index_without_the_item_pays_nothing() -> None:
    assert writes(an_item(10), [BY_FOLDER]) == [Write(("table", "p"), 2)]


def test_a_query_pays_half_a_unit_for_each_four_kilobytes() -> None:
    """Ten of 1,010 bytes are 10,100: three times 4,096, at a half each; nothing costs a half."""
    assert read_units([an_item(1_000)] * 10) == 1.5
    assert read_units([]) == 0.5


def test_a_partition_gives_a_thousand_units_a_second() -> None:
    second = Second()
    taken = [second.takes([Write(("table", "hot"), 2)]) for _ in range(501)]

    assert taken == [True] * 500 + [False]
    assert second.takes([Write(("table", "other"), 2)])


def test_what_does_not_fit_whole_is_not_written_at_all() -> None:
    second = Second()
    second.takes([Write(("by_folder", "inbox"), 1_000)])

    assert not second.takes([Write(("table", "p"), 2), Write(("by_folder", "inbox"), 1)])
    assert second.given["table", "p"] == 0


@pytest.mark.parametrize(("rate", "part"), [(100, 0.0), (500, 0.0), (1_000, 0.5), (2_000, 0.75)])
def test_one_shard_takes_five_hundred_submissions_a_second(rate: int, part: float) -> None:
    """A submission is less than a kilobyte: two units in a transaction, of a thousand."""
    assert scale.throttled(rate, 1, seconds=1) == pytest.approx(part)


def test_twice_the_shards_take_twice_as_much() -> None:
    """But for chance: a checksum does not put exactly half into each."""
    assert scale.throttled(1_000, 2, seconds=1) == pytest.approx(0.0, abs=0.05)


def test_the_inbox_reads_a_page_of_each_shard() -> None:
    one, four = scale.reads(1), scale.reads(4)

    assert (one.queries, four.queries) == (1, 4)
    assert four.units == pytest.approx(4 * one.units, rel=0.2)
    assert one.pages_a_second == 3_000 / one.units
