"""Until when a submission is kept: so many days from its arrival, as its form says now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.model import Form


def expiry(received_at: datetime, form: Form) -> int | None:
    """Return the unix time in seconds from which nobody sees a submission; None is never."""
    if form.retention_days is None:
        return None
    return int((received_at + timedelta(days=form.retention_days)).timestamp())
