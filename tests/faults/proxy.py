"""A proxy for HTTP/1.1 that does to requests what networks and services do to them.

Stands before anything that answers on this machine with a Content-Length: the table,
the queue, a receiver of webhooks. It changes no code; who is to meet its faults is
given its address.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import urlsplit

from tests.faults.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from tests.faults.faults import Faults

_HOST = "127.0.0.1"
_POLL_SECONDS = 0.01
# A submission has 400 kB at most, and a head far less.
_MAX_BYTES = 4 * 1024 * 1024
_NEVER_SEEN = {Fault.LOST_BEFORE, Fault.RESET_BEFORE}
_RESETS = {Fault.RESET_BEFORE, Fault.RESET_AFTER}
_REFUSALS = {Fault.REFUSED, Fault.ERROR_BEFORE, Fault.UNAVAILABLE}
# Closing with nothing to linger for sends RST in the place of FIN.
# Source: https://man7.org/linux/man-pages/man7/socket.7.html
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class _Message(NamedTuple):
    """A request or an answer, as it came."""

    head: bytes
    body: bytes


class FaultProxy:
    """Runs in a thread of its own, from ``with`` to its end.

    Args:
        upstream_url: of the service.
        faults: what happens to which request.
        interrupts: asked with a request's head between the service's answer and its client;
            the connection ends there if it says so.
    """

    def __init__(
        self,
        upstream_url: str,
        faults: Faults,
        interrupts: Callable[[bytes], bool] = lambda _head: False,
    ) -> None:
        self.faults = faults
        self._interrupts = interrupts
        upstream = urlsplit(upstream_url)
        self._upstream = (upstream.hostname, upstream.port)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault proxy")
        self._tasks: set[asyncio.Task[None]] = set()
        self._port = 0
        self._held = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._port = self._run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self._port}"

    def wait_until_through(self) -> None:
        """Wait until no request is held up; before that, no later one can be far later."""
        while self._held:
            time.sleep(_POLL_SECONDS)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self) -> int:
        self._server = await asyncio.start_server(
            self._accept, _HOST, 0, limit=_MAX_BYTES, backlog=1024
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def _stop(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            async with _Upstream(*self._upstream) as upstream:
                while await self._exchange(reader, writer, upstream):
                    pass
        except (OSError, asyncio.IncompleteReadError):
            pass  # Either side has gone, which is what this is about.
        except asyncio.CancelledError:
            pass  # The proxy ends.
        finally:
            writer.close()

    async def _exchange(
        self, client: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: _Upstream
    ) -> bool:
        """Pass one request on; return whether its connection may have another."""
        request = await _read(client)
        if request is None:
            return False
        fault = self.faults.draw()
        if fault in {Fault.SLOW, Fault.LATE}:
            self._held += 1
            await asyncio.sleep(self.faults.delay_seconds(fault))
            self._held -= 1
        if fault in _REFUSALS:
            await self._refuse(fault, request, writer)
            return True
        if fault not in _NEVER_SEEN:
            answer = await upstream.answer(request)
            if self._interrupts(request.head):
                return False
            if fault is None or fault == Fault.SLOW:
                await _write(writer, answer.head + answer.body)
                return True
            if fault == Fault.ERROR_AFTER:
                await self._refuse(fault, request, writer)
                return True
            if fault == Fault.HALF:
                await _write(writer, self.faults.cut(answer.head + answer.body))
        if fault in _RESETS:
            connection = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        return False

    async def _refuse(self, fault: Fault, request: _Message, writer: asyncio.StreamWriter) -> None:
        status, headers, body = self.faults.refusal(fault, request.body)
        lines = [
            f"HTTP/1.1 {int(status)} {HTTPStatus(status).phrase}",
            *(f"{name}: {value}" for name, value in headers.items()),
            f"Content-Length: {len(body)}",
        ]
        await _write(writer, "\r\n".join([*lines, "", ""]).encode() + body)


class _Upstream:
    """The connection to the service that one connection to the proxy uses, made when needed."""

    def __init__(self, host: str | None, port: int | None) -> None:
        self._address = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._streams:
            self._streams[1].close()

    async def answer(self, request: _Message) -> _Message:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address, limit=_MAX_BYTES)
        reader, writer = self._streams
        await _write(writer, request.head + request.body)
        answer = await _read(reader)
        if answer is None:
            raise ConnectionResetError
        return answer


async def _read(reader: asyncio.StreamReader) -> _Message | None:
    """Return the next message; None when the other side has no more."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return _Message(head, await reader.readexactly(length))


async def _write(writer: asyncio.StreamWriter, content: bytes) -> None:
    writer.write(content)
    await writer.drain()
