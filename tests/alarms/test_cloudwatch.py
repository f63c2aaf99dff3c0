"""The alarms' states are those of CloudWatch's documentation, row by row."""

from __future__ import annotations

import pytest

from tests.alarms.cloudwatch import EXTRA_PERIODS, Alarm
from tests.emf import DataPoint

PERIOD = 300


def an_alarm(points: int, periods: int, missing: str, statistic: str = "Sum") -> Alarm:
    return Alarm(
        name="Any",
        namespace="ns",
        metric="m",
        dimensions=frozenset(),
        statistic=statistic,
        period_seconds=PERIOD,
        evaluation_periods=periods,
        datapoints_to_alarm=points,
        threshold=1,
        comparison="GreaterThanThreshold",
        missing=missing,
    )


@pytest.mark.parametrize(
    ("seen", "points", "breaching", "not_breaching"),
    [
        # 3 out of 3
        ("0-X-X", 3, "OK", "OK"),
        ("0----", 3, "OK", "OK"),
        ("-----", 3, "ALARM", "OK"),
        ("0XX-X", 3, "ALARM", "ALARM"),
        ("----X", 3, "ALARM", "OK"),
        # 2 out of 3
        ("0-X-X", 2, "ALARM", "ALARM"),
        ("00X0X", 2, "ALARM", "ALARM"),
        ("0-X--", 2, "ALARM", "OK"),
        ("----0", 2, "ALARM", "OK"),
        ("----X", 2, "ALARM", "OK"),
    ],
)
def test_the_examples_of_the_documentation(
    seen: str, points: int, breaching: str, not_breaching: str
) -> None:
    """Source: "How alarm state is evaluated when data is missing", its two tables."""
    values = [{"X": True, "0": False, "-": None}[each] for each in seen]

    assert len(values) == 3 + EXTRA_PERIODS
    assert an_alarm(points, 3, "breaching").state(values) == breaching
    assert an_alarm(points, 3, "notBreaching").state(values) == not_breaching


@pytest.mark.parametrize(
    ("statistic", "values", "changes"),
    [
        ("Sum", [0.5, 0.5], []),
        ("Sum", [0.5, 0.6], [(900, "ALARM")]),
        ("Maximum", [0.9, 1.0], []),
        ("Maximum", [0.2, 1.1], [(900, "ALARM")]),
        # The ninth of ten.
        ("p90", [0.0] * 9 + [5.0], []),
        ("p90", [0.0] * 8 + [5.0] * 2, [(900, "ALARM")]),
    ],
)
def test_a_period_is_one_value(
    statistic: str, values: list[float], changes: list[tuple[float, str]]
) -> None:
    points = [DataPoint(600 + at, "ns", "m", frozenset(), value) for at, value in enumerate(values)]

    assert an_alarm(1, 1, "notBreaching", statistic).changes(points, until=900) == changes


def test_other_metrics_are_not_its_business() -> None:
    others = [
        DataPoint(0, "other", "m", frozenset(), 9),
        DataPoint(0, "ns", "other", frozenset(), 9),
        DataPoint(0, "ns", "m", frozenset({("outcome", "spam")}), 9),
    ]

    assert an_alarm(1, 1, "notBreaching").changes(others, until=900) == []
