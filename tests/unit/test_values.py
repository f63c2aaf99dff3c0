"""Our dataclasses do what the standard library's frozen ones do; those are the peer here."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib import values

if TYPE_CHECKING:
    from collections.abc import Callable


class Plain:
    """A place."""

    name: str
    number: int = 1
    parts: tuple[str, ...] = ()

    @property
    def loud(self) -> str:
        return self.name.upper()


def made(dataclass: Callable[..., Any]) -> Any:
    body = {key: value for key, value in vars(Plain).items() if key != "__dict__"}
    body.pop("__weakref__")
    return dataclass(frozen=True, slots=True)(type("Place", (), body))


OURS, THEIRS = made(values.dataclass), made(dataclasses.dataclass)


@pytest.mark.parametrize(
    ("positional", "named"),
    [
        (("a",), {}),
        (("a", 2), {}),
        (("a", 2, ("x",)), {}),
        (("a",), {"parts": ("x", "y")}),
        ((), {"number": 3, "name": "a"}),
    ],
)
def test_it_is_made_and_shown_in_the_same_way(positional: Any, named: Any) -> None:
    ours, theirs = OURS(*positional, **named), THEIRS(*positional, **named)

    assert repr(ours) == repr(theirs)
    assert dataclasses.astuple(ours) == dataclasses.astuple(theirs)
    assert ours.loud == theirs.loud == "A"


@pytest.mark.parametrize(
    ("positional", "named"),
    [
        ((), {}),
        ((), {"number": 2}),
        (("a",), {"name": "b"}),
        (("a",), {"colour": "red"}),
        (("a", 1, (), "more"), {}),
    ],
)
def test_what_one_refuses_the_other_does(positional: Any, named: Any) -> None:
    for place in (OURS, THEIRS):
        with pytest.raises(TypeError):
            place(*positional, **named)


def test_equal_values_are_equal_and_hash_alike() -> None:
    for place in (OURS, THEIRS):
        assert place("a") == place("a", 1)
        assert hash(place("a")) == hash(place("a", 1))
        assert place("a") != place("a", 2)
        assert place("a") != ("a", 1, ())
    assert OURS("a") != THEIRS("a")


def test_nothing_can_be_changed_or_added() -> None:
    for value in (OURS("a"), THEIRS("a")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            value.name = "b"
        with pytest.raises(dataclasses.FrozenInstanceError):
            del value.name
        assert not hasattr(value, "__dict__")
        assert value.name == "a"


def test_a_copy_with_changes_is_another_value() -> None:
    for value in (OURS("a", 2), THEIRS("a", 2)):
        changed = dataclasses.replace(value, name="b")

        assert (changed.name, changed.number, value.name) == ("b", 2, "a")
        assert type(changed) is type(value)


def test_it_matches_by_place() -> None:
    match OURS("a", 2):
        case OURS(name, number):
            assert (name, number) == ("a", 2)
        case _:
            pytest.fail("no match")


def test_other_kinds_are_left_to_the_standard_library() -> None:
    with pytest.raises(TypeError, match="standard library"):
        values.dataclass(frozen=True, slots=False)
