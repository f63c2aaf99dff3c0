"""What is stored is judged once more, and counted against the owner's folders."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.config import PROJECT_DIR
from chalicelib.model import Folder, Sender, Signal, SpamRules, Verdict, reference
from chalicelib.spam import CHECKS
from ops.spam import report
from ops.spam.judging import ABOUT_THE_REQUEST, Judge
from ops.spam.tally import MAX_LOST_LISTED, Outcomes, Tally
from tests.builders import a_form, a_submission

if TYPE_CHECKING:
    from chalicelib.model import Submission

CAUGHT = Signal("honeypot", 10.0, "_gotcha was filled in")
# The only check that has its say beside those about the request.
PAGE_ALONE = dict.fromkeys({*CHECKS} - ABOUT_THE_REQUEST - {"page_origin"}, 0.0)


def rules(*, threshold: float = 5.0, **weights: float) -> SpamRules:
    return SpamRules(threshold=threshold, weights={**PAGE_ALONE, **weights})


def stored(*signals: Signal, origin: str | None = "https://site.example") -> Submission:
    return a_submission(verdict=Verdict(signals, 5.0), sender=Sender("ip-hash", origin, None))


def judged(submission: Submission, tried: SpamRules, now: SpamRules | None = None) -> Verdict:
    return Judge(a_form(spam=now or SpamRules()), tried).verdict(submission, None)


def test_what_can_be_seen_in_the_submission_is_judged_anew() -> None:
    """Whatever was said of it then."""
    old = Signal("page_origin", 4.0, "in other words")

    verdict = judged(stored(old, origin=None), rules(page_origin=2.0))

    assert verdict.signals == (
        Signal("page_origin", 3.0, "neither Origin nor Referer told the page"),
    )


@pytest.mark.parametrize("check", sorted(ABOUT_THE_REQUEST))
def test_what_only_the_request_told_is_kept(check: str) -> None:
    signal = Signal(check, 3.0, "as it was said")

    assert judged(stored(signal), rules()).signals == (signal,)
    assert judged(stored(), rules()).signals == ()


@pytest.mark.parametrize(
    ("then", "tried", "points"),
    [(1.0, 0.5, 5.0), (0.5, 1.0, 20.0), (2.0, 2.0, 10.0), (0.0, 0.5, 5.0), (2.0, 0.0, None)],
)
def test_what_is_kept_is_weighed_anew(then: float, tried: float, points: float | None) -> None:
    """Stored is a product of which one factor is known: what the form says now."""
    now = SpamRules(weights={"honeypot": then})

    verdict = judged(stored(CAUGHT), rules(honeypot=tried), now)

    assert [signal.points for signal in verdict.signals] == ([] if points is None else [points])


def test_the_threshold_is_that_of_the_rules() -> None:
    verdict = judged(stored(CAUGHT), rules(threshold=11.0))

    assert (verdict.threshold, verdict.is_spam) == (11.0, False)


def test_the_checks_that_are_not_made_anew_are_those_that_ask_about_the_request() -> None:
    """A new check that asks for what is not stored must be among them."""
    not_stored = {"decoys", "proof", "captcha", "known"}
    asking = {
        name
        for name in CHECKS
        for node in ast.walk(
            ast.parse((PROJECT_DIR / "chalicelib" / "spam" / f"{name}.py").read_text("utf-8"))
        )
        if isinstance(node, ast.Attribute)
        and ast.unparse(node.value) == "context"
        and node.attr in not_stored
    }

    assert asking == ABOUT_THE_REQUEST


def counted(*each: tuple[Folder, bool, bool]) -> Tally:
    """Return a tally of submissions by folder, the verdict then and the verdict now."""
    tally = Tally()
    for number, (folder, then, now) in enumerate(each):
        submission = a_submission(
            minutes=number, seed=number, folder=folder, verdict=verdict_that(is_spam=then)
        )
        tally.count(submission, verdict_that(is_spam=now), is_marked=number == 0)
    return tally


def verdict_that(*, is_spam: bool) -> Verdict:
    return Verdict((CAUGHT,) if is_spam else (), 5.0)


# In a spam folder of 4 and 6 real messages: 3 of 4 were caught then, and one real one lost;
# the rules catch all, and lose two.
SEVERAL = (
    (Folder.SPAM, True, True),
    (Folder.SPAM, True, True),
    (Folder.SPAM, True, True),
    (Folder.SPAM, False, True),
    (Folder.INBOX, True, False),
    (Folder.INBOX, False, True),
    (Folder.ARCHIVE, False, True),
    (Folder.INBOX, False, False),
    (Folder.INBOX, False, False),
    (Folder.ARCHIVE, False, False),
)


def test_folders_are_the_truth() -> None:
    tally = counted(*SEVERAL)

    assert tally.before == Outcomes(caught=3, missed=1, kept=5, lost=1)
    assert tally.after == Outcomes(caught=4, missed=0, kept=4, lost=2)
    assert (tally.before.precision, tally.before.recall) == (3 / 4, 3 / 4)
    assert (tally.after.precision, tally.after.recall) == (4 / 6, 4 / 4)
    assert (tally.judged, tally.spam, tally.marked) == (10, 4, 1)


def test_what_would_come_elsewhere_is_counted() -> None:
    tally = counted(*SEVERAL)

    assert (tally.to_spam, tally.to_inbox) == (3, 1)


def test_each_check_is_counted_where_it_spoke() -> None:
    spoken = counted(*SEVERAL).spoken["honeypot"]

    assert (spoken.in_spam, spoken.in_real, spoken.mean_points) == (4, 2, 10.0)


def test_without_spam_there_is_neither_precision_nor_recall() -> None:
    after = counted((Folder.INBOX, False, False)).after

    assert (after.precision, after.recall) == (None, None)


def test_the_newest_of_the_lost_are_listed_and_all_are_counted() -> None:
    """Memory must not grow with rules that are far too strict."""
    count = MAX_LOST_LISTED + 5
    tally = counted(*[(Folder.INBOX, False, True)] * count)

    assert tally.after.lost == count
    assert len(tally.lost) == MAX_LOST_LISTED
    assert tally.lost[-1].submission_id == a_submission(minutes=count - 1, seed=count - 1).id


def test_people_are_shown_counts_and_references_and_no_word_of_a_visitor(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A reason may quote the message, and a terminal may be looked at by others."""
    words = Signal("blocked_words", 6.0, "it says casino\x1b[2J")
    tally = Tally()
    passed = verdict_that(is_spam=False)
    lost, missed = (
        a_submission(seed=seed, folder=folder, verdict=passed)
        for seed, folder in enumerate([Folder.INBOX, Folder.SPAM])
    )
    tally.count(lost, Verdict((words,), 5.0), is_marked=False)
    tally.count(missed, passed, is_marked=True)

    report.print_tables("contact", tally, rules="rules.toml")

    shown = capsys.readouterr().out
    assert "[contact] 2 submissions of 2026-11-23 to 2026-11-23, judged again by rules.t" in shown
    assert "1 are in the spam folder. You have judged 1 of all by a move" in shown
    assert row(shown, "Real messages lost") == ["0", "1"]
    assert row(shown, "Spam missed") == ["1", "1"]
    assert row(shown, "Precision") == ["none", "0.0", "%"]
    assert row(shown, "blocked_words") == ["0,", "0.0", "%", "1,", "100.0", "%", "6.0"]
    assert row(shown, reference(lost.id))[-2:] == ["blocked_words", "6.0"]
    assert "casino" not in shown


def row(shown: str, begin: str) -> list[str]:
    """Return the words of the one line that begins so, without its beginning."""
    [line] = [line for line in shown.splitlines() if line.startswith(begin)]
    return line.removeprefix(begin).split()


def test_nothing_to_judge_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    report.print_tables("contact", Tally(), rules="rules.toml")

    assert capsys.readouterr().out == "[contact] has nothing to judge.\n"


def test_programs_get_everything() -> None:
    document: dict[str, Any] = json.loads(report.as_json("contact", counted(*SEVERAL)))

    lost = a_submission(minutes=6, seed=6)
    assert document["lost"][0] == {
        "id": lost.id,
        "reference": reference(lost.id),
        "received_at": "2026-11-23T12:06:00.000Z",
        "points": 10.0,
        "signals": [{"check": "honeypot", "points": 10.0, "reason": "_gotcha was filled in"}],
    }
    assert len(document.pop("lost")) == 2
    assert document == {
        "form": "contact",
        "judged": 10,
        "marked": 1,
        "first_received_at": "2026-11-23T12:00:00.000Z",
        "last_received_at": "2026-11-23T12:09:00.000Z",
        "before": {
            "caught": 3,
            "missed": 1,
            "kept": 5,
            "lost": 1,
            "precision": 0.75,
            "recall": 0.75,
        },
        "after": {
            "caught": 4,
            "missed": 0,
            "kept": 4,
            "lost": 2,
            "precision": 4 / 6,
            "recall": 1.0,
        },
        "moves": {"to_spam": 3, "to_inbox": 1},
        "checks": [{"check": "honeypot", "in_spam": 4, "in_real": 2, "mean_points": 10.0}],
    }
