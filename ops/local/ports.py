"""The two ports of local mode: where they come from, and whether they are free."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.config import DEFAULT_SITE_PORT
from chalicelib.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_API_PORT = 8000
_HIGHEST_PORT = 65_535
# Both, because browsers try ::1 first where a page says localhost.
_FAMILY_BY_HOST = {"127.0.0.1": socket.AF_INET, "::1": socket.AF_INET6}


class Ports(NamedTuple):
    """Where the API and the site listen."""

    api: int
    site: int

    @property
    def api_address(self) -> str:
        """What pages and people use."""
        return f"http://localhost:{self.api}"

    @property
    def site_address(self) -> str:
        """What people use."""
        return f"http://localhost:{self.site}"


def ports_from_env(env: Mapping[str, str]) -> Ports:
    """Read ``API_PORT`` and ``SITE_PORT``.

    Raises:
        ConfigError: one is not a port, or both are the same.
    """
    api = _port(env, "API_PORT", DEFAULT_API_PORT)
    site = _port(env, "SITE_PORT", DEFAULT_SITE_PORT)
    if api == site:
        raise ConfigError(f"API_PORT and SITE_PORT are both {api}; they must differ.")
    return Ports(api, site)


def loopback_hosts(port: int, variable: str) -> list[str]:
    """Return the loopback addresses of this machine, with ``port`` free on each.

    Args:
        port: the one that will be listened on.
        variable: its setting, for the error.

    Raises:
        ConfigError: another program has the port, or it may not be used.
    """
    return [
        host for host, family in _FAMILY_BY_HOST.items() if _is_usable(host, family, port, variable)
    ]


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if text.isascii() and text.isdigit() and 0 < int(text) <= _HIGHEST_PORT:
        return int(text)
    raise ConfigError(f'{name} is "{text}"; it is a port, from 1 to {_HIGHEST_PORT}.')


def _is_usable(host: str, family: int, port: int, variable: str) -> bool:
    try:
        with socket.socket(family) as probe:
            # As the servers do: a port whose last connection is just closing is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return True
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise ConfigError(
                f"Port {port} ({variable}) cannot be used: {error.strerror}. "
                f"Stop what uses it, or set {variable} to another port."
            ) from error
        if family == socket.AF_INET6:
            return False  # A machine without IPv6.
        raise
