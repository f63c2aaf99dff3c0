"""Checks are found by name, and each is pure."""

from __future__ import annotations

from chalicelib import spam
from chalicelib.config import PROJECT_DIR
from chalicelib.model import Signal
from chalicelib.spam import Evidence, judge
from tests.builders import a_form, a_submission

NOTHING_SUSPECT = Evidence(decoys=(), page_origin="https://site.example")


def test_every_file_of_the_folder_is_a_check() -> None:
    files = (PROJECT_DIR / "chalicelib" / "spam").glob("[!_]*.py")

    assert sorted(spam.CHECKS) == sorted(file.stem for file in files)


def test_nothing_suspect_is_no_signal() -> None:
    verdict = judge(a_submission(), a_form(), NOTHING_SUSPECT)

    assert (verdict.signals, verdict.points, verdict.is_spam) == ((), 0, False)


def test_a_filled_decoy_is_spam_by_itself() -> None:
    verdict = judge(
        a_submission(), a_form(), NOTHING_SUSPECT._replace(decoys=("_gotcha", "_honey"))
    )

    assert verdict.is_spam
    assert verdict.reasons == ("honeypot: _gotcha, _honey was filled in",)


def test_a_withheld_page_alone_is_not_spam() -> None:
    verdict = judge(a_submission(), a_form(), NOTHING_SUSPECT._replace(page_origin=None))

    assert verdict.signals == (
        Signal("page_origin", 1.0, "neither Origin nor Referer told the page"),
    )
    assert not verdict.is_spam
