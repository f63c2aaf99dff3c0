"""Bytecode that is the same wherever it is made, and names the files as Lambda has them."""

from __future__ import annotations

import importlib.util
import marshal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from chalicelib.config import PROJECT_DIR
from ops.packaging import bytecode
from ops.packaging.errors import PackagingError

if TYPE_CHECKING:
    from pathlib import Path

# Sets are marshalled as constants, and their order in memory is the hash seed's.
SOURCE = "def is_known(name):\n    return name in {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "known.py").write_text(SOURCE)
    return tmp_path


def test_bytecode_beside_its_source_is_where_python_looks(project: Path, tmp_path: Path) -> None:
    source, target = project / "lib" / "known.py", tmp_path / "elsewhere"

    bytecode.compile_beside(source, project, target)

    expected = importlib.util.cache_from_source("lib/known.py", optimization="")
    assert [path for path in target.rglob("*") if path.is_file()] == [target / expected]


def test_it_is_of_this_source_and_is_never_checked(project: Path) -> None:
    """PEP 552: flags 0b01 are a hash-based file that is taken as it is."""
    bytecode.replace_sources(project)

    content = (project / "lib" / "known.pyc").read_bytes()
    assert content[:4] == importlib.util.MAGIC_NUMBER
    assert content[4:8] == b"\x01\x00\x00\x00"
    assert content[8:16] == importlib.util.source_hash(SOURCE.encode())
    code = marshal.loads(content[16:])  # noqa: S302  we made it
    assert code.co_filename == "/var/task/lib/known.py"


def test_sources_are_gone_where_bytecode_replaces_them(project: Path) -> None:
    bytecode.replace_sources(project)

    assert [path.name for path in project.rglob("*.*")] == ["known.pyc"]


@pytest.mark.parametrize(("seed", "options"), [("1", ()), ("2", ()), ("3", ("-OO",))])
def test_neither_seed_nor_options_change_it(
    project: Path, tmp_path: Path, seed: str, options: tuple[str, ...]
) -> None:
    source = project / "lib" / "known.py"
    bytecode.compile_beside(source, project, tmp_path / "here")
    script = (
        "import sys; from pathlib import Path; from ops.packaging import bytecode\n"
        "bytecode.compile_beside(*map(Path, sys.argv[1:]))"
    )

    subprocess.run(
        [sys.executable, *options, "-c", script, source, project, tmp_path / "there"],
        cwd=PROJECT_DIR,
        env={"PYTHONHASHSEED": seed},
        check=True,
    )

    made = [
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*.pyc")}
        for root in (tmp_path / "here", tmp_path / "there")
    ]
    assert made[0] == made[1]
    assert len(made[0]) == 1


def test_a_source_that_does_not_compile_is_named(project: Path) -> None:
    (project / "lib" / "broken.py").write_text("def :\n")

    with pytest.raises(PackagingError, match=r"lib/broken\.py does not compile"):
        bytecode.replace_sources(project)
