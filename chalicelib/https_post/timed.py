"""Time and bytes that a receiver gets of us: one deadline over every wait, one end to an answer.

A socket's timeout begins anew with every byte, so a receiver that sends one byte a
second could hold us for hours. Here each wait is given the time that is left of the
whole, and never more.
"""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

    from _typeshed import WriteableBuffer


class Deadline:
    """An end to the waiting, some seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Return how long may still be waited, more than 0.

        Raises:
            TimeoutError: no longer.
        """
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class TimedSocket:
    """What http.client needs of a connected socket, with an end to time and bytes.

    Args:
        connected: whose every wait is cut; its owner closes it.
        deadline: for all of them together.
        max_bytes: read at most; then it looks as if the receiver had closed.
    """

    def __init__(self, connected: socket.socket, deadline: Deadline, *, max_bytes: int) -> None:
        self._connected = connected
        self._deadline = deadline
        self._max_bytes = max_bytes

    def sendall(self, data: bytes) -> None:
        """Send all of it.

        Raises:
            OSError: the receiver does not take it, or TimeoutError: not in time.
        """
        unsent = memoryview(data)
        while unsent:
            self._connected.settimeout(self._deadline.seconds_left())
            unsent = unsent[self._connected.send(unsent) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what is received."""
        return io.BufferedReader(_Received(self._connected, self._deadline, self._max_bytes))

    def close(self) -> None:
        """Do nothing: http.client closes before it has read the answer's body."""


class _Received(io.RawIOBase):
    """The bytes that come in."""

    def __init__(self, connected: socket.socket, deadline: Deadline, bytes_left: int) -> None:
        super().__init__()
        self._connected = connected
        self._deadline = deadline
        self._bytes_left = bytes_left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer)[: self._bytes_left]
        if not room:
            return 0
        self._connected.settimeout(self._deadline.seconds_left())
        received = self._connected.recv_into(room)
        self._bytes_left -= received
        return received
