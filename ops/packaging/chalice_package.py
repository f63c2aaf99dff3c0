"""Let Chalice package a staged project: it knows what Lambda and API Gateway need."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from ops.packaging.errors import PackagingError

if TYPE_CHECKING:
    from pathlib import Path

# Chalice imports app.py to learn the routes, and app.py makes its DynamoDB client: it asks
# for a region, and for nothing that this machine or its owner's account has. Neither
# output depends on the region.
_ENVIRONMENT = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "FORMPOST_STORE": "aws",
    "PYTHONDONTWRITEBYTECODE": "1",
}
# Windows starts no Python without it.
_INHERITED = ("PATH", "SYSTEMROOT")
# The end of a traceback.
_OUR_ERROR = re.compile(r"^chalicelib\.errors\.\w+: (.+?)\s*\Z", re.DOTALL | re.MULTILINE)


def package(staging_dir: Path, stage: str, out_dir: Path) -> None:
    """Write deployment.zip and sam.json to ``out_dir``.

    Raises:
        PackagingError: Chalice refuses; the message has its words.
    """
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    run = subprocess.run(
        [
            sys.executable,
            *("-c", "from chalice.cli import main; raise SystemExit(main())"),
            *("package", "--stage", stage, str(out_dir)),
        ],
        cwd=staging_dir,
        env={**inherited, **_ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise PackagingError(f"Chalice cannot package the app: {_told(run.stderr)}")


def _told(output: str) -> str:
    """Return our own sentence, if Chalice met an error of ours, else all that it printed."""
    ours = _OUR_ERROR.search(output)
    return ours[1] if ours else f"\n{output.strip()}"
