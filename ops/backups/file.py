"""A backup's format: one item a line, as DynamoDB's own exports to S3 have it.

    {"Item": {"pk": {"S": "KEYS"}, "sk": {"S": "SIGNING"}, "secret": {"B": "9Bq7…"}}}

So what DynamoDB exported can be restored, and what is backed up can be imported by it.
Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.items import Item


class NotABackup(Exception):
    """A line is no item; the text says which one."""


def line(item: Item) -> bytes:
    """Return an item as a line of a backup."""
    return json.dumps({"Item": item}, default=_base64, separators=(",", ":")).encode() + b"\n"


def read(lines: Iterable[bytes]) -> Iterator[Item]:
    """Yield each item, in wire types.

    Raises:
        NotABackup: a line is none.
    """
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            item: Item = json.loads(text, object_hook=_with_bytes)["Item"]
            _ = item["pk"]["S"], item["sk"]["S"]
        except (ValueError, KeyError, TypeError) as error:
            raise NotABackup(f"Line {number} is no item of a backup.") from error
        yield item


def _base64(value: Any) -> str:
    """Return what json cannot write: of DynamoDB's types, binary alone."""
    return base64.b64encode(value).decode()


def _with_bytes(value: dict[str, Any]) -> dict[str, Any]:
    # An attribute that is called B holds a type and not a text.
    if value.keys() == {"B"} and isinstance(value["B"], str):
        return {"B": base64.b64decode(value["B"], validate=True)}
    return value
