"""The composition root of what only these commands work with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.bulk_store import BulkStore
    from chalicelib.config import Settings


def bulk_store(settings: Settings) -> BulkStore:
    """Return what stores and changes many submissions; it connects on first use."""
    import time

    from chalicelib.bulk_store import BulkStore
    from chalicelib.wiring import submission_store

    store = submission_store(settings, publish=False)
    return BulkStore(lambda: store.client, table=settings.table, pause=time.sleep)
