"""The words are like those of what the owner moved to spam, or like those of what stayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.model import Signal

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context


def check(_submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Say what the owner's moves have taught, and by which words."""
    if context.learned is None:
        return None
    score = context.learned.score(context.reading)
    if not score.points:
        return None
    kind = "spam" if score.points > 0 else "what you kept"
    words = ", ".join(f'"{word}"' for word in score.words)
    said = f", above all {words}" if words else ""
    return Signal("learned", score.points, f"reads like {kind}{said}")
