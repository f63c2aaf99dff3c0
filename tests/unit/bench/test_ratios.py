"""Ratios and their spread, against sums by hand."""

from __future__ import annotations

from random import Random

import pytest

from bench.submitting.ratios import ratio, spread


def test_a_spread_is_the_median_and_its_quartiles() -> None:
    """Of 1 to 5, the middle one, and one of each side of it."""
    assert spread([5.0, 1.0, 4.0, 2.0, 3.0]) == (3.0, 2.0, 4.0)


def test_one_sample_has_no_spread() -> None:
    assert spread([2.5]) == (2.5, 2.5, 2.5)


def test_a_ratio_is_that_of_the_medians() -> None:
    """Medians 2 and 4; one slow round changes neither."""
    found = ratio([1.0, 2.0, 90.0], [4.0, 3.0, 99.0], Random(1))

    assert found.value == pytest.approx(0.5)


def test_a_constant_ratio_is_certain() -> None:
    """Rounds are drawn for both together, so that a slow machine slows both."""
    slow_and_fast = [1.0, 5.0, 2.0, 9.0, 3.0]

    found = ratio([each * 0.7 for each in slow_and_fast], slow_and_fast, Random(1))

    assert found == pytest.approx((0.7, 0.7, 0.7))


def test_what_varies_has_an_interval_around_its_ratio() -> None:
    found = ratio([1.0, 2.0, 3.0, 2.0, 1.0], [2.0, 2.0, 2.0, 2.0, 2.0], Random(1))

    assert found.value == pytest.approx(1.0)
    # The least and the most that drawing five rounds can give.
    assert 0.5 <= found.low < 1.0 < found.high <= 1.5


def test_the_same_seed_gives_the_same_interval() -> None:
    samples, of = [1.0, 4.0, 2.0, 3.0], [2.0, 2.0, 3.0, 1.0]

    assert ratio(samples, of, Random(3)) == ratio(samples, of, Random(3))
