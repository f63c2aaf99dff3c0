"""The unzipped package in AWS's own runtime client, in a process of its own.

It sees what Lambda would show it: the package, the runtime client, the standard
library, and Lambda's environment. Nothing of the virtual environment leaks in.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

from tests.packaged.runtime_api import RuntimeApi

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Set by Lambda, or by the role that the function runs under.
LAMBDA_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    "AWS_LAMBDA_FUNCTION_NAME": "formpost-prod",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_REGION": "eu-west-1",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_SESSION_TOKEN": "test",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
}
# Without site-packages.
PYTHON = (sys.executable, "-S")


class Function:
    """A Lambda function with one container.

    Args:
        task_root: the unzipped package.
        runtime_client_dir: has awslambdaric and what it needs.
        handler: e.g. ``app.app``.
        environment: the function's own variables.
        log_dir: for what it writes to its two streams.
    """

    def __init__(
        self,
        *,
        task_root: Path,
        runtime_client_dir: Path,
        handler: str,
        environment: Mapping[str, str],
        log_dir: Path,
    ) -> None:
        self._api = RuntimeApi()
        self._output, self._errors = log_dir / "stdout", log_dir / "stderr"
        with self._output.open("wb") as output, self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [*PYTHON, "-m", "awslambdaric", handler],
                cwd=task_root,
                env={
                    **LAMBDA_ENVIRONMENT,
                    **environment,
                    "AWS_LAMBDA_RUNTIME_API": self._api.address,
                    "LAMBDA_TASK_ROOT": str(task_root),
                    "PYTHONPATH": f"{task_root}:{runtime_client_dir}",
                    "_HANDLER": handler,
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
            )
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()

    def __call__(self, event: Any, context: Any) -> Any:
        return self._api.invoke(event, context.aws_request_id)

    @property
    def lines(self) -> list[str]:
        """What it has logged: a line is there before the answer is, since it is flushed."""
        return self._output.read_text("utf-8").splitlines()

    @property
    def errors(self) -> str:
        return self._errors.read_text("utf-8")

    def log(self, first: int = 0) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines[first:]]

    def kill(self) -> None:
        """End its process where it stands; what waits for it fails."""
        self._process.kill()

    def end(self) -> None:
        self.kill()
        self._watcher.join()
        self._api.close()

    def _watch(self) -> None:
        code = self._process.wait()
        self._api.fail(f"The runtime has ended with {code}: {self.errors}")
