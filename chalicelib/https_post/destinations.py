"""Where a URL leads: the parts of it that a post needs, each in one spelling.

The URL is read once, here. What is resolved, connected to, verified and said in
``Host`` is this reading, so no two of them can disagree.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from chalicelib.errors import DeliveryRefused

_DEFAULT_PORTS = {"http": 80, "https": 443}
# A name, or an IPv6 address. What else somebody means by a host is nothing DNS knows.
# Source: RFC 1035, section 2.3.4, of the lengths
_LABEL = r"[a-z0-9_][a-z0-9_\-]{0,62}"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|[0-9a-f:.]*:[0-9a-f:.]*")
_MAX_HOST_LENGTH = 253
# urlsplit() drops tabs and line breaks without a word, and reads "\" as part of a host.
_NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f\\]")

_NOT_A_URL = "The target's URL is not one that can be posted to, such as https://example.com/hook."


class Destination(NamedTuple):
    """Where a post goes.

    Attributes:
        host: in lower case and ASCII, without a dot at the end; IPv6 without brackets.
        request_target: path and query, which may be secrets: never in a message.
    """

    is_https: bool
    host: str
    port: int
    request_target: str

    @property
    def host_header(self) -> str:
        """Return the value of ``Host``; a default port is left out (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_default = self.port == _DEFAULT_PORTS["https" if self.is_https else "http"]
        return host if is_default else f"{host}:{self.port}"


def destination_of(url: str) -> Destination:
    """Return where a URL leads.

    Raises:
        DeliveryRefused: it is no http or https URL, or carries a user name.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or _NOT_IN_A_URL.search(url):
        raise DeliveryRefused(_NOT_A_URL)
    if "@" in parts.netloc:
        raise DeliveryRefused("The target's URL has a user name or password in it.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not target.isascii():
        raise DeliveryRefused("The target's URL has letters that must be percent-encoded.")
    return Destination(
        is_https=parts.scheme == "https",
        host=_spelled(parts.hostname),
        port=_DEFAULT_PORTS[parts.scheme] if port is None else port,
        request_target=target,
    )


def _spelled(hostname: str) -> str:
    """Return the host as DNS spells it."""
    host = hostname.removesuffix(".")
    if not host.isascii():
        host = _punycode(host)
    if len(host) > _MAX_HOST_LENGTH or not _HOST.fullmatch(host):
        raise DeliveryRefused(_NOT_A_URL)
    return host


def _punycode(host: str) -> str:
    """Return an international name as DNS spells it, e.g. ``xn--bcher-kva.example``."""
    try:
        encoded = host.encode("idna")
        is_same_name = encoded.decode("idna") == host
    except UnicodeError:
        is_same_name = False
    # Python follows IDNA 2003, which reads some letters as others; browsers no longer do.
    # Source: https://www.unicode.org/reports/tr46/#Deviations
    if not is_same_name:
        raise DeliveryRefused("The host in the target's URL must be spelled as xn--...")
    return encoded.decode("ascii")
