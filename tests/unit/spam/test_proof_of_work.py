"""What is wrong with a proof of work weighs a little; only its owner's weights make it more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.model import Proof, ProofState, Signal
from chalicelib.reading import Reading
from chalicelib.spam import Context
from chalicelib.spam.proof_of_work import check
from tests.builders import a_form, a_submission

CONTEXT = Context(Reading(a_submission()))


def signal(state: ProofState, *known: str) -> Signal | None:
    context = replace(CONTEXT, proof=Proof(state), known=frozenset(known))
    return check(a_submission(), a_form(), context)


def test_a_solved_one_says_nothing() -> None:
    assert signal(ProofState.SOLVED) is None
    assert signal(ProofState.SOLVED, "content") is None


@pytest.mark.parametrize(
    ("state", "known", "points", "reason"),
    [
        (
            ProofState.MISSING,
            (),
            1,
            "no proof of work came along: JavaScript is off, or a program sent this",
        ),
        (ProofState.EXPIRED, (), 1, "the proof of work had expired: its page was open for long"),
        (ProofState.OTHER_FORM, (), 2, "the proof of work was made for another form"),
        (ProofState.UNREADABLE, (), 2, "the proof of work could not be read"),
        (ProofState.UNSOLVED, (), 3, "the proof of work was not solved"),
        (ProofState.FORGED, (), 3, "the proof of work was forged: it was not asked for here"),
        (ProofState.SOLVED, ("proof",), 3, "the proof of work had been used before"),
        (ProofState.OTHER_FORM, ("proof",), 3, "the proof of work had been used before"),
    ],
)
def test_each_fault_has_points_and_a_sentence_of_its_own(
    state: ProofState, known: tuple[str, ...], points: float, reason: str
) -> None:
    assert signal(state, *known) == Signal("proof_of_work", points, reason)


@pytest.mark.parametrize("state", ProofState)
def test_none_is_enough_alone(state: ProofState) -> None:
    for known in ((), ("proof",)):
        found = signal(state, *known)

        assert found is None or found.points < a_form().spam.threshold


def test_leaving_it_away_is_not_worse_than_an_expired_one() -> None:
    """Else one could be kept and sent for ever."""
    missing, expired = signal(ProofState.MISSING), signal(ProofState.EXPIRED)

    assert missing is not None
    assert expired is not None
    assert expired.points >= missing.points
