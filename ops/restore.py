"""``python -m ops restore``: put back what a backup has and the table has not.

What is there stays as it is, so that it can be run again, and beside a stage that is in
use. Nobody is told of a submission that is restored: the stream shows it to relay, and its
last change says that it is no news, as after a change of retention.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, BinaryIO

import click

from ops import stage as stages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chalicelib.items import Item
    from ops.backups.table import Table

_OTHER_KEY = (
    "The table has its own secret for keyed hashes, which stays. To it, senders and repeats of"
    " the time before are strangers; see docs/operations.md, Backup and restore."
)


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Store nothing; only say what would be.")
@stages.option
def restore(file: BinaryIO, stage: str | None, *, dry_run: bool) -> None:
    """Store what is in FILE, a backup, and not in the table; FILE can be - for stdin."""
    from datetime import UTC, datetime

    from ops.backup import said
    from ops.backups.file import NotABackup
    from ops.backups.table import kind_of, table_of

    table = table_of(stages.settings(stage))
    added: Counter[str] = Counter()
    left: Counter[str] = Counter()
    try:
        for batch in _batches(file, table, left, datetime.now(UTC)):
            missing = table.missing(batch)
            if not dry_run:
                table.put(missing)
            added.update(map(kind_of, missing))
            left["were there"] += len(batch) - len(missing)
    except NotABackup as error:
        raise click.ClickException(
            f"{error} Nothing behind it is restored; mend it, and run this again."
        ) from error
    click.echo(f"{'Would restore' if dry_run else 'Restored'} {said(added)}.")
    for reason, count in left.items():
        if count:
            click.echo(f"Not these: {count:,} {reason}.")


def _batches(
    file: BinaryIO, table: Table, left: Counter[str], now: datetime
) -> Iterator[list[Item]]:
    """Yield what is to be there, in pieces of as many as DynamoDB looks up at once."""
    from chalicelib import items
    from chalicelib.batches import MAX_KEYS
    from chalicelib.token_items import PARTITION
    from ops.backups.file import read
    from ops.progress import shown

    own_key, has_tokens = table.signing_key(), table.has_tokens()
    batch: list[Item] = []
    for item in shown(read(file), "Restoring"):
        if items.has_expired(item, now):
            left["have expired"] += 1
            continue
        # A token that was revoked since must not come back.
        if has_tokens and item["pk"]["S"] == PARTITION:
            left["are tokens, and the stage has its own"] += 1
            continue
        if own_key is not None and item.get("secret", {}).get("B", own_key) != own_key:
            click.echo(_OTHER_KEY, err=True)
        batch.append(_as_no_news(item))
        if len(batch) == MAX_KEYS:
            yield batch
            batch = []
    if batch:
        yield batch


def _as_no_news(item: Item) -> Item:
    from chalicelib import items

    return {**item, "last_change": {"S": items.KEPT}} if items.is_submission(item) else item
