"""What CloudWatch gets from a stage in the course of time: AWS's own metrics, and the log's.

AWS's are those that its documentation has for Lambda, SQS and API Gateway; the log's are
lines that the app really writes, played at the times that an incident says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.config import PROJECT_DIR
from chalicelib.metrics import embedded
from ops.deploying import stage_file
from ops.deploying.names import APP, Names
from tests.emf import DataPoint, data_points

if TYPE_CHECKING:
    from collections.abc import Iterable

STAGE = "prod"
NAMES = Names(STAGE)
# A Monday at noon, in unix s.
START = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
_NAMESPACE = stage_file.read(PROJECT_DIR)["stages"][STAGE]["environment_variables"][
    "FORMPOST_METRICS"
]

Line = Mapping[str, Any]


class Account:
    """Collects the data points; times are in seconds since the start."""

    def __init__(self) -> None:
        self.points: list[DataPoint] = []

    def logged(self, line: Line, at: float) -> None:
        """Have a function write a line, and API Gateway answer if it is a request's."""
        document = embedded(
            line, namespace=_NAMESPACE, now=datetime.fromtimestamp(START + at, tz=UTC)
        )
        if "_aws" in document:
            self.points += data_points(document)
        if "status" in line and "route" in line:
            self.answered(line["status"], at)

    def answered(self, status: int, at: float) -> None:
        """Have API Gateway answer: each answer is a 0 or a 1, and an average is a share."""
        dimensions = {"ApiName": APP, "Stage": STAGE}
        self._put("AWS/ApiGateway", "5XXError", dimensions, float(status >= 500), at)

    def invoked(self, handler: str, at: float, *, failed: bool = False) -> None:
        """Have Lambda run a function: Errors has a 0 for each invocation that went well."""
        function = {"FunctionName": NAMES.function_by_handler[handler]}
        self._put("AWS/Lambda", "Errors", function, float(failed), at)
        self._put("AWS/Lambda", "Throttles", function, 0.0, at)

    def throttled(self, handler: str, at: float) -> None:
        """Have Lambda refuse to run one."""
        function = {"FunctionName": NAMES.function_by_handler[handler]}
        self._put("AWS/Lambda", "Throttles", function, 1.0, at)

    def relayed(self, at: float, *, age_seconds: float, failed: bool = False) -> None:
        """Have relay get a batch, of which the last record is so old."""
        self.invoked("relay", at, failed=failed)
        function = {"FunctionName": NAMES.function_by_handler["relay"]}
        self._put("AWS/Lambda", "IteratorAge", function, age_seconds * 1000, at)

    def queue(
        self, name: str, minutes: Iterable[int], *, visible: float, oldest_seconds: float = 0.0
    ) -> None:
        """Have SQS tell of a queue in each of these minutes."""
        for minute in minutes:
            for metric, value in (
                ("ApproximateNumberOfMessagesVisible", visible),
                ("ApproximateAgeOfOldestMessage", oldest_seconds),
            ):
                self._put("AWS/SQS", metric, {"QueueName": name}, value, minute * MINUTE)

    def _put(
        self, namespace: str, name: str, dimensions: dict[str, str], value: float, at: float
    ) -> None:
        of = frozenset(dimensions.items())
        self.points.append(DataPoint(START + at, namespace, name, of, value))
