"""Servers on 127.0.0.1, each a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# Importing takes seconds on a busy machine.
START_DEADLINE_SECONDS = 60
_POLL_SECONDS = 0.05


@contextmanager
def local_api(project: Path | str, environment: Mapping[str, str]) -> Iterator[str]:
    """Run a project's app with ``chalice local``, and yield where it answers."""
    port = free_port()
    command = ["local", "--stage", "prod", "--port", str(port), "--no-autoreload"]
    process = subprocess.Popen(
        [sys.executable, "-c", "from chalice.cli import main; main()", *command],
        cwd=project,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/health", process)
        yield url
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return once the address answers with success."""
    ends = time.monotonic() + START_DEADLINE_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310
        except OSError:
            time.sleep(_POLL_SECONDS)
        else:
            return
    pytest.fail(f"{url} does not answer.")
