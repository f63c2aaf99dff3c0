"""The text is in a language that the form does not expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.languages import BY_CODE
from chalicelib.model import Signal

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# Guests write in their own language. The owner has said that few do; not that none may. With
# sales talk at its most it stays below 5.
POINTS = 2.1
LANGUAGES = tuple(sorted(BY_CODE))


def check(_submission: Submission, form: Form, context: Context) -> Signal | None:
    """Look at the longest value, where the form lists what it expects."""
    expected = form.spam.languages
    if not expected:
        return None
    # Only forms that expect some pay for telling them apart.
    from chalicelib.written_in import unexpected

    language = unexpected(context.reading.longest, expected)
    return Signal("language", POINTS, f"written in {language}") if language else None
