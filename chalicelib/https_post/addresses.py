"""Which IP addresses are the public internet's.

A webhook's URL must not lead to what only this function can reach: Lambda's own
runtime API, the metadata of the machine, a private network. The list is ours,
because ``ipaddress.is_global`` answers differently in patch releases of one Python.
Source: https://github.com/python/cpython/issues/113171 (CVE-2024-4032)
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Address

# The registry's blocks that are not globally reachable, and multicast.
# Source: https://www.iana.org/assignments/iana-ipv4-special-registry/ (of 2025-10-09)
# Source: https://www.iana.org/assignments/multicast-addresses/
_NOT_PUBLIC_IPV4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network; Linux takes 0.0.0.0 for this machine
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, with the metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, deprecated
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# All that is assigned to hosts of the internet so far. Loopback, link-local, unique-local,
# IPv4-mapped and multicast addresses are outside.
# Source: https://www.iana.org/assignments/ipv6-unicast-address-assignments/
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Source: https://www.iana.org/assignments/iana-ipv6-special-registry/ (of 2025-10-09)
_NOT_PUBLIC_IPV6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: leads to the IPv4 address inside
        "3fff::/20",  # documentation
    )
)
# In a network without IPv4, DNS64 hands out every IPv4 host as one of these.
# Source: RFC 6052, section 2.1
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether an address, e.g. ``2606:4700::6810:84e5``, is one of a host on the internet.

    Raises:
        ValueError: it is not an IP address.
    """
    address = _embedded(ip_address(text))
    if isinstance(address, IPv6Address):
        return address in _GLOBAL_UNICAST and not any(address in net for net in _NOT_PUBLIC_IPV6)
    return not any(address in net for net in _NOT_PUBLIC_IPV4)


def is_loopback(text: str) -> bool:
    """Whether an address is this machine's own, in 127.0.0.0/8 or ``::1``.

    Raises:
        ValueError: it is not an IP address.
    """
    address = ip_address(text)
    # A newer Python also takes the IPv4-mapped form for loopback; nobody needs it.
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that NAT64 translates this one to, or the address itself."""
    if isinstance(address, IPv6Address) and address in _NAT64:
        return ip_address(address.packed[-4:])
    return address
