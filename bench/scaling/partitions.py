"""DynamoDB's partitions as they limit a table: so many units a second each, and no more.

Adaptive capacity and burst capacity are off, so this is the worst that AWS documents.
Each partition key has a partition of its own, the best that a table can have come to.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.items import bytes_of

if TYPE_CHECKING:
    from collections.abc import Iterable

WRITES_A_SECOND = 1_000
READS_A_SECOND = 3_000
# A unit writes 1 kB or reads 4 kB; a read that may be a moment old costs half of one.
_WRITE_BYTES, _READ_BYTES = 1_024, 4_096
_EVENTUAL = 0.5
# A transaction prepares each item and then commits it.
_TRANSACTION = 2


class Write(NamedTuple):
    """Units that one partition of the table or of an index has to give.

    Attributes:
        partition: index, or ``table``, and the key.
    """

    partition: tuple[str, str]
    units: int


class Index(NamedTuple):
    """An index of the table.

    Attributes:
        name: as in .chalice/resources.json.
        key: the attribute that is its partition key.
        projected: what it holds beside keys; None is all.
    """

    name: str
    key: str
    projected: tuple[str, ...] | None


def writes(item: dict[str, Any], indexes: Iterable[Index]) -> list[Write]:
    """Return what putting a new item in a transaction takes of the table and of its indexes."""
    found = [Write(("table", item["pk"]["S"]), _TRANSACTION * _units(item, _WRITE_BYTES))]
    for index in indexes:
        if index.key in item:
            held = index.projected
            # Indexes follow on their own, outside the transaction.
            copy = item if held is None else {key: item[key] for key in held if key in item}
            write = Write((index.name, item[index.key]["S"]), _units(copy, _WRITE_BYTES))
            found.append(write)
    return found


def read_units(items: Iterable[dict[str, Any]]) -> float:
    """Return what one query that finds these takes of its partition."""
    read_bytes = sum(_bytes(item) for item in items)
    return _EVENTUAL * max(1, -(-read_bytes // _READ_BYTES))


@dataclass
class Second:
    """One second: what each partition has given in it."""

    given: Counter[tuple[str, str]] = field(default_factory=Counter)

    def takes(self, needed: Iterable[Write]) -> bool:
        """Write all or nothing; an index that cannot follow throttles its table, too."""
        units = Counter[tuple[str, str]]()
        for write in needed:
            units[write.partition] += write.units
        if any(self.given[each] + count > WRITES_A_SECOND for each, count in units.items()):
            return False
        self.given += units
        return True


def _units(item: dict[str, Any], unit_bytes: int) -> int:
    return -(-_bytes(item) // unit_bytes)


def _bytes(item: dict[str, Any]) -> int:
    return sum(len(name) + bytes_of(value) for name, value in item.items())
