"""A decoy field that no person sees was filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.model import Signal

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# Enough alone: a person can meet the decoy only with styles off, and is told to leave it empty.
POINTS = 10.0


def check(_submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Name the decoys that were filled in."""
    if not context.decoys:
        return None
    return Signal("honeypot", POINTS, f"{', '.join(context.decoys)} was filled in")
