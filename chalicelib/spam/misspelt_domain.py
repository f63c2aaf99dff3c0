"""The domain of the visitor's address is one letter off a well-known one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.mail_providers import meant_provider
from chalicelib.model import Signal

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# Nearly always a slip of a person who is in a hurry. What matters is that the owner is told.
POINTS = 0.5


def check(_submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Compare the domain of each address with the well-known ones."""
    for address in context.reading.addresses:
        domain = address.rpartition("@")[2]
        if meant := meant_provider(domain):
            reason = f"{domain} looks like {meant} misspelt, so an answer may not arrive"
            return Signal("misspelt_domain", POINTS, reason)
    return None
