"""Receivers of posts that do what the worst of them do, and an internet to reach them by.

Names lead to public addresses, and those to receivers on this machine: what is tested
believes that it talks to the world, and no packet leaves.
"""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Behaviour = Callable[["Receiver", socket.socket], None]

# Longer than any test waits: a receiver that hangs also ends when its test has failed.
HANG_SECONDS = 10.0
# A byte this often keeps a timeout of one read from ever being reached.
DRIP_SECONDS = 0.02
# So that the kernel holds little of what is sent and not read.
SMALL_BUFFER_BYTES = 16_384


@dataclass
class Receiver:
    """A server that treats every connection in one way.

    Attributes:
        requests: each as it came in, head and body.
        sent_bytes: of answers, as far as they were taken.
        server_names: that were asked for in TLS.
        has_answered: set when a connection has ended.
    """

    port: int
    requests: list[bytes] = field(default_factory=list)
    sent_bytes: int = 0
    server_names: list[str | None] = field(default_factory=list)
    has_answered: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)

    def read_request(self, connection: socket.socket) -> None:
        """Keep one request; OSError where it ends early."""
        with connection.makefile("rb") as incoming:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = incoming.readline()
                if not line:
                    raise ConnectionResetError
                head += line
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            body = incoming.read(int(length[1]) if length else 0)
        self.requests.append(head + body)


@contextmanager
def receiving(
    behave: Behaviour, *, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1"
) -> Iterator[Receiver]:
    """Yield a receiver for as long; with ``tls``, it behaves so after the handshake."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as listener:
        receiver = Receiver(listener.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                # The other side may leave at any time: that is what it is tested for.
                with suppress(OSError), connection:
                    _treat(connection, receiver, behave, tls)
                receiver.has_answered.set()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.stopped.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _treat(
    connection: socket.socket,
    receiver: Receiver,
    behave: Behaviour,
    tls: ssl.SSLContext | None,
) -> None:
    connection.settimeout(HANG_SECONDS)
    if tls is None:
        behave(receiver, connection)
        return
    tls.sni_callback = lambda _socket, name, _context: receiver.server_names.append(name)
    with tls.wrap_socket(connection, server_side=True) as encrypted:
        behave(receiver, encrypted)


def answers(reply: bytes) -> Behaviour:
    def behave(receiver: Receiver, connection: socket.socket) -> None:
        receiver.read_request(connection)
        connection.sendall(reply)

    return behave


def greets(greeting: bytes) -> Behaviour:
    """Speak first, and then wait for an answer."""

    def behave(receiver: Receiver, connection: socket.socket) -> None:
        connection.sendall(greeting)
        receiver.stopped.wait(HANG_SECONDS)

    return behave


def hangs(receiver: Receiver, _connection: socket.socket) -> None:
    receiver.stopped.wait(HANG_SECONDS)


def hangs_after_the_request(receiver: Receiver, connection: socket.socket) -> None:
    receiver.read_request(connection)
    receiver.stopped.wait(HANG_SECONDS)


def takes_the_request_slowly(receiver: Receiver, connection: socket.socket) -> None:
    while not receiver.stopped.wait(DRIP_SECONDS) and connection.recv(SMALL_BUFFER_BYTES):
        """Some 800 kB a second: each piece is taken soon, and all of it never in time."""


def resets(_receiver: Receiver, connection: socket.socket) -> None:
    # Closing with a linger of 0 s sends RST. Source: socket(7), SO_LINGER
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closes_after_the_request(receiver: Receiver, connection: socket.socket) -> None:
    receiver.read_request(connection)


def drips(start: bytes, drop: bytes = b"x", *, after_the_request: bool = True) -> Behaviour:
    """Send the start at once, and then one byte after the other, for 10 s."""

    def behave(receiver: Receiver, connection: socket.socket) -> None:
        if after_the_request:
            receiver.read_request(connection)
        connection.sendall(start)
        for _ in range(int(HANG_SECONDS / DRIP_SECONDS)):
            if receiver.stopped.wait(DRIP_SECONDS):
                return
            connection.sendall(drop)

    return behave


def floods(start: bytes, *, total_bytes: int) -> Behaviour:
    """Send as much as is taken."""

    def behave(receiver: Receiver, connection: socket.socket) -> None:
        receiver.read_request(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER_BYTES)
        connection.sendall(start)
        while receiver.sent_bytes < total_bytes:
            connection.sendall(b"x" * 10_000)
            receiver.sent_bytes += 10_000

    return behave


@dataclass
class Internet:
    """Where names and addresses lead.

    Attributes:
        addresses: by host, one list for each time that it is asked for; the last one stays.
        ports: of this machine, by public address; nobody listens at any other.
        looked_up: the hosts that were asked for.
        connected: the addresses and ports that were tried.
    """

    addresses: dict[str, list[list[str]]]
    ports: dict[str, int]
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)

    def look_up(self, host: str) -> list[str]:
        self.looked_up.append(host)
        answers = self.addresses[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, unconnected: socket.socket, address: str, port: int) -> None:
        self.connected.append((address, port))
        if address not in self.ports:
            raise ConnectionRefusedError
        for buffer in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            unconnected.setsockopt(socket.SOL_SOCKET, buffer, SMALL_BUFFER_BYTES)
        unconnected.connect(("127.0.0.1", self.ports[address]))


class Authority:
    """A certificate authority.

    Args:
        directory: for the certificates, which ssl reads from files only.
    """

    def __init__(self, directory: Path, name: str = "Formpost's test authority") -> None:
        self._directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self._certificate = (
            _certificate(self._name, self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def trusted(self) -> ssl.SSLContext:
        """Return TLS for those who trust this authority alone."""
        pem = self._certificate.public_bytes(serialization.Encoding.PEM)
        return ssl.create_default_context(cadata=pem.decode())

    def issued(
        self,
        host: str,
        *,
        ends: timedelta = timedelta(days=1),
        is_self_signed: bool = False,
        is_by_a_stranger: bool = False,
    ) -> ssl.SSLContext:
        """Return TLS for a server with a certificate for a host, in order unless told otherwise."""
        if is_by_a_stranger:
            return Authority(self._directory, "Somebody").issued(host)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver")])
        certificate = (
            _certificate(subject, subject if is_self_signed else self._name, key.public_key(), ends)
            .add_extension(x509.SubjectAlternativeName([_general_name(host)]), critical=False)
            .sign(key if is_self_signed else self._key, hashes.SHA256())
        )
        path = self._directory / f"{certificate.serial_number}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    ends: timedelta = timedelta(days=1),
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + ends)
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
