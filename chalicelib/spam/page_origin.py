"""The browser, or the script, did not tell which page sent the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.model import Signal

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# Far from enough alone: pages under a no-referrer policy withhold it for every visitor. With no
# proof of work besides, as programs mostly come, it takes much sales talk or what was taught.
POINTS = 1.5


def check(submission: Submission, _form: Form, _context: Context) -> Signal | None:
    """Weigh a missing origin lightly."""
    if submission.sender.origin is not None:
        return None
    return Signal("page_origin", POINTS, "neither Origin nor Referer told the page")
