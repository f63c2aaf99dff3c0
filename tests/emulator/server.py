"""The emulator as a process of its own, on a free port of this machine."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Self

from tests.emulator import environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HOST = "127.0.0.1"
REGION = "eu-west-1"
START_DEADLINE_SECONDS = 60
STOP_DEADLINE_SECONDS = 20
_POLL_SECONDS = 0.05
# A cold start on a busy machine is among what is waited for.
_ANSWER_SECONDS = 60


class Emulator:
    """A running ministack; it ends with the ``with``.

    Args:
        data_dir: for its log and for what its functions are unzipped to.
    """

    def __init__(self, data_dir: Path) -> None:
        self._python = environment.python()
        self.port = _free_port()
        self.url = f"http://{HOST}:{self.port}"
        self._log = data_dir / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._python, "-m", "ministack"],
                cwd=data_dir,
                env={
                    # Nothing of the shell's: functions would see it.
                    "PATH": os.defpath,
                    "HOME": str(data_dir),
                    "TMPDIR": str(data_dir),
                    "BIND_HOST": HOST,
                    "GATEWAY_PORT": str(self.port),
                    "MINISTACK_REGION": REGION,
                    "SFTP_ENABLED": "0",
                    "IOT_MTLS_ENABLED": "0",
                    # Without it, every role may do everything.
                    "AUTH": "true",
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def __enter__(self) -> Self:
        try:
            self._wait_until_it_answers()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def reset(self) -> None:
        """Forget everything, so that the next deployment is the first."""
        status, body = self.ask("POST", "/_ministack/reset")
        assert status == http.client.OK, body

    def ask(
        self, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """Return status and body of the answer."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=_ANSWER_SECONDS)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def _wait_until_it_answers(self) -> None:
        ends = time.monotonic() + START_DEADLINE_SECONDS
        while time.monotonic() < ends and self._process.poll() is None:
            try:
                if self.ask("GET", "/_ministack/ready")[0] == http.client.OK:
                    return
            except OSError:
                pass
            time.sleep(_POLL_SECONDS)
        raise RuntimeError(f"The emulator does not answer:\n{self.log}")

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        port: int = free.getsockname()[1]
    return port
