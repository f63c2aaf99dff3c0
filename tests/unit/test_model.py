"""Identifiers: sorted by time, unique, and readable on the phone."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from chalicelib.model import (
    Answer,
    Signal,
    Verdict,
    answers_from,
    new_submission_id,
    reference,
    timestamp,
)

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001  hypothesis adds the zone
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
RANDOMNESS = st.binary(min_size=10, max_size=10)


@given(MOMENTS, RANDOMNESS)
def test_an_id_is_the_ulid_that_another_implementation_makes(
    moment: datetime, noise: bytes
) -> None:
    milliseconds = round(moment.timestamp() * 1000)

    assert new_submission_id(moment, noise) == str(ULID(milliseconds.to_bytes(6) + noise))


@given(MOMENTS, MOMENTS, RANDOMNESS, RANDOMNESS)
def test_ids_sort_by_time(a: datetime, b: datetime, noise_a: bytes, noise_b: bytes) -> None:
    if a != b:
        assert (a < b) == (new_submission_id(a, noise_a) < new_submission_id(b, noise_b))


def test_a_reference_is_the_end_of_the_id() -> None:
    assert reference("01M844DZG07M5VMKC27TAAEDWC") == "7TAA-EDWC"


def test_a_timestamp_is_rfc_3339() -> None:
    assert timestamp(datetime(2026, 1, 2, 3, 4, 5, 6000, tzinfo=UTC)) == "2026-01-02T03:04:05.006Z"


def test_repeated_names_are_gathered_and_every_order_is_kept() -> None:
    assert answers_from([("b", "1"), ("a", "2"), ("b", "")]) == (
        Answer("b", ("1", "")),
        Answer("a", ("2",)),
    )


def test_a_verdict_is_the_sum_of_its_signals() -> None:
    verdict = Verdict((Signal("a", 2.0, "x"), Signal("b", 3.0, "y")), threshold=5.0)

    assert (verdict.points, verdict.is_spam) == (5.0, True)
    assert verdict.reasons == ("a: x", "b: y")
    assert not Verdict(verdict.signals[:1], threshold=5.0).is_spam
