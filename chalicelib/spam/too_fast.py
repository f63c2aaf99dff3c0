"""The form was sent sooner than a person can fill it in.

The time is that of the proof of work: its page asks for one when somebody turns to the form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.model import Signal

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# Not enough alone: a browser or a password manager can fill in a whole form at once, and then
# there is only the button left to press.
POINTS = 2.0
LEAST_SECONDS = 2.0


def check(submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Say how soon it was sent, where that is signed."""
    issued_at = context.proof.issued_at
    if issued_at is None:
        return None
    seconds = submission.received_at.timestamp() - issued_at
    if seconds >= LEAST_SECONDS:
        return None
    # Two containers' clocks may differ by a little.
    return Signal("too_fast", POINTS, f"sent {max(seconds, 0):.1f} s after the form was turned to")
