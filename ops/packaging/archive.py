"""Write a zip anew so that equal contents are equal bytes.

Chalice's packager already sets constant times. It leaves the order to the file
system and the modes to the umask.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# The earliest that a zip can say.
_TIME = (1980, 1, 1, 0, 0, 0)
# Readable for the user that Lambda runs as, and written by nobody.
_MODE = stat.S_IFREG | 0o644
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Archive:
    """What a zip is known by."""

    size_bytes: int
    file_count: int
    sha256: str


def rewrite(source: Path, target: Path) -> Archive:
    """Write the files of one zip to another, in order, with constant times and modes."""
    with (
        zipfile.ZipFile(source) as unordered,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as ordered,
    ):
        names = sorted(unordered.namelist())
        for name in names:
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = _UNIX
            entry.external_attr = _MODE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            ordered.writestr(entry, unordered.read(name), compresslevel=9)
    content = target.read_bytes()
    return Archive(len(content), len(names), hashlib.sha256(content).hexdigest())
