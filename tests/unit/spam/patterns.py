"""Tell whether a regular expression can go back and search the same text again.

A search begins anew at each character. So its cost is the text's length times what one
beginning can cost, and that is bounded if every repeat is: by its own upper bound, or by
being the last thing of the pattern, where nothing can fail behind it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

# Python's own reader of patterns, which has no public name.
_parser: Any = import_module("re._parser")
# From here a repeat is as good as endless.
MAX_BOUND = 100
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


def faults(pattern: re.Pattern[str]) -> list[str]:
    """Return what is wrong with a pattern, in words; nothing if it is linear."""
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    return list(_faults(parsed, is_last=True, is_repeated=False))


def _faults(sequence: Any, *, is_last: bool, is_repeated: bool) -> Iterator[str]:
    for position, (operation, argument) in enumerate(sequence):
        is_end = is_last and position == len(sequence) - 1
        if operation.name in _REPEATS:
            _, most, body = argument
            if most > MAX_BOUND and not is_end:
                yield "an endless repeat, and something behind it that can fail"
            if is_repeated and most > 1:
                yield "a repeat within a repeat"
            yield from _faults(body, is_last=False, is_repeated=is_repeated or most > 1)
        else:
            for inner in _inner(argument):
                yield from _faults(inner, is_last=is_end, is_repeated=is_repeated)


def _inner(argument: Any) -> Iterator[Any]:
    """Yield the sequences within a group, a look around or a branch."""
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, list | tuple):
        for each in argument:
            yield from _inner(each)
