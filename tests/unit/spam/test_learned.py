"""What the owner's moves have taught, as a sentence."""

from __future__ import annotations

from chalicelib.learned import Learned
from chalicelib.reading import Reading
from chalicelib.spam import CHECKS, Context
from tests.builders import a_form, a_submission

SPAM = a_submission(fields={"message": "Casino bonus"})
REAL = a_submission(fields={"message": "Engine wanted"})


def reason(message: str, learned: Learned | None) -> str | None:
    submission = a_submission(fields={"message": message})
    context = Context(Reading(submission), learned=learned)
    signal = CHECKS["learned"](submission, a_form(), context)
    return signal.reason if signal else None


def learned() -> Learned:
    it = Learned()
    for _ in range(20):
        it.learn(Reading(SPAM), is_spam=True)
        it.learn(Reading(REAL), is_spam=False)
    return it


def test_a_form_that_was_taught_nothing_hears_nothing() -> None:
    assert reason("Casino bonus", None) is None


def test_the_words_that_counted_are_named() -> None:
    assert reason("casino Bonus: Casino bonus", learned()) == (
        'reads like spam, above all "casino", "bonus"'
    )
    assert reason("Engine wanted!", learned()) == (
        'reads like what you kept, above all "wanted", "engine"'
    )


def test_words_that_say_nothing_are_no_signal() -> None:
    assert reason("Good morning", learned()) is None
