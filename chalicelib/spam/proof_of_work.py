"""No proof of work came along, or one that proves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.model import ProofState, Signal

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# None of them is enough alone. Who has JavaScript off, or an old page open, gets as little as
# can be: an expired proof weighs what none weighs, so that keeping one is of no use.
_SAYS: dict[ProofState, tuple[float, str]] = {
    ProofState.MISSING: (
        1.0,
        "no proof of work came along: JavaScript is off, or a program sent this",
    ),
    ProofState.EXPIRED: (1.0, "the proof of work had expired: its page was open for long"),
    ProofState.OTHER_FORM: (2.0, "the proof of work was made for another form"),
    ProofState.UNREADABLE: (2.0, "the proof of work could not be read"),
    ProofState.UNSOLVED: (3.0, "the proof of work was not solved"),
    ProofState.FORGED: (3.0, "the proof of work was forged: it was not asked for here"),
}
_REPLAYED = (3.0, "the proof of work had been used before")


def check(_submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Say what is wrong with the proof of work."""
    says = _REPLAYED if "proof" in context.known else _SAYS.get(context.proof.state)
    return Signal("proof_of_work", *says) if says else None
