"""The time from turning to a form to sending it, where a challenge says when that was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.model import NO_PROOF, Proof, ProofState, Signal
from chalicelib.reading import Reading
from chalicelib.spam import Context
from chalicelib.spam.too_fast import check
from tests.builders import NOON, a_form, a_submission

CONTEXT = Context(Reading(a_submission()))


def signal(proof: Proof) -> Signal | None:
    """Return what is said of a submission that came at noon."""
    return check(a_submission(), a_form(), replace(CONTEXT, proof=proof))


def turned_to(seconds_before_noon: float) -> Proof:
    return Proof(ProofState.SOLVED, NOON.timestamp() - seconds_before_noon)


@pytest.mark.parametrize("seconds", [2.0, 3, 3_600, 10**9])
def test_a_person_s_time_says_nothing(seconds: float) -> None:
    assert signal(turned_to(seconds)) is None


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0.0"), (0.26, "0.3"), (1.9, "1.9"), (-5, "0.0")]
)
def test_less_than_two_seconds_is_said_with_the_time(seconds: float, told: str) -> None:
    found = signal(turned_to(seconds))

    assert found == Signal("too_fast", 2, f"sent {told} s after the form was turned to")


def test_autofill_and_a_quick_hand_are_no_spam() -> None:
    """Not even where the browser withholds its page as well."""
    found = signal(turned_to(0))

    assert found is not None
    assert found.points + 1 < a_form().spam.threshold


def test_nothing_is_known_where_no_challenge_was_asked_for() -> None:
    assert signal(NO_PROOF) is None
    assert signal(Proof(ProofState.FORGED)) is None
