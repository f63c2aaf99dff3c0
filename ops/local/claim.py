"""Who holds a data folder: one process at a time, and where the others find it.

``dynamodb.lock`` is locked by its holder, and the kernel frees it however that
process ends. ``dynamodb.url`` is where the holder answers; it may be left over
from an earlier holder, so who reads it must try it.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PROBE_TIMEOUT_SECONDS = 2.0


class Claim:
    """A data folder that this process holds until it ends."""

    def __init__(self, data_dir: Path, lock: int) -> None:
        self._data_dir = data_dir
        # The lock lives as long as this file stays open.
        self._lock = lock

    @classmethod
    def take(cls, data_dir: Path) -> Claim | None:
        """Return the claim, or None when another process has it."""
        lock = os.open(data_dir / "dynamodb.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        os.ftruncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        return cls(data_dir, lock)

    def publish(self, url: str) -> None:
        """Tell other processes where this one answers."""
        new = self._data_dir / "dynamodb.url.new"
        new.write_text(url, encoding="ascii")
        new.replace(_url_file(self._data_dir))

    def release(self) -> None:
        """Withdraw the address and let the next process in."""
        _url_file(self._data_dir).unlink(missing_ok=True)
        os.close(self._lock)


def holder_url(data_dir: Path) -> str | None:
    """Return where the holder answers, if it does."""
    try:
        url = _url_file(data_dir).read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    return url if _answers(url, data_dir) else None


def holder_pid(data_dir: Path) -> str:
    """Return the process number of the holder, or ``unknown``."""
    return (data_dir / "dynamodb.lock").read_text(encoding="ascii") or "unknown"


def identity(data_dir: Path) -> bytes:
    """Return what the DynamoDB of ``data_dir`` answers to a GET."""
    return json.dumps({"embedded DynamoDB of": str(data_dir)}).encode()


def _answers(url: str, data_dir: Path) -> bool:
    # The port of a holder that is gone may by now be another program's, or another folder's.
    host = url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=_PROBE_TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read() == identity(data_dir)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _url_file(data_dir: Path) -> Path:
    return data_dir / "dynamodb.url"
