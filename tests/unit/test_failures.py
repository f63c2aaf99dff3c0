"""The log says what failed, and not a word of the visitor's."""

from __future__ import annotations

import json

from chalicelib.failures import describe


def fail(message: str) -> Exception:
    """Return an error with its cause, both raised."""
    try:
        stumble(message)
    except ValueError as error:
        return error
    raise AssertionError


def stumble(message: str) -> None:
    try:
        {"": ""}[message]
    except KeyError as error:
        raise ValueError(f"cannot use {message!r}") from error


def test_type_message_and_stack_are_told() -> None:
    described = describe(fail("x"), [])

    assert described["type"] == "ValueError"
    assert described["message"] == "ValueError: cannot use 'x' <- KeyError: 'x'"
    assert [frame.rpartition(" ")[2] for frame in described["stack"]] == [
        "stumble",
        "fail",
        "stumble",
    ]
    assert described["stack"][0].startswith("unit/test_failures.py:")


def test_no_value_of_the_request_is_told() -> None:
    typed = ["My secret\nin two lines", "grün", 'quo"ted\\']

    described = json.dumps(describe(fail(" ".join(typed)), typed), ensure_ascii=False)

    for secret in ["secret", "two lines", "grün", "quo"]:
        assert secret not in described


def test_no_message_is_told_when_the_values_are_unknown() -> None:
    described = describe(fail("secret"), None)

    assert "secret" not in json.dumps(described)
    assert described["type"] == "ValueError"
