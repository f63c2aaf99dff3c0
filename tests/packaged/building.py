"""Package the project as its owner does."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from ops.packaging import distributions

if TYPE_CHECKING:
    from pathlib import Path


class Built(NamedTuple):
    """What the command has written and said."""

    zip_path: Path
    template_path: Path
    output: str


def package(
    project_dir: Path, out_dir: Path, *options: str, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m ops package``."""
    return subprocess.run(
        [sys.executable, "-m", "ops", "package", "--stage", "prod", "--out", out_dir, *options],
        cwd=project_dir,
        env={**os.environ, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def copy_runtime_client(target_dir: Path) -> None:
    """Copy AWS's runtime client and what it needs, and nothing else of the virtual environment."""
    for name in distributions.with_dependencies(["awslambdaric"]):
        for path, content in distributions.files(name):
            target = target_dir / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
