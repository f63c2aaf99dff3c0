"""Equal contents are equal bytes."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

from ops.packaging.archive import rewrite

FILES = {"app.py": b"app", "chalicelib/web.py": b"web", "chalicelib/a.py": b"a" * 1000}


def a_zip(path: Path, names: list[str], *, year: int, mode: int, compression: int) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, (year, 1, 2, 3, 4, 6))
            entry.external_attr = mode << 16
            archive.writestr(entry, FILES[name])
    return path


def test_order_times_modes_and_compression_do_not_matter(tmp_path: Path) -> None:
    names = list(FILES)
    one = a_zip(tmp_path / "1", names, year=2020, mode=0o100600, compression=zipfile.ZIP_STORED)
    two = a_zip(
        tmp_path / "2", names[::-1], year=2030, mode=0o100755, compression=zipfile.ZIP_DEFLATED
    )

    made = [rewrite(path, path.with_suffix(".zip")) for path in (one, two)]

    content = (tmp_path / "1.zip").read_bytes()
    assert content == (tmp_path / "2.zip").read_bytes()
    assert made[0] == made[1]
    assert made[0].file_count == 3
    assert made[0].size_bytes == len(content)
    assert made[0].sha256 == hashlib.sha256(content).hexdigest()
    with zipfile.ZipFile(tmp_path / "1.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
