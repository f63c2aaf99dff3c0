"""The text is in a language that the form does not expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.model import Form, Signal, Submission
    from chalicelib.spam import Context

LANGUAGES = ("en",)


def check(_submission: Submission, _form: Form, _context: Context) -> Signal | None:
    """Say nothing yet."""
    return None
