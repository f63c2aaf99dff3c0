"""A package unzipped as in Lambda: nobody may write to it."""

from __future__ import annotations

import stat
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def unzip_read_only(zip_path: Path, root: Path) -> None:
    with zipfile.ZipFile(zip_path) as archive:
        archive.extractall(root)
    for path in (root, *root.rglob("*")):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def make_writable(root: Path) -> None:
    """Let pytest clear its folder away."""
    for path in (root, *root.rglob("*")):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def listing(root: Path) -> list[tuple[str, int, int]]:
    files = ((path, path.stat()) for path in sorted(root.rglob("*")))
    return [(str(path), found.st_size, found.st_mtime_ns) for path, found in files]
