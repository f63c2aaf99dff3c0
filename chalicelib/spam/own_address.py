"""The visitor writes with an address of the owner's, or of the owner's domain."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.mail_providers import PROVIDERS
from chalicelib.model import Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# Programs take the address that they find on the page. So do owners who try their form,
# and colleagues who use it.
POINTS = 1.0


def check(_submission: Submission, form: Form, context: Context) -> Signal | None:
    """Compare each address with those that forms.toml names, and with the form's own sites."""
    given = context.reading.addresses
    if not given:
        return None
    mailboxes = list(_own_mailboxes(form))
    hosts = [urlsplit(origin).hostname or "" for origin in form.allowed_origins]
    for address in given:
        domain = address.rpartition("@")[2]
        own = _addresses([mailbox for mailbox in mailboxes if domain in mailbox])
        if address in own:
            return Signal("own_address", POINTS, f"{address} is an address of the owner's")
        is_own = any(each.endswith(f"@{domain}") for each in own) and domain not in PROVIDERS
        if is_own or any(_is_of(host, domain) for host in hosts):
            return Signal("own_address", POINTS, f"{domain} is a domain of the owner's")
    return None


def _own_mailboxes(form: Form) -> Iterable[str]:
    """Yield every mailbox that a target of the form is told at, or tells from, in lower case."""
    for target in form.targets:
        for key in ("to", "from", "reply_to"):
            if setting := target.settings.get(key):
                for mailbox in [setting] if isinstance(setting, str) else setting:
                    yield mailbox.lower()


def _addresses(mailboxes: list[str]) -> list[str]:
    if not mailboxes:
        return []
    # Hardly a visitor has the owner's domain: the others do not wait for mails.
    from chalicelib.mails.mailboxes import addresses

    return addresses(mailboxes)


def _is_of(host: str, domain: str) -> bool:
    """Whether a host is the domain's, e.g. ``www.example.com`` of ``example.com``."""
    return "." in domain and f".{host}".endswith(f".{domain}") and domain not in PROVIDERS
