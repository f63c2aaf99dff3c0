"""The store says whether a long text came before; the check passes it on."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model import Signal
from chalicelib.reading import Reading
from chalicelib.spam import Context
from chalicelib.spam.repeated import check
from tests.builders import a_form, a_submission

NEW = Context(Reading(a_submission()))


def test_a_text_that_came_before_weighs() -> None:
    known = replace(NEW, known=frozenset({"content", "proof"}))

    assert check(a_submission(), a_form(), known) == Signal(
        "repeated", 2.0, "the same text came before, to another form or from another address"
    )


def test_a_new_text_says_nothing() -> None:
    for known in (NEW, replace(NEW, known=frozenset({"proof"}))):
        assert check(a_submission(), a_form(), known) is None
