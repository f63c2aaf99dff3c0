"""Frozen dataclasses without their price at a cold start.

The standard library writes and compiles six methods for each frozen dataclass: two
dozen of them are a tenth of the instructions of a cold start. Here the methods are written
once, for all. What it makes is a dataclass still: ``replace``, ``fields`` and ``match``
work, and type checkers see the standard library's own.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as dataclass  # noqa: PLC0414  for who imports it from here
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """Make a class of annotated fields; the standard library's, frozen and slotted."""
        if not (frozen and slots):
            raise TypeError("The standard library has all other kinds of dataclasses.")
        return _made


# The way around _refuse_to_change for who makes the value.
_set = object.__setattr__


def _made(plain: type) -> type:
    for method in (__init__, __eq__, __hash__, __repr__):
        setattr(plain, method.__name__, method)
    # Without arguments of its own that would need a compiled method.
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(plain)
    made.__defaults__ = {
        field.name: field.default
        for field in dataclasses.fields(made)
        if field.default is not dataclasses.MISSING
    }
    made.__setattr__ = made.__delattr__ = _refuse_to_change
    found: type = made
    return found


def __init__(self: Any, *positional: Any, **named: Any) -> None:  # noqa: N807
    """Take each field once, by place or by name; TypeError as from any function."""
    names = self.__match_args__
    given = {**dict(zip(names, positional, strict=False)), **named} if positional else named
    values = {**self.__defaults__, **given}
    if len(values) != len(names) or len(given) != len(positional) + len(named):
        raise TypeError(f"{type(self).__name__} has the fields {', '.join(names)}")
    for name in names:
        _set(self, name, values[name])


def __eq__(self: Any, other: object) -> bool:  # noqa: N807
    """Tell whether it is of the same class and has equal fields."""
    if type(other) is not type(self):
        return NotImplemented
    return _fields_of(self) == _fields_of(other)


def __hash__(self: Any) -> int:  # noqa: N807
    """Return the same for equal values."""
    return hash(_fields_of(self))


def __repr__(self: Any) -> str:  # noqa: N807
    """Return what would make it."""
    pairs = zip(self.__match_args__, _fields_of(self), strict=True)
    shown = ", ".join(f"{name}={value!r}" for name, value in pairs)
    return f"{type(self).__qualname__}({shown})"


def _fields_of(value: Any) -> tuple[Any, ...]:
    return tuple(getattr(value, name) for name in value.__match_args__)


def _refuse_to_change(self: Any, name: str, _value: object = None) -> None:
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__}.{name} is frozen")
