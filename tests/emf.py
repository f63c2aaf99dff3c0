"""CloudWatch as it reads log lines: the embedded metric format, from its specification.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from openapi_schema_validator import OAS31Validator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# A namespace and each name have 1 to 255 characters; a dimension set has 9 of them at most
# and may be empty; a directive has 100 metrics at most.
_NAME = {"type": "string", "minLength": 1, "maxLength": 255}
_UNITS = ["Seconds", "Microseconds", "Milliseconds", "Bytes", "Percent", "Count", "None"]
_METRIC = {
    "type": "object",
    "required": ["Name"],
    "additionalProperties": False,
    "properties": {
        "Name": _NAME,
        "Unit": {"enum": _UNITS},
        "StorageResolution": {"enum": [1, 60]},
    },
}
_DIRECTIVE = {
    "type": "object",
    "required": ["Namespace", "Dimensions", "Metrics"],
    "additionalProperties": False,
    "properties": {
        "Namespace": _NAME,
        "Dimensions": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "array", "maxItems": 9, "items": _NAME},
        },
        "Metrics": {"type": "array", "minItems": 1, "maxItems": 100, "items": _METRIC},
    },
}
SCHEMA = {
    "type": "object",
    "required": ["_aws"],
    "properties": {
        "_aws": {
            "type": "object",
            "required": ["Timestamp", "CloudWatchMetrics"],
            "additionalProperties": False,
            "properties": {
                "Timestamp": {"type": "integer"},
                "CloudWatchMetrics": {"type": "array", "items": _DIRECTIVE},
            },
        }
    },
}

_VALIDATOR = OAS31Validator(SCHEMA)


class DataPoint(NamedTuple):
    """One value of a metric; ``at`` is in unix s."""

    at: float
    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]
    value: float


def data_points(line: Mapping[str, Any]) -> Iterator[DataPoint]:
    """Yield what CloudWatch takes out of a log line.

    Raises:
        ValueError, KeyError, AssertionError: it would take nothing.
    """
    document = json.loads(json.dumps(line, allow_nan=False))
    wrong = [f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(document)]
    if wrong:
        raise ValueError(", ".join(wrong))
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for dimensions in directive["Dimensions"]:
            # What is named stands at the top of the line: a dimension as a text, ...
            values = [(name, document[name]) for name in dimensions]
            assert all(isinstance(value, str) and 0 < len(value) <= 1024 for _, value in values)
            for metric in directive["Metrics"]:
                # ... a metric as a number.
                value = document[metric["Name"]]
                assert isinstance(value, int | float)
                assert not isinstance(value, bool)
                at = document["_aws"]["Timestamp"] / 1000
                namespace, name = directive["Namespace"], metric["Name"]
                yield DataPoint(at, namespace, name, frozenset(values), value)
