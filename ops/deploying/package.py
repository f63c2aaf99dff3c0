"""The zip for Lambda: the one that was named, else made by ``python -m ops package``."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from ops.deploying.problems import StepProblem

if TYPE_CHECKING:
    from pathlib import Path

    from ops.deploying.steps import Context

# Chalice's folder for packages; git does not track it.
_FOLDER = ".chalice/deployments"
_ZIP = "deployment.zip"
_BYTES_PER_MEGABYTE = 1_000_000


class MakePackage:
    """Have a zip."""

    title = "Package"

    def plan(self, context: Context) -> str:
        """Say which one."""
        return f"take {context.package}" if context.package else "make it from this folder"

    def run(self, context: Context) -> str:
        """Keep its path in the context."""
        if context.package is None:
            context.package = _made(context)
        context.package = context.package.resolve()
        megabytes = context.package.stat().st_size / _BYTES_PER_MEGABYTE
        return f"{context.package.name}, {megabytes:.2f} MB"


def _made(context: Context) -> Path:
    folder = context.project_dir / _FOLDER / context.stage
    arguments = ["package", "--stage", context.stage, "--out", str(folder)]
    made = subprocess.run(
        [sys.executable, "-m", "ops", *arguments],
        cwd=context.project_dir,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise StepProblem(made.stderr.strip())
    return folder / _ZIP
