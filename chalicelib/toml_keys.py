"""Check the keys of one table of a TOML file; a mistake is told with what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    Check = Callable[[Any], bool]


def check_keys(
    where: str,
    table: Mapping[str, Any],
    keys: Mapping[str, tuple[Check, str]],
    *,
    unshown: Collection[str] = (),
) -> None:
    """Compare a table with the keys it can have.

    Args:
        where: the table, as its reader finds it, e.g. ``[contact]``.
        table: what is written there.
        keys: by name, what accepts a value and what is allowed, in words.
        unshown: whose values may be secrets by mistake.

    Raises:
        ConfigError: a key is unknown, or its value is not one that is allowed.
    """
    for key, value in table.items():
        if key not in keys:
            raise ConfigError(f"{where} {key}: is not a key; allowed: {', '.join(keys)}.")
        is_allowed, allowed = keys[key]
        if not is_allowed(value):
            shown = "(not shown)" if key in unshown else _as_toml(value)
            raise ConfigError(f"{where} {key} = {shown}: allowed is {allowed}.")


def _as_toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def is_text(value: Any) -> bool:
    """Whether it is a text that is not blank."""
    return isinstance(value, str) and bool(value.strip())


def is_flag(value: Any) -> bool:
    """Whether it is true or false."""
    return isinstance(value, bool)


def is_count(value: Any, *, most: int | None = None) -> bool:
    """Whether it is a whole number from 1."""
    return type(value) is int and value >= 1 and (most is None or value <= most)


def is_number(value: Any, *, least: float, most: float) -> bool:
    """Whether it is a number in a range, both ends included."""
    return type(value) in {int, float} and least <= value <= most


def is_text_list(value: Any) -> bool:
    """Whether it is a list of texts, none of them blank."""
    return isinstance(value, list) and all(is_text(each) for each in value)
