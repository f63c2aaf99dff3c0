"""The visitor's address is one that is thrown away after some minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.mail_providers import PROVIDERS, meant_provider
from chalicelib.model import Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# Careful people have such addresses as well, though an answer will hardly reach them.
POINTS = 2.0


def check(_submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Look up the domain of each address, and the domains above it."""
    for address in context.reading.addresses:
        domain = address.rpartition("@")[2]
        # Most people's are these: the list need not be loaded for them.
        if domain in PROVIDERS:
            continue
        # Such services have misspelt domains, too; whoever slips into one is no spammer.
        if (listed := _listed(domain)) and not meant_provider(domain):
            return Signal("throwaway", POINTS, f"{listed} gives addresses to throw away")
    return None


def _listed(domain: str) -> str | None:
    # 1.1 MB of memory; see docs/decisions/0017-throw-away-addresses.md.
    from disposable_email_domains import blocklist

    return next((each for each in _and_above(domain) if each in blocklist), None)


def _and_above(domain: str) -> Iterable[str]:
    """Yield ``a.b.example`` and ``b.example``: the longest first, no top-level domain."""
    while "." in domain:
        yield domain
        domain = domain.partition(".")[2]
