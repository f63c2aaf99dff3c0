"""CloudWatch as it decides on an alarm: statistics of periods, M out of N, missing data.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from __future__ import annotations

import json
import math
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.emf import DataPoint

State = Literal["OK", "ALARM"]

# CloudWatch looks at more periods than an alarm asks for, in case some are missing. How many is
# its own affair; its documentation shows 5 for 3.
EXTRA_PERIODS = 2
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
}


@dataclass(frozen=True)
class Alarm:
    """One alarm of a template, for one stage."""

    name: str
    namespace: str
    metric: str
    dimensions: frozenset[tuple[str, str]]
    statistic: str
    period_seconds: int
    evaluation_periods: int
    datapoints_to_alarm: int
    threshold: float
    comparison: str
    missing: str

    def changes(self, points: Sequence[DataPoint], *, until: float) -> list[tuple[float, State]]:
        """Return when the alarm changed its state, at first ``OK``.

        It looks at the end of every period, from that of the first point of any metric.
        """
        by_period: dict[int, list[float]] = {}
        for point in points:
            if (point.namespace, point.name, point.dimensions) == (
                self.namespace,
                self.metric,
                self.dimensions,
            ):
                by_period.setdefault(int(point.at // self.period_seconds), []).append(point.value)
        changes: list[tuple[float, State]] = []
        state: State = "OK"
        first_period = int(min(point.at for point in points) // self.period_seconds)
        for period in range(first_period, int(until // self.period_seconds)):
            first = period - self.evaluation_periods - EXTRA_PERIODS + 1
            looked_at = map(by_period.get, range(first, period + 1))
            new = self.state([self._is_breaching(values) for values in looked_at])
            if new != state:
                changes.append(((period + 1) * self.period_seconds, new))
                state = new
        return changes

    def state(self, breaching: Sequence[bool | None]) -> State:
        """Return the state after these periods, oldest first; None is one without data."""
        real = [each for each in breaching if each is not None][-self.evaluation_periods :]
        filled = (self.evaluation_periods - len(real)) * [self.missing == "breaching"]
        return "ALARM" if sum(real + filled) >= self.datapoints_to_alarm else "OK"

    def _is_breaching(self, values: list[float] | None) -> bool | None:
        if values is None:
            return None
        return _COMPARISONS[self.comparison](_statistic(self.statistic, values), self.threshold)


def alarms_in(template: Path, stage: str) -> dict[str, Alarm]:
    """Return the alarms of a CloudFormation template by their names in it."""
    resources = json.loads(template.read_text("utf-8"))["Resources"]
    return {
        name: _alarm(name, made["Properties"], resources, stage)
        for name, made in resources.items()
        if made.get("Type") == "AWS::CloudWatch::Alarm"
    }


def _alarm(name: str, made: Any, resources: Any, stage: str) -> Alarm:
    def resolved(value: Any) -> str:
        if isinstance(value, str):
            return value.replace("${Stage}", stage)
        [(function, argument)] = value.items()
        if function == "Fn::GetAtt":
            return resolved(resources[argument[0]]["Properties"][argument[1]])
        if function == "Ref":
            assert argument == "Stage"
            return stage
        assert function == "Fn::Sub"
        return resolved(argument)

    missing = made["TreatMissingData"]
    # What the other two do depends on the state before; none of ours has them.
    assert missing in {"breaching", "notBreaching"}
    return Alarm(
        name=name,
        namespace=resolved(made["Namespace"]),
        metric=made["MetricName"],
        dimensions=frozenset(
            (each["Name"], resolved(each["Value"])) for each in made.get("Dimensions", [])
        ),
        statistic=made.get("Statistic") or made["ExtendedStatistic"],
        period_seconds=made["Period"],
        evaluation_periods=made["EvaluationPeriods"],
        datapoints_to_alarm=made.get("DatapointsToAlarm", made["EvaluationPeriods"]),
        threshold=made["Threshold"],
        comparison=made["ComparisonOperator"],
        missing=missing,
    )


def _statistic(name: str, values: list[float]) -> float:
    if name == "Sum":
        return sum(values)
    if name == "Maximum":
        return max(values)
    assert name.startswith("p")
    return sorted(values)[math.ceil(float(name[1:]) / 100 * len(values)) - 1]
