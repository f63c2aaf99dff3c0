"""Checks are found by name, and each is pure."""

from __future__ import annotations

from dataclasses import replace

from chalicelib import spam
from chalicelib.config import PROJECT_DIR
from chalicelib.model import Proof, ProofState, Sender, Signal, SpamRules
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
        Signal("page_origin", 1.0, "neither Origin nor Referer told the page"),
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
