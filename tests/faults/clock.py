"""The clock of a campaign: it runs as every clock does, and hours without work are skipped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized


class SkippingClock:
    """Says the same in every process.

    Args:
        skipped_seconds: shared by all of them.
    """

    def __init__(self, skipped_seconds: Synchronized[float]) -> None:
        self.skipped_seconds = skipped_seconds

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.skipped_seconds.value)

    def skip(self, seconds: float) -> None:
        self.skipped_seconds.value += seconds
