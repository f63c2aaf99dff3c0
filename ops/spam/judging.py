"""Judge a stored submission again, by rules that may be others than it was judged by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.model import Verdict
from chalicelib.reading import Reading
from chalicelib.spam import Context, judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.learned import Learned
    from chalicelib.model import Form, Signal, SpamRules, Submission

# What these looked at came with the request, and is not stored: only what they said is.
ABOUT_THE_REQUEST = frozenset({"captcha", "honeypot", "proof_of_work", "repeated", "too_fast"})


class Judge:
    """Judges submissions of one form.

    Args:
        form: with the rules that it has now.
        rules: by which to judge.
    """

    def __init__(self, form: Form, rules: SpamRules) -> None:
        self._rules = rules
        self._weights_now = form.spam.weights
        off = dict.fromkeys(ABOUT_THE_REQUEST, 0.0)
        self._form = replace(form, spam=rules._replace(weights={**rules.weights, **off}))

    def verdict(self, submission: Submission, learned: Learned | None) -> Verdict:
        """Return what the rules make of a submission.

        Args:
            submission: as it is stored, with its signals.
            learned: what the owner had taught when it came; None where nothing.
        """
        context = Context(Reading(submission), learned=learned)
        anew = judge(submission, self._form, context)
        kept = self._reweighed(submission.verdict.signals)
        return Verdict((*kept, *anew.signals), self._rules.threshold)

    def _reweighed(self, signals: Iterable[Signal]) -> Iterable[Signal]:
        """Yield the signals that cannot be made anew, as the rules weigh them.

        Stored is the product of points and weight, not the weight. It is taken for the one that
        the form has now; if that is 0, the signal is older, and taken for one of weight 1.
        """
        for signal in signals:
            then = self._weights_now.get(signal.check, 1.0) or 1.0
            weight = self._rules.weights.get(signal.check, 1.0)
            if signal.check in ABOUT_THE_REQUEST and weight:
                yield signal._replace(points=signal.points * weight / then)
