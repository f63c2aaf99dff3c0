"""moto's DynamoDB as a library: one request in, one answer out, no HTTP.

Mended where moto is made for short tests and this one lives for days:
transactions do not copy tables, items are written out directly, stream records
are taken away, and moto's list of every object it ever made stays empty.

Not thread-safe: moto checks first and writes then, so callers hold a lock.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections import deque
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from moto.core.request import Request
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamRecord
from moto.dynamodb.models.utilities import dynamo_json_dump
from moto.dynamodb.responses import DynamoHandler, DynamoResult
from werkzeug.exceptions import HTTPException

from ops.local.transactions import transact_write_items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moto.core.common_types import TYPE_RESPONSE
    from moto.core.responses import ActionResult

REGION = "us-east-1"
TARGET_PREFIX = "DynamoDB_20120810."
_URL = f"https://dynamodb.{REGION}.amazonaws.com/"
_READS = ("GetItem", "Query", "Scan")
_account_numbers = itertools.count(1)


class Answer(NamedTuple):
    """What goes back over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes


class Engine:
    """Tables of one account that nothing else in this process shares."""

    def __init__(self) -> None:
        self._account = f"{next(_account_numbers):012d}"
        self._backend = dynamodb_backends[self._account][REGION]
        # Assigned to this backend alone; moto's class stays as it is.
        mended = partial(transact_write_items, self._backend)
        self._backend.transact_write_items = mended  # type: ignore[method-assign]
        # moto remembers every item and record, also copies made for reading, to show them in a
        # dashboard that does not run here.
        for model in (Item, StreamRecord):
            model.instances_tracked = deque(maxlen=0)  # type: ignore[union-attr]

    def call(self, operation: str, body: bytes) -> Answer:
        """Do one request of DynamoDB's JSON protocol.

        Args:
            operation: e.g. ``PutItem``.
            body: the request's JSON.
        """
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": TARGET_PREFIX + operation,
            "x-moto-account-id": self._account,
        }
        request = Request.from_primitives("POST", _URL, headers, body)
        try:
            status, answer_headers, text = _Handler.dispatch(request, _URL, request.headers)
        except HTTPException as error:
            status, answer_headers = error.code or 500, dict(error.get_headers())
            text = error.get_body()
        return Answer(status, answer_headers, text.encode() if isinstance(text, str) else text)

    def put(self, table: str, item: dict[str, Any]) -> None:
        """Store one item of wire types as JSON has them, five times as fast as ``call``."""
        attributes = {name: _from_json(attribute) for name, attribute in item.items()}
        self._backend.put_item(table, attributes, overwrite=True)

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the table's name and every item, as ``put`` takes it."""
        for table in self._backend.tables.values():
            for item in table.all_items():
                yield table.name, json.loads(dynamo_json_dump(item.to_json()["Attributes"]))

    def tables(self) -> frozenset[str]:
        """Return the names of all tables."""
        return frozenset(self._backend.tables)

    @contextmanager
    def without_streams(self) -> Iterator[None]:
        """Leave no stream records meanwhile: what is restored has been told about before."""
        shards = {name: table.stream_shard for name, table in self._backend.tables.items()}
        for table in self._backend.tables.values():
            table.stream_shard = None
        try:
            yield
        finally:
            for name, shard in shards.items():
                self._backend.tables[name].stream_shard = shard

    def take_stream_records(self) -> list[dict[str, Any]]:
        """Return what was written since the last call, as a Lambda is handed it.

        The shape is that of https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html,
        without the stream's ARN.
        """
        taken: list[dict[str, Any]] = []
        for table in self._backend.tables.values():
            if shard := table.stream_shard:
                taken += (json.loads(dynamo_json_dump(each.to_json())) for each in shard.items)
                # Sequence numbers count from here, so later records keep theirs.
                shard.starting_sequence_number += len(shard.items)
                shard.items.clear()
        return taken


class _Handler(DynamoHandler):
    """moto's handler of one request."""

    def serialized(self, action_result: ActionResult) -> TYPE_RESPONSE:
        # Items are as the wire wants them already; moto's serializer for every service of AWS
        # would look each value up in a model, which takes a page of 500 four times as long.
        if isinstance(action_result, DynamoResult) and self._get_action() in _READS:
            return 200, self.response_headers, dynamo_json_dump(action_result.result)
        return super().serialized(action_result)


def _from_json(attribute: dict[str, Any]) -> dict[str, Any]:
    """Decode binary values, which moto keeps as bytes and JSON as base64."""
    ((kind, value),) = attribute.items()
    match kind:
        case "B":
            return {kind: base64.b64decode(value)}
        case "BS":
            return {kind: [base64.b64decode(text) for text in value]}
        case "L":
            return {kind: [_from_json(element) for element in value]}
        case "M":
            return {kind: {name: _from_json(element) for name, element in value.items()}}
        case _:
            return attribute
