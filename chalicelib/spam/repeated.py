"""The same long text came before, to another form or from somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.model import Signal

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# Whoever applies for two jobs sends one letter twice, and a campaign hands out its text.
POINTS = 2.0


def check(_submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Pass on what the store said."""
    if "content" not in context.known:
        return None
    reason = "the same text came before, to another form or from another address"
    return Signal("repeated", POINTS, reason)
