"""TransactWriteItems at a price that does not grow with the table.

moto copies every table whole before each transaction, to be able to go back.
Here its own method runs on miniature tables that hold copies of the touched
items only; what it did is then carried over. Conditions, errors and messages
therefore stay moto's.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moto.dynamodb.models.dynamo_type import Item
    from moto.dynamodb.models.table import Table


class _Touched(NamedTuple):
    """One item that a transaction names, whether it exists or not."""

    table: Table
    hash_key: DynamoType
    range_key: DynamoType | None


def transact_write_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """Do what ``DynamoDBBackend.transact_write_items`` does.

    Raises:
        TransactionCanceledException: and every other error of moto's; nothing has changed then.
    """
    touched = list(_touched(backend, transact_items))
    miniature = copy.copy(backend)
    miniature.tables = {name: _empty(table) for name, table in backend.tables.items()}
    for table, hash_key, range_key in touched:
        # A copy, because an update changes the item in place, also in a transaction that fails.
        item = copy.deepcopy(_get(table, hash_key, range_key))
        _set(miniature.tables[table.name], hash_key, range_key, item)
    DynamoDBBackend.transact_write_items(miniature, transact_items)
    for table, hash_key, range_key in touched:
        before = _get(table, hash_key, range_key)
        after = _get(miniature.tables[table.name], hash_key, range_key)
        if _differ(before, after):
            _set(table, hash_key, range_key, after)
            if table.stream_shard is not None:
                table.stream_shard.add(before, after)


def _touched(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> Iterator[_Touched]:
    """Yield the key of each operation; a malformed one is left for moto to refuse."""
    tables = {
        name: table for table in backend.tables.values() for name in (table.name, table.table_arn)
    }
    for operation in transact_items:
        for target in operation.values():
            table = tables.get(target.get("TableName"))
            key = target.get("Key", target.get("Item", {}))
            if table and all(name in key for name in table.table_key_attrs):
                hash_key, *range_keys = (DynamoType(key[name]) for name in table.table_key_attrs)
                yield _Touched(table, hash_key, range_keys[0] if range_keys else None)


def _empty(table: Table) -> Table:
    miniature = copy.copy(table)
    miniature.items = defaultdict(dict)
    miniature.stream_shard = None
    return miniature


def _get(table: Table, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
    if range_key is None:
        return table.items.get(hash_key)  # type: ignore[return-value]
    return table.items.get(hash_key, {}).get(range_key)


def _set(
    table: Table, hash_key: DynamoType, range_key: DynamoType | None, item: Item | None
) -> None:
    items: Any = table.items if range_key is None else table.items[hash_key]
    key = hash_key if range_key is None else range_key
    if item is None:
        items.pop(key, None)
    else:
        items[key] = item


def _differ(before: Item | None, after: Item | None) -> bool:
    # As DynamoDB does: a write that changes nothing leaves no stream record.
    if before is None or after is None:
        return before is not after
    return bool(before.to_json() != after.to_json())
