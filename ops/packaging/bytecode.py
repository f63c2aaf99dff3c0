"""Compile for Lambda, whose task folder is read-only.

What is not compiled here is compiled again at every cold start. The mode is
"unchecked hash": zip times are constant, so Python must not compare them.

What only people and debuggers read stays out: the docstrings of libraries, and the
columns of each instruction. A traceback keeps file, function and line.
"""

from __future__ import annotations

import ast
import importlib.util
import marshal
import sys
from pathlib import PurePosixPath
from types import CodeType
from typing import TYPE_CHECKING, Any

from ops.packaging.errors import PackagingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Where Lambda unpacks the zip; tracebacks name this and not the folder of the build.
TASK_ROOT = PurePosixPath("/var/task")
# Taken as it is, whatever the source's hash. Source: PEP 552.
_UNCHECKED_HASH = (0b01).to_bytes(4, "little")
# The last version of the format without references, so that what is read is shared by nobody.
_WITHOUT_REFERENCES = 2
# What a code object says by which names it uses: the same objects as in its hidden tuple.
_PARTS = (
    *("co_consts", "co_names", "co_varnames", "co_cellvars", "co_freevars"),
    *("co_filename", "co_name", "co_qualname", "co_linetable", "co_exceptiontable"),
)
# Kinds of entries of a line table, and how many instructions one has at most.
# Source: CPython, Objects/locations.md
_LINE_ALONE, _NO_LINE = 13, 15
_MAX_ENTRY = 8
_INSTRUCTION_BYTES = 2
# Latin-1.
_ONE_BYTE = 256


def compile_beside(source: Path, root: Path, compiled_root: Path) -> None:
    """Compile a file whose source ships, too.

    Args:
        source: below ``root``.
        root: what becomes the task folder.
        compiled_root: the same for the bytecode, which need not lie in the same tree.
    """
    relative = source.relative_to(root)
    # Where Lambda's Python looks, whatever the caller's shell says of its own caches.
    cached = relative.parent / "__pycache__" / f"{relative.stem}.{sys.implementation.cache_tag}.pyc"
    # With docstrings: the standard library's dataclasses put a costly text in the place of none.
    _compile(source, compiled_root / cached, relative, documented=True)


def replace_sources(root: Path) -> None:
    """Put bytecode in the place of every source below ``root``; Python imports that alone."""
    for source in sorted(root.rglob("*.py")):
        relative = source.relative_to(root)
        _compile(source, source.with_suffix(".pyc"), relative, documented=False)
        source.unlink()


def _compile(source: Path, target: Path, relative: Path, *, documented: bool) -> None:
    text = source.read_bytes()
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise PackagingError(f"{relative} does not compile: {error}") from error
    if not documented:
        _drop_docstrings(tree)
    code = compile(
        tree, str(TASK_ROOT / relative.as_posix()), "exec", dont_inherit=True, optimize=0
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    head = importlib.util.MAGIC_NUMBER + _UNCHECKED_HASH + importlib.util.source_hash(text)
    target.write_bytes(head + _independent(_without_columns(code)))


def _drop_docstrings(tree: ast.Module) -> None:
    """Take out what only help() shows; statements of libraries stay, ``assert`` too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            match node.body:
                case [ast.Expr(ast.Constant(str())) as docstring, *rest]:
                    node.body = rest or [ast.copy_location(ast.Pass(), docstring)]


def _without_columns(code: CodeType) -> CodeType:
    """Return the same code with the line of each instruction alone, as ``co_lines`` has it."""
    constants = tuple(
        _without_columns(each) if isinstance(each, CodeType) else each for each in code.co_consts
    )
    table, line_before = bytearray(), code.co_firstlineno
    for start, end, line in code.co_lines():
        left = (end - start) // _INSTRUCTION_BYTES
        while left > 0:
            length = min(left, _MAX_ENTRY)
            left -= length
            kind = _NO_LINE if line is None else _LINE_ALONE
            table.append(0x80 | kind << 3 | length - 1)
            if line is not None:
                table += _signed(line - line_before)
                line_before = line
    return code.replace(co_consts=constants, co_linetable=bytes(table))


def _signed(number: int) -> bytes:
    """Return a number in groups of six bits, the lowest first, its sign the lowest of all."""
    rest = (-number << 1) | 1 if number < 0 else number << 1
    groups = bytearray()
    while rest >> 6:
        groups.append(0b100_0000 | rest & 0b11_1111)
        rest >>= 6
    groups.append(rest)
    return bytes(groups)


def _independent(code: CodeType) -> bytes:
    """Return code, marshalled in bytes that depend on nothing but the code.

    The format marks objects that are referred to more than once, by anything in the
    compiling process: what that has imported, and how, decides over the bytes. Here
    what is equal is one object, and everything is referred to once more, so everything
    is marked. Each name and text is then read once for a module.
    """
    # A process has one object for each of these texts; whatever has interned it, it stays so,
    # and the format says so.
    for short in ("", *map(chr, range(_ONE_BYTE))):
        sys.intern(short)
    fresh = marshal.loads(marshal.dumps(code, _WITHOUT_REFERENCES))  # noqa: S302  just made
    fresh = _shared(fresh, {})
    held = list(_objects(fresh))
    marked = marshal.dumps(fresh)
    # Until here nothing that it holds may go.
    held.clear()
    return marked


def _shared(value: Any, known: dict[bytes, Any]) -> Any:
    """Return a value in which all that is equal, and of one type, is the same object."""
    if isinstance(value, CodeType):
        value = value.replace(**{part: _shared(getattr(value, part), known) for part in _PARTS})
    elif isinstance(value, tuple):
        value = tuple(_shared(each, known) for each in value)
    return known.setdefault(marshal.dumps(value, _WITHOUT_REFERENCES), value)


def _objects(value: Any) -> Iterator[Any]:
    """Yield everything that is marshalled with a value."""
    yield value
    if isinstance(value, CodeType):
        for part in _PARTS:
            yield from _objects(getattr(value, part))
    elif isinstance(value, tuple | frozenset):
        for each in value:
            yield from _objects(each)
