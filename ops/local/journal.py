"""The file that makes the embedded DynamoDB survive: one line for each write.

A line is ``{"<operation>": <request body>}``. It is handed to the kernel before
the caller is answered, so a killed process loses nothing that was acknowledged;
it is forced to the disk at most a second later, which is what a power cut costs.

Marks stand between the writes: ``{"Relayed": {"writes": 12}}`` says that relay has
seen the first 12 writes of the file. They are here, not in a file of their own, so
that what was written and what was told of it cannot disagree after a crash. Not the
newest submission's id either: posts of one moment are stored in any order, and an
old one that is moved out of spam is news.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"})
_MARK = "Relayed"
# Visitors' messages are nobody else's business on a shared machine.
_OWNER_ONLY = 0o600
_SYNC_INTERVAL_SECONDS = 1.0


class Entry(NamedTuple):
    """One write, as it was asked for."""

    operation: str
    body: dict[str, Any]


class Journal:
    """An open journal; ``append`` is called by one thread at a time."""

    def __init__(self, path: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._file = os.open(path, flags, _OWNER_ONLY)
        self._unsynced = threading.Event()
        self._closed = threading.Event()
        self._syncing = threading.Thread(target=self._sync_forever, name="journal", daemon=True)
        self._syncing.start()

    def append(self, operation: str, body: bytes) -> None:
        """Write one line.

        Raises:
            OSError: nothing of the line remains in the file.
        """
        length = os.fstat(self._file).st_size
        rest = memoryview(line(operation, body))
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError:
            os.ftruncate(self._file, length)
            raise
        self._unsynced.set()

    def mark_relayed(self, writes: int) -> None:
        """Note that relay has seen so many writes, counted from the top.

        Raises:
            OSError: it is not noted.
        """
        self.append(_MARK, _mark_body(writes))

    def close(self) -> None:
        """Force everything to the disk."""
        self._closed.set()
        self._unsynced.set()
        self._syncing.join()
        os.close(self._file)

    def _sync_forever(self) -> None:
        while not self._closed.is_set():
            self._unsynced.wait()
            self._closed.wait(_SYNC_INTERVAL_SECONDS)
            self._unsynced.clear()
            with contextlib.suppress(OSError):  # a full disk is append's to report
                os.fsync(self._file)


def line(operation: str, body: bytes) -> bytes:
    """Return one journal line; JSON has line breaks between tokens only, never in strings."""
    return b'{"%s": %s}\n' % (operation.encode(), body.replace(b"\n", b" "))


def mark_line(writes: int) -> bytes:
    """Return the line that says that relay has seen so many writes."""
    return line(_MARK, _mark_body(writes))


def read(path: Path) -> Iterator[tuple[int, Entry]]:
    """Yield line number and entry of every write.

    Raises:
        ConfigError: a line is damaged.
    """
    for number, text in _whole_lines(path):
        entry = _entry(path, number, text)
        if entry.operation != _MARK:
            yield number, entry


def relayed_writes(path: Path) -> int | None:
    """Return how many writes, from the top, relay has seen; None where no mark says.

    Raises:
        ConfigError: the last mark is damaged.
    """
    last = None
    for number, text in _whole_lines(path):
        if text.startswith(b'{"%s": ' % _MARK.encode()):
            last = number, text
    return _entry(path, *last).body["writes"] if last else None


def rewrite(path: Path, lines: Iterable[bytes]) -> None:
    """Replace the journal in one step: after a crash it is the old or the new one, whole."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    new.touch(mode=_OWNER_ONLY)
    with new.open("wb") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def damaged(path: Path, number: int, why: object) -> ConfigError:
    """Return the error for a line that cannot be used; the owner decides what to do with it."""
    return ConfigError(
        f"{path}, line {number} is damaged ({why}). Nothing was changed. Restore the file from "
        "a backup, or delete that line to go on without what it holds."
    )


def _mark_body(writes: int) -> bytes:
    return b'{"writes": %d}' % writes


def _whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield number and text of every whole line.

    A last line without its line break was being written when the power went;
    its request was never answered, so it is left out.
    """
    if not path.exists():
        return
    with path.open("rb") as lines:
        for number, text in enumerate(lines, start=1):
            if text.endswith(b"\n"):
                yield number, text


def _entry(path: Path, number: int, text: bytes) -> Entry:
    try:
        entry = json.loads(text)
    except ValueError as error:
        raise damaged(path, number, error) from error
    if not (isinstance(entry, dict) and len(entry) == 1):
        raise damaged(path, number, "not one operation")
    ((operation, body),) = entry.items()
    if operation not in WRITES | {_MARK} or not isinstance(body, dict):
        raise damaged(path, number, f"{operation} is not a write")
    if operation == _MARK and not isinstance(body.get("writes"), int):
        raise damaged(path, number, "it counts nothing")
    return Entry(operation, body)
