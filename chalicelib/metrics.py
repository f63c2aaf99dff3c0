"""Numbers for CloudWatch, read off the log lines: its embedded metric format.

CloudWatch makes metrics of those members of a line that ``_aws`` names. So a request
stays one line, and AWS is asked for nothing. What a line counts as follows from what it
says anyway: outcomes and states, of which there are few. Nothing that somebody typed
becomes a metric, and no form does: each combination is a metric of its own, at $0.30 a month.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime


# Each with its unit, as CloudWatch calls it, and its dimensions: members of the line, of which
# each value is a metric of its own. Tuples, since a class would cost a cold start 0.3 ms.
METRICS: dict[str, tuple[str, tuple[str, ...]]] = {
    # Posts to a form, by what became of them.
    "submissions": ("Count", ("outcome",)),
    # How long each of them waited for the store.
    "store_ms": ("Milliseconds", ()),
    # Attempts and feedback, by the state of the delivery after it.
    "deliveries": ("Count", ("outcome",)),
    # Owners who are not told of something, and will not be.
    "undelivered": ("Count", ()),
}
_FORM_ROUTES = frozenset({"/contact", "/f/{form_id}"})
_DELIVERY_EVENTS = frozenset({"deliver", "feedback"})
# It tells the visitor, whose address may have a typing mistake.
_VISITORS_CHANNEL = "autoresponse"


def embedded(line: Mapping[str, Any], *, namespace: str, now: datetime) -> dict[str, Any]:
    """Return a log line with the metrics that are in it, if any are.

    Args:
        line: as it is to be logged.
        namespace: where CloudWatch keeps them.
        now: when it is logged. An alarm looks at the newest minutes only, and what the line
            is about can have been before.
    """
    measured = dict(_measured(line))
    if not measured:
        return dict(line)
    told = {
        "Timestamp": round(now.timestamp() * 1000),
        "CloudWatchMetrics": [_directive(namespace, name) for name in measured],
    }
    return {**line, **measured, "_aws": told}


def _measured(line: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield each metric of a line with its value."""
    event, outcome = line.get("event"), line.get("outcome")
    if line.get("method") == "POST" and line["route"] in _FORM_ROUTES:
        yield "submissions", 1
        # A post that was refused before did not wait for the store.
        if line["store_ms"]:
            yield "store_ms", line["store_ms"]
    elif event in _DELIVERY_EVENTS:
        yield "deliveries", 1
        if _is_lost(line):
            yield "undelivered", 1
    elif outcome == "unreadable_record":
        yield "undelivered", 1


def _is_lost(line: Mapping[str, Any]) -> bool:
    """Whether an owner is not told of a submission, and will not be."""
    # Here, since the line of a visitor's post has no delivery.
    from chalicelib.delivery import DeliveryState

    # What has failed for a day is not among them: it is a dead letter, with an alarm of its own.
    lost = {DeliveryState.REFUSED, DeliveryState.BOUNCED, DeliveryState.COMPLAINED}
    return line.get("outcome") in lost and line["channel"] != _VISITORS_CHANNEL


def _directive(namespace: str, name: str) -> dict[str, Any]:
    unit, dimensions = METRICS[name]
    return {
        "Namespace": namespace,
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": name, "Unit": unit}],
    }
