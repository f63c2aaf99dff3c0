"""Which changes restart a running server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ops.local.sources import Sources

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("app.py", ".chalice/config.json", "chalicelib/forms.toml", "ops/run.py"):
        write(tmp_path / name)
    return tmp_path


def write(path: Path, text: str = "old") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def changed_file(sources: Sources) -> str | None:
    """Look twice, as the servers do."""
    sources.changed_file()
    return sources.changed_file()


@pytest.mark.parametrize(
    "name",
    [
        "app.py",
        ".chalice/config.json",
        "chalicelib/forms.toml",
        "chalicelib/templates/page.html",
        "ops/run.py",
    ],
)
def test_written_source_is_a_change(project: Path, name: str) -> None:
    sources = Sources(project)

    write(project / name, "new text")

    assert changed_file(sources) == name


@pytest.mark.parametrize(
    "name",
    [
        ".formpost/dynamodb.jsonl",
        ".venv/lib/x.py",
        "chalicelib/__pycache__/model.cpython-311.pyc",
        "chalicelib/.forms.toml.swp",
        "chalicelib/forms.toml~",
        "static_site/contact.html",
        "README.md",
    ],
)
def test_written_data_and_caches_are_none(project: Path, name: str) -> None:
    sources = Sources(project)

    write(project / name)

    assert changed_file(sources) is None


def test_removed_source_is_a_change(project: Path) -> None:
    sources = Sources(project)

    (project / "ops/run.py").unlink()

    assert changed_file(sources) == "ops/run.py"


def test_older_version_is_a_change_too(project: Path) -> None:
    """A checkout can bring back a file of the same size with an older time."""
    sources = Sources(project)

    os.utime(project / "app.py", (1, 1))

    assert changed_file(sources) == "app.py"


def test_nothing_is_told_while_files_still_move(project: Path) -> None:
    sources = Sources(project)

    write(project / "app.py", "new")
    first = sources.changed_file()
    write(project / "app.py", "newer still")
    second = sources.changed_file()

    assert (first, second, sources.changed_file()) == (None, None, "app.py")


def test_change_that_is_taken_back_is_none(project: Path) -> None:
    sources = Sources(project)
    status = (project / "app.py").stat()

    write(project / "app.py", "new")
    sources.changed_file()
    write(project / "app.py")
    os.utime(project / "app.py", ns=(status.st_atime_ns, status.st_mtime_ns))

    assert changed_file(sources) is None
