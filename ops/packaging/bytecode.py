"""Compile for Lambda, whose task folder is read-only.

What is not compiled here is compiled again at every cold start. The mode is
"unchecked hash": zip times are constant, so Python must not compare them. The
same source gives the same bytes since Python 3.11, whatever the hash seed, once
it is written without references; see _without_references.
"""

from __future__ import annotations

import importlib.util
import marshal
import py_compile
from pathlib import PurePosixPath
from types import CodeType
from typing import TYPE_CHECKING, Any

from ops.packaging.errors import PackagingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Where Lambda unpacks the zip; tracebacks name this and not the folder of the build.
TASK_ROOT = PurePosixPath("/var/task")
# Magic number, flags, and the source's hash. Source: PEP 552.
_HEADER_BYTES = 16
# The last version of the format without references, so that what is read is shared by nobody.
_WITHOUT_REFERENCES = 2
# What a code object says by which names it uses: the same objects as in its hidden tuple.
_PARTS = (
    *("co_consts", "co_names", "co_varnames", "co_cellvars", "co_freevars"),
    *("co_filename", "co_name", "co_qualname", "co_linetable", "co_exceptiontable"),
)


def compile_beside(source: Path, root: Path, compiled_root: Path) -> None:
    """Compile a file whose source ships, too.

    Args:
        source: below ``root``.
        root: what becomes the task folder.
        compiled_root: the same for the bytecode, which need not lie in the same tree.
    """
    relative = source.relative_to(root)
    # -O in the caller's shell must not change what ships.
    cached = importlib.util.cache_from_source(str(relative), optimization="")
    _compile(source, compiled_root / cached, relative)


def replace_sources(root: Path) -> None:
    """Put bytecode in the place of every source below ``root``; Python imports that alone."""
    for source in sorted(root.rglob("*.py")):
        _compile(source, source.with_suffix(".pyc"), source.relative_to(root))
        source.unlink()


def _compile(source: Path, target: Path, relative: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        py_compile.compile(
            str(source),
            cfile=str(target),
            dfile=str(TASK_ROOT / relative.as_posix()),
            doraise=True,
            optimize=0,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    except py_compile.PyCompileError as error:
        raise PackagingError(f"{relative} does not compile: {error.msg.strip()}") from error
    target.write_bytes(_independent(target.read_bytes()))


def _independent(compiled: bytes) -> bytes:
    """Return the same code, in bytes that depend on nothing but the code.

    The format marks objects that are referred to more than once, by anything in the
    compiling process: what that has imported, and how, decides over the bytes. Here
    everything is referred to once more, so everything is marked. Without any marks,
    as the format had it before, reading takes 3 % of a cold start longer.
    """
    header, code = compiled[:_HEADER_BYTES], compiled[_HEADER_BYTES:]
    plain = marshal.dumps(marshal.loads(code), _WITHOUT_REFERENCES)  # noqa: S302  just made
    fresh = marshal.loads(plain)  # noqa: S302
    held = list(_objects(fresh))
    marked = marshal.dumps(fresh)
    # Until here nothing that it holds may go.
    held.clear()
    return header + marked


def _objects(value: Any) -> Iterator[Any]:
    """Yield everything that is marshalled with a value."""
    yield value
    if isinstance(value, CodeType):
        for part in _PARTS:
            yield from _objects(getattr(value, part))
    elif isinstance(value, tuple | frozenset):
        for each in value:
            yield from _objects(each)
