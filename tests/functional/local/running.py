"""Start our servers as a person does, look at what they print, and end them."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT_DIR = Path(__file__).resolve().parents[3]
# Generous, because a busy machine is slow; nothing here waits longer than it must.
DEADLINE_SECONDS = 30.0
JSON = {"Accept": "application/json"}


class Answer(NamedTuple):
    """What a client received."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Running:
    """A server of ours in a process of its own.

    Args:
        arguments: the command line.
        project_dir: where it is started.
        environment: settings besides those of this process.
    """

    def __init__(self, *arguments: str, project_dir: Path, environment: dict[str, str]) -> None:
        self.environment = environment
        self.process = subprocess.Popen(
            arguments,
            cwd=project_dir,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A group of its own, so that a reloader's child can be ended with it.
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def output(self) -> str:
        return "".join(self.lines)

    @property
    def api_port(self) -> int:
        return int(self.environment["API_PORT"])

    @property
    def site_port(self) -> int:
        return int(self.environment["SITE_PORT"])

    def wait_for(self, text: str, *, times: int = 1) -> None:
        wait_until(
            lambda: self.output.count(text) >= times or self.process.poll() is not None,
            lambda: f"{text!r} in:\n{self.output}",
        )
        assert self.output.count(text) >= times, self.output

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to the process; return its exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(DEADLINE_SECONDS)
        self._reader.join(DEADLINE_SECONDS)
        return code

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)


def start_local(environment: dict[str, str], project_dir: Path = PROJECT_DIR) -> Running:
    """Start the whole system on this machine."""
    return Running(
        sys.executable, "-m", "ops", "run", project_dir=project_dir, environment=environment
    )


def wait_until(fact: Callable[[], bool], what: Callable[[], str]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not fact():
        assert time.monotonic() < deadline, f"Waited in vain for {what()}"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def local_environment(data_dir: Path) -> dict[str, str]:
    return {
        "API_PORT": str(free_port()),
        "SITE_PORT": str(free_port()),
        "FORMPOST_DATA_DIR": str(data_dir),
        # As for a person, whose lines are seen at once.
        "COLUMNS": "80",
    }


def ops(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "ops", *arguments],
        cwd=PROJECT_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )


def listed(environment: dict[str, str]) -> list[dict[str, Any]]:
    """Return what ``submissions list --json`` says."""
    listing = ops("submissions", "list", "--json", environment=environment)
    assert listing.returncode == 0, listing.stderr
    return list(json.loads(listing.stdout))


def request(
    port: int,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_SECONDS)) as client:
        client.request(method, path, body=body, headers=headers or {})
        response = client.getresponse()
        return Answer(response.status, response.headers, response.read())


def post(port: int, message: str = "Hello") -> Answer:
    """Send the contact form as a page's script does."""
    fields = {
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "ann@site.example",
        "message": message,
    }
    headers = {**JSON, "Content-Type": "application/x-www-form-urlencoded"}
    return request(
        port, "/contact", method="POST", body=urlencode(fields).encode(), headers=headers
    )
