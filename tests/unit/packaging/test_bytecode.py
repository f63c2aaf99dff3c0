"""Bytecode that is the same wherever it is made, and names the files as Lambda has them."""

from __future__ import annotations

import argparse
import importlib.util
import marshal
import subprocess
import sys
import traceback
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.config import PROJECT_DIR
from ops.packaging import bytecode
from ops.packaging.errors import PackagingError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Sets are marshalled as constants, and their order in memory is the hash seed's.
# Of a text of one character, such as a line feed, there is one object in a process.
SOURCE = (
    "def is_known(name):\n"
    "    return name in {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', '-', '\\n', '\\xe9', ''}\n"
)


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


@pytest.mark.parametrize(
    ("seed", "options", "before"),
    [
        ("1", (), ""),
        ("2", (), "import sys; [sys.intern(each) for each in ('-', '\\n', '\\xe9', '')]\n"),
        ("3", ("-OO",), "import sys; sys.pycache_prefix = '/caches'\n"),
    ],
)
def test_nothing_of_the_process_changes_it(
    project: Path, tmp_path: Path, seed: str, options: tuple[str, ...], before: str
) -> None:
    source = project / "lib" / "known.py"
    bytecode.compile_beside(source, project, tmp_path / "here")
    script = (
        "import sys; from pathlib import Path; from ops.packaging import bytecode\n"
        "bytecode.compile_beside(*map(Path, sys.argv[1:]))"
    )

    subprocess.run(
        [sys.executable, *options, "-c", before + script, source, project, tmp_path / "there"],
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


DOCUMENTED = '''"""A module."""


class Plan:
    """A class."""

    def check(self, number):
        """A method."""
        assert number > 0, "a statement of its own"
        return number


async def wait():
    """Nothing else."""


def last(numbers):
    "not a docstring alone", numbers
    return (
        numbers[0]
        + numbers[1]


        + numbers[2]
    )
'''


@pytest.fixture
def replaced(tmp_path: Path) -> CodeType:
    (tmp_path / "plan.py").write_text(DOCUMENTED)
    bytecode.replace_sources(tmp_path)
    code: CodeType = marshal.loads((tmp_path / "plan.pyc").read_bytes()[16:])  # noqa: S302  we made it
    return code


def test_libraries_lose_their_docstrings_and_nothing_else(replaced: CodeType) -> None:
    names: dict[str, Any] = {"__name__": "plan"}
    exec(replaced, names)  # noqa: S102  we made it

    things = (names["Plan"], names["Plan"].check, names["wait"], names["last"])
    assert [thing.__doc__ for thing in things] == [None] * 4
    assert "__doc__" not in names
    assert names["Plan"]().check(1) == 1
    with pytest.raises(AssertionError, match="a statement of its own"):
        names["Plan"]().check(0)
    assert names["last"]([1, 2, 3]) == 6


def test_a_traceback_has_file_function_and_line(replaced: CodeType) -> None:
    names: dict[str, Any] = {"__name__": "plan"}
    exec(replaced, names)  # noqa: S102  we made it

    with pytest.raises(IndexError) as raised:
        names["last"]([1, 2])
    frame = traceback.extract_tb(raised.value.__traceback__)[-1]
    # The line of "numbers[2]", behind two blank ones.
    assert (frame.filename, frame.name, frame.lineno) == ("/var/task/plan.py", "last", 24)


def test_every_instruction_keeps_its_line_and_no_column(tmp_path: Path) -> None:
    """Of a long module of the standard library, told from what Python compiles of it."""
    source = Path(argparse.__file__)
    (tmp_path / "argparse.py").write_bytes(source.read_bytes())
    bytecode.compile_beside(tmp_path / "argparse.py", tmp_path, tmp_path)

    made = marshal.loads(next(tmp_path.rglob("*.pyc")).read_bytes()[16:])  # noqa: S302  we made it
    plain = compile(source.read_bytes(), "argparse.py", "exec", dont_inherit=True, optimize=0)
    pairs = list(zip(functions(made), functions(plain), strict=True))
    assert len(pairs) > 150
    for ours, pythons in pairs:
        assert ours.co_code == pythons.co_code
        assert line_by_offset(ours) == line_by_offset(pythons)
        assert {position[2:] for position in ours.co_positions()} <= {(None, None)}


def functions(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from functions(constant)


def line_by_offset(code: CodeType) -> list[int | None]:
    return [line for start, end, line in code.co_lines() for _ in range(start, end)]
