"""From a host's name to a socket: what it is looked up, connected and encrypted with."""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import Future
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.https_post.timed import Deadline


def in_time(
    look_up: Callable[[str], Sequence[str]], host: str, deadline: Deadline
) -> Sequence[str]:
    """Return a host's addresses.

    Raises:
        OSError: there are none, or TimeoutError: they were not found in time.
    """
    # getaddrinfo() knows no timeout, and the system's can be longer than ours. When it is, the
    # thread is left behind; what it finds, nobody reads.
    addresses: Future[Sequence[str]] = Future()

    def answer() -> None:
        try:
            addresses.set_result(look_up(host))
        except Exception as error:  # noqa: BLE001  raised again by result(), where it is awaited
            addresses.set_exception(error)

    Thread(target=answer, name="look-up", daemon=True).start()
    return addresses.result(deadline.seconds_left())


def look_up(host: str) -> list[str]:
    """Return the addresses of a host, the preferred one first; ask DNS if need be.

    Raises:
        OSError: socket.gaierror, there are none.
    """
    # As bytes: a str would be made a name of DNS once more, by rules that are not ours.
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def unconnected(address: str, host: str, tls: ssl.SSLContext | None) -> socket.socket:
    """Return a socket for an IP address that will verify the host's certificate, given TLS."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    plain = socket.socket(family, socket.SOCK_STREAM)
    # As http.client does: the body does not wait for the receiver to confirm the headers.
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if tls is None:
        return plain
    # Before it is connected: of one that was reset meanwhile, ssl would leave a socket open.
    return tls.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def connect(unconnected: socket.socket, address: str, port: int) -> None:
    """Connect to an IP address; unlike socket.create_connection(), ask nobody about it.

    Raises:
        OSError: it is not reached, or TimeoutError: not in the socket's time.
    """
    unconnected.connect((address, port))


@cache
def system_tls() -> ssl.SSLContext:
    """Return TLS with the system's certificate authorities; loading them takes some 20 ms.

    Not botocore's or certifi's: the package that ships has only Amazon's of those.
    """
    return ssl.create_default_context()
