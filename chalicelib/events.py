"""Read the events of the stream and of the queue as plain values; no Chalice in here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def written_images(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield each item that was written, in wire types; what was deleted has none."""
    for record in event["Records"]:
        image = record.get("dynamodb", {}).get("NewImage")
        if image is not None:
            yield image


def delivery_task(event: Mapping[str, Any]) -> tuple[str, str]:
    """Return submission id and target name of the one message.

    Raises:
        ValueError, KeyError, TypeError: the message is none of ours; the queue
            keeps it as a dead letter.
    """
    [record] = event["Records"]
    task = json.loads(record["body"])
    return str(task["submission_id"]), str(task["target"])
