"""What the owner's moves to and from spam have taught of one form's words."""

from __future__ import annotations


class Learned:
    """Counts of words and characters."""
