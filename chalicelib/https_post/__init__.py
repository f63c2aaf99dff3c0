"""Post to a URL that an owner wrote down: over https, to the public internet, in bounded time.

The receiver is a stranger's machine. Its name may lead inside, it may never answer, or
never stop; each of these becomes one sentence for the owner, and none of them a way in.
Trying again is not done here.

A message names the receiver's host at most: path and query can be secrets, as in Slack's
URLs. http.client's errors quote them, so what is raised here never has one of those behind it.
Source: https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import ssl
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from chalicelib.errors import DeliveryFailed, DeliveryRefused
from chalicelib.https_post import connections, replies
from chalicelib.https_post.addresses import is_loopback, is_public
from chalicelib.https_post.destinations import destination_of
from chalicelib.https_post.replies import Reply
from chalicelib.https_post.timed import Deadline, TimedSocket
from chalicelib.values import dataclass

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from chalicelib.channels import Sent
    from chalicelib.https_post.destinations import Destination

# deliver may run 30 s (lambda_timeout in .chalice/config.json): half of it is for this, the
# rest for the store before and after. Standard Webhooks recommends 15 to 30 s.
# Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
DEADLINE_SECONDS = 15.0
# For one address, so that the deadline leaves time for a second and a third.
CONNECT_SECONDS = 5.0
# Of the answer, headers included: its status is what counts, the rest is an excerpt.
MAX_ANSWER_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class HttpsPost:
    """Posts to receivers.

    Attributes:
        now: aware; a date in an answer is compared with it.
        allow_loopback: let URLs lead to this machine, too, and with http://; for development.
        look_up: returns a host's IP addresses, the preferred one first.
        connect: connects a socket to an IP address and a port.
        tls: with the certificate authorities to trust.
        deadline_seconds: for all of a post, from looking up to the end of the answer.
    """

    now: Callable[[], datetime]
    allow_loopback: bool = False
    look_up: Callable[[str], Sequence[str]] = connections.look_up
    connect: Callable[[socket.socket, str, int], None] = connections.connect
    tls: Callable[[], ssl.SSLContext] = connections.system_tls
    deadline_seconds: float = DEADLINE_SECONDS

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Sent:
        """Post once, to a receiver whose answer says whether it took it.

        Args:
            url: ``https://`` and a host on the public internet.
            body: sent as it is.
            headers: besides Host, User-Agent, Connection and Content-Length.

        Raises:
            DeliveryRefused: the URL may not be posted to, or the receiver answered 410.
            DeliveryFailed: there was no answer, or another one than 2xx.
        """
        reply = self.ask(url, body=body, headers=headers)
        destination = destination_of(url)
        sent = "\n".join(
            (destination.request_target, *headers.values(), body.decode("utf-8", "replace"))
        )
        return replies.judged(reply, host=destination.host, sent=sent, now=self.now())

    def ask(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Post once, and return what is answered, whatever its status.

        No redirect is followed, and no proxy of the environment's is used.

        Args:
            url: ``https://`` and a host on the public internet.
            body: sent as it is.
            headers: besides Host, User-Agent, Connection and Content-Length.

        Raises:
            DeliveryRefused: the URL may not be posted to.
            DeliveryFailed: there was no answer.
        """
        destination = destination_of(url)
        self._check(destination, headers)
        deadline = Deadline(self.deadline_seconds)
        addresses = self._addresses(destination, deadline)
        try:
            with closing(self._connected(destination, addresses, deadline)) as connection:
                _encrypt(connection, destination.host, deadline)
                timed = TimedSocket(connection, deadline, max_bytes=MAX_ANSWER_BYTES)
                return _exchange(timed, destination, body, headers)
        except (OSError, HTTPException) as error:
            reason = self._reason(error)
        # Raised out here, where the caught error is no longer its context.
        raise DeliveryFailed(f"{destination.host} {reason}.")

    def _check(self, destination: Destination, headers: Mapping[str, str]) -> None:
        """Refuse what needs no network to be refused."""
        if not destination.is_https and not self.allow_loopback:
            raise DeliveryRefused(f"{destination.host} may be posted to by https:// only.")
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise DeliveryRefused("A header of the post has a character that HTTP does not allow.")

    def _addresses(self, destination: Destination, deadline: Deadline) -> Sequence[str]:
        """Return the host's addresses, all of which may be connected to."""
        host = destination.host
        try:
            addresses = connections.in_time(self.look_up, host, deadline)
        except TimeoutError as error:
            raise DeliveryFailed(
                f"{host} was not found in DNS within {self.deadline_seconds:g} s."
            ) from error
        except OSError as error:
            raise DeliveryFailed(f"{host} was not found in DNS ({error.strerror}).") from error
        for address in addresses:
            if not self._is_allowed(address, is_https=destination.is_https):
                raise DeliveryRefused(f"{host} leads to an address that is not public ({address}).")
        return addresses

    def _is_allowed(self, address: str, *, is_https: bool) -> bool:
        return (is_https and is_public(address)) or (self.allow_loopback and is_loopback(address))

    def _connected(
        self, destination: Destination, addresses: Sequence[str], deadline: Deadline
    ) -> socket.socket:
        """Return a connection to the first address that takes one.

        To one of the checked addresses: asked for the name again, DNS may say another.
        """
        tls = self.tls() if destination.is_https else None
        failures: list[OSError] = []
        for address in addresses:
            seconds = min(CONNECT_SECONDS, deadline.seconds_left())
            connection = connections.unconnected(address, destination.host, tls)
            connection.settimeout(seconds)
            try:
                self.connect(connection, address, destination.port)
            except OSError as error:
                connection.close()
                failures.append(error)
            else:
                return connection
        # Whether all of the time is over matters more than what took it.
        deadline.seconds_left()
        raise DeliveryFailed(f"{destination.host} {_unreachable(failures)}.")

    def _reason(self, error: OSError | HTTPException) -> str:
        """Return what a receiver did that was connected to, as the rest of a sentence."""
        if isinstance(error, TimeoutError):
            return f"did not answer within {self.deadline_seconds:g} s"
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            return f"does not encrypt as it should ({error.reason})"
        if isinstance(error, HTTPException) and not isinstance(error, OSError):
            return "did not answer in HTTP"
        return "closed the connection without an answer"


def _unreachable(failures: Sequence[OSError]) -> str:
    """Return why no address took a connection, as the rest of a sentence."""
    if not failures:
        return "has no address"
    if isinstance(failures[-1], ConnectionRefusedError):
        return "refused the connection"
    if isinstance(failures[-1], ConnectionError):
        return "closed the connection without an answer"
    if isinstance(failures[-1], TimeoutError):
        return f"did not take a connection within {CONNECT_SECONDS:g} s"
    return f"could not be reached ({failures[-1].strerror})"


def _encrypt(connection: socket.socket, host: str, deadline: Deadline) -> None:
    """Have the receiver show its certificate, if the connection is to be encrypted."""
    if not isinstance(connection, ssl.SSLSocket):
        return
    # For all of the handshake: the timeout does not begin anew with a byte.
    # Source: https://docs.python.org/3/library/ssl.html#ssl.SSLSocket.do_handshake
    connection.settimeout(deadline.seconds_left())
    try:
        connection.do_handshake()
    except ssl.SSLCertVerificationError as error:
        flaw = error.verify_message.rstrip(".")
        raise DeliveryFailed(f"The certificate of {host} is not valid ({flaw}).") from error


def _exchange(
    timed: TimedSocket, destination: Destination, body: bytes, headers: Mapping[str, str]
) -> Reply:
    """Send the request, and return the answer."""
    http = HTTPConnection(destination.host, destination.port)
    http.sock = timed
    ours = {
        "Host": destination.host_header,
        "User-Agent": "Formpost",
        "Connection": "close",
    }
    http.request("POST", destination.request_target, body, {**headers, **ours})
    with http.getresponse() as response:
        answer = replies.read_body(response, max_bytes=MAX_ANSWER_BYTES)
        return Reply(response.status, response.headers, answer)
