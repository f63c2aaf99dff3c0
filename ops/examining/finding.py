"""What one look at a Formpost has shown."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One line of the doctor's report.

    Attributes:
        check: what was looked at, e.g. ``CORS on 404``.
        healthy: whether it is as it should be.
        seen: what was found.
        advice: what to do if it is not.
    """

    check: str
    healthy: bool
    seen: str
    advice: str
