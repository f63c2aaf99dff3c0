"""One container of Lambda: a package in AWS's own runtime client, and what it takes.

CPU time is the kernel's, of the whole process from its first instruction on; it
does not depend on what else the machine does, as time on the clock would.
"""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.packaged.function import LAMBDA_ENVIRONMENT, PYTHON
from tests.packaged.runtime_api import RuntimeApi

if TYPE_CHECKING:
    from bench.submitting.packages import Package
    from tests.packaged.runtime_api import Invocation

# A cold start of the slowest takes a second.
_TIMEOUT_SECONDS = 60.0


class Container:
    """A running package; it has ended when the ``with`` block has.

    Args:
        package: what runs.
        runtime_client_dir: has awslambdaric and what it needs.
        environment: beside Lambda's and the package's own.
        log: takes what it writes.
    """

    def __init__(
        self, package: Package, runtime_client_dir: Path, environment: dict[str, str], log: Path
    ) -> None:
        self._api = _IdleRuntimeApi()
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [*PYTHON, "-m", "awslambdaric", package.variant.handler],
                cwd=package.task_root,
                env={
                    **LAMBDA_ENVIRONMENT,
                    **package.environment,
                    **environment,
                    "AWS_LAMBDA_RUNTIME_API": self._api.address,
                    "LAMBDA_TASK_ROOT": str(package.task_root),
                    "PYTHONPATH": f"{package.task_root}:{runtime_client_dir}",
                    # Lambda's task folder is read-only.
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "_HANDLER": package.variant.handler,
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()
        self._api.close()

    def invoke(self, event: Any, request_id: str) -> Any:
        """Return what the function answers."""
        self._wait_until_idle()
        self._api.idle.clear()
        answer = self._api.invoke(event, request_id)
        self._wait_until_idle()
        return answer

    def cpu_seconds(self) -> float:
        """Return what the process has used so far, once it waits for the next event."""
        self._wait_until_idle()
        # The process's own clock, see clock_getcpuclockid(3): /proc/<pid>/stat has the same in
        # steps of 10 ms.
        return time.clock_gettime(~self._process.pid << 3 | 2)

    def peak_rss_bytes(self) -> int:
        """Return the most memory that was resident so far."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        [kibibytes] = (line.split()[1] for line in status.splitlines() if "VmHWM" in line)
        return int(kibibytes) * 1024

    def _wait_until_idle(self) -> None:
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while not self._api.idle.wait(0.2):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The container does not run:\n{self._log.read_text('utf-8')}")


class _IdleRuntimeApi(RuntimeApi):
    """Tells when the function has nothing to do."""

    def __init__(self) -> None:
        self.idle = threading.Event()
        super().__init__()

    def next_invocation(self) -> Invocation | None:
        self.idle.set()
        return super().next_invocation()
