"""Checks are found by name, and each is pure."""

from __future__ import annotations

from dataclasses import replace

from chalicelib import spam
from chalicelib.config import PROJECT_DIR
from chalicelib.model import Proof, ProofState, Sender, Signal, SpamRules, Verdict
from chalicelib.reading import Reading
from chalicelib.spam import Context, judge
from tests.builders import a_form, a_submission

NOTHING_SUSPECT = Context(Reading(a_submission()), proof=Proof(ProofState.SOLVED))


def test_every_file_of_the_folder_is_a_check() -> None:
    files = (PROJECT_DIR / "chalicelib" / "spam").glob("[!_]*.py")

    assert sorted(spam.CHECKS) == sorted(file.stem for file in files)


def test_nothing_suspect_is_no_signal() -> None:
    verdict = judge(a_submission(), a_form(), NOTHING_SUSPECT)

    assert (verdict.signals, verdict.points, verdict.is_spam) == ((), 0, False)


def test_a_filled_decoy_is_spam_by_itself() -> None:
    verdict = judge(
        a_submission(), a_form(), replace(NOTHING_SUSPECT, decoys=("_gotcha", "_honey"))
    )

    assert verdict.is_spam
    assert verdict.reasons == ("honeypot: _gotcha, _honey was filled in",)


def test_a_withheld_page_alone_is_not_spam() -> None:
    withheld = a_submission(sender=Sender("ip-hash", None, "Firefox"))

    verdict = judge(withheld, a_form(), NOTHING_SUSPECT)

    assert verdict.signals == (
        Signal("page_origin", 1.5, "neither Origin nor Referer told the page"),
    )
    assert not verdict.is_spam


def test_a_form_weighs_each_check() -> None:
    caught = replace(NOTHING_SUSPECT, decoys=("_gotcha",))
    doubled, off = (
        judge(a_submission(), a_form(spam=SpamRules(weights={"honeypot": weight})), caught)
        for weight in (2.0, 0.0)
    )

    assert [signal.points for signal in doubled.signals] == [20.0]
    assert off.signals == ()


def test_a_form_has_a_threshold_of_its_own() -> None:
    caught = replace(NOTHING_SUSPECT, decoys=("_gotcha",))

    verdict = judge(a_submission(), a_form(spam=SpamRules(threshold=11.0)), caught)

    assert (verdict.points, verdict.threshold, verdict.is_spam) == (10.0, 11.0, False)


def test_points_can_speak_for_a_submission() -> None:
    """What a check says below 0 takes away from what others say."""
    signals = (Signal("links", 4.0, "25 links"), Signal("gibberish", 3.0, "random letters"))
    trusted = Signal("learned", -2.5, "words of people")

    assert Verdict(signals, 5.0).is_spam
    assert Verdict((*signals, trusted), 5.0).points == 4.5
    assert not Verdict((*signals, trusted), 5.0).is_spam


def test_a_weight_can_make_two_weak_signs_enough() -> None:
    submission = a_submission(fields={"email": "ada@mailinator.com", "message": "bit.ly/a"})
    context = Context(Reading(submission))

    verdicts = [
        judge(submission, a_form(spam=SpamRules(weights=weights)), context)
        for weights in ({"proof_of_work": 0.0}, {"proof_of_work": 0.0, "throwaway": 1.5})
    ]

    assert [(verdict.points, verdict.is_spam) for verdict in verdicts] == [
        (4.0, False),
        (5.0, True),
    ]


def test_judging_twice_comes_to_the_same() -> None:
    submission = a_submission(fields={"name": "https://x.example", "message": "<script>" * 9})

    first, second = (judge(submission, a_form(), Context(Reading(submission))) for _ in range(2))

    assert first == second
    assert first.points > 0
