"""The emulator's virtual environment: made once for each state of its pins.

It lies in .venv, so that git ignores it, `make clean` removes it, and what keeps
.venv between two runs keeps it, too.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from chalicelib.config import PROJECT_DIR

PINS = Path(__file__).parent / "requirements.txt"
_PARENT = PROJECT_DIR / ".venv"
_PREFIX = "emulator-"


def python() -> Path:
    """Return the interpreter of an environment that has exactly what is pinned.

    Raises:
        RuntimeError: it cannot be made; the message has the words of pip.
    """
    version = ".".join(map(str, sys.version_info[:3]))
    state = hashlib.sha256(PINS.read_bytes() + version.encode()).hexdigest()[:16]
    environment = _PARENT / f"{_PREFIX}{state}"
    if not environment.exists():
        _make(environment)
    return environment / "bin" / "python"


def _make(environment: Path) -> None:
    _PARENT.mkdir(exist_ok=True)
    outdated = list(_PARENT.glob(f"{_PREFIX}*"))
    # Under its name stands a finished one only, whoever stops this or does the same now.
    with tempfile.TemporaryDirectory(dir=_PARENT, prefix="unfinished-") as folder:
        unfinished = Path(folder) / "environment"
        _run(sys.executable, "-m", "venv", str(unfinished))
        pip = (str(unfinished / "bin" / "python"), "-m", "pip", "--disable-pip-version-check")
        install = (*pip, "install", "--quiet", "--no-deps", "--only-binary=:all:")
        _run(*install, "--requirement", str(PINS))
        try:
            os.rename(unfinished, environment)  # noqa: PTH104  its errors are meant
        except OSError:
            if not environment.exists():
                raise
    for path in outdated:
        shutil.rmtree(path, ignore_errors=True)


def _run(*command: str) -> None:
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"The emulator cannot be installed:\n{run.stderr}")
