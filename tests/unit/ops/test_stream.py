"""The stream hands out whole writes, oldest first, until relay has taken them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from ops.local.stream import Stream

if TYPE_CHECKING:
    from ops.local.stream import Batch


def a_stream(**records_by_write: list[str]) -> Stream:
    stream = Stream()
    for name, records in records_by_write.items():
        stream.add(int(name.removeprefix("write_")), [{"eventID": record} for record in records])
    return stream


def ids(batch: Batch | None) -> list[Any]:
    assert batch
    return [record["eventID"] for record in batch.records]


def test_oldest_records_come_first_and_stay_until_they_are_dropped() -> None:
    stream = a_stream(write_1=["a"], write_3=["b"])

    first = stream.wait_for_batch(1)
    again = stream.wait_for_batch(1)
    stream.drop(1)

    assert ids(first) == ids(again) == ["a"]
    assert ids(stream.wait_for_batch(1)) == ["b"]


def test_batch_says_how_far_it_reaches() -> None:
    stream = a_stream(write_1=["a"], write_3=["b"], write_7=["c"])

    batch = stream.wait_for_batch(2)

    assert batch
    assert batch.writes == 3
    assert ids(batch) == ["a", "b"]


def test_write_is_not_cut_in_two() -> None:
    """Else its second half would be lost by a crash between both."""
    stream = a_stream(write_1=["a"], write_2=["b", "c", "d"])

    assert ids(stream.wait_for_batch(2)) == ["a"]
    stream.drop(1)
    assert ids(stream.wait_for_batch(2)) == ["b", "c", "d"]


def test_write_that_changed_nothing_is_no_batch() -> None:
    stream = a_stream(write_1=[], write_2=["a"])

    assert ids(stream.wait_for_batch(100)) == ["a"]


def test_reader_that_waits_is_woken_by_a_write() -> None:
    stream = Stream()
    batches: list[Batch | None] = []
    reader = threading.Thread(target=lambda: batches.append(stream.wait_for_batch(100)))
    reader.start()

    stream.add(1, [{"eventID": "a"}])

    reader.join(10)
    assert ids(batches[0]) == ["a"]


def test_reader_that_waits_is_woken_by_the_end() -> None:
    stream = Stream()
    batches: list[Batch | None] = []
    reader = threading.Thread(target=lambda: batches.append(stream.wait_for_batch(100)))
    reader.start()

    stream.close()

    reader.join(10)
    assert batches == [None]
