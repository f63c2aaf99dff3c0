"""checkov, in a virtual environment of its own: it pins many packages that we use newer.

``python -m tests.deploy.checkov`` installs it once, into .venv/checkov.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from typing import TYPE_CHECKING, Any

from chalicelib.config import PROJECT_DIR

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "3.3.30"
_FOLDER = PROJECT_DIR / ".venv" / "checkov"
_MARK = _FOLDER / f".installed-{VERSION}"
# Its hundred packages, from a slow mirror.
_INSTALL_TIMEOUT_SECONDS = 1200


def provide() -> Path:
    """Return the command, installed if need be."""
    if not _MARK.exists():
        sys.stderr.write(f"Installing checkov {VERSION} into {_FOLDER} ...\n")
        venv.create(_FOLDER, with_pip=True, clear=True)
        pip = [str(_FOLDER / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, f"checkov=={VERSION}"],
            stdout=sys.stderr,
            timeout=_INSTALL_TIMEOUT_SECONDS,
            check=True,
        )
        _MARK.touch()
    return _FOLDER / "bin" / "checkov"


def failed_checks(template: Path) -> list[dict[str, Any]]:
    """Return what checkov complains of, from its JSON."""
    done = subprocess.run(
        [
            provide(),
            *("--skip-download", "--quiet", "--compact", "--framework", "cloudformation"),
            *("--output", "json", "--file", template),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["resource_count"] > 0
    found: list[dict[str, Any]] = report["results"]["failed_checks"]
    return found


if __name__ == "__main__":
    provide()
