"""``python -m ops spam replay``: rules are tried on what is stored, and nothing is changed."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.model import Folder, Signal, Verdict, reference
from tests.builders import a_submission
from tests.functional.local.running import DEADLINE_SECONDS, PROJECT_DIR, ops
from tests.functional.local.stored import Stored, forms_file

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.model import Submission

CAUGHT = Signal("honeypot", 10.0, "_gotcha was filled in")
WEAK = Signal("proof_of_work", 2.0, "no proof of work came along")
TEXT = {"message": "Could you send me your price list for next year, please?"}


def received(number: int, folder: Folder, *signals: Signal) -> Submission:
    return a_submission(
        minutes=number,
        seed=number,
        folder=folder,
        fields=TEXT,
        verdict=Verdict(signals, 5.0),
    )


# What was caught, what was not, what was caught wrongly and moved, and what is real.
SUBMISSIONS = [
    received(0, Folder.SPAM, CAUGHT),
    received(1, Folder.SPAM, WEAK),
    received(2, Folder.INBOX, CAUGHT),
    received(3, Folder.ARCHIVE, WEAK),
    received(4, Folder.INBOX),
]


@pytest.fixture
def filled(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Return the environment of a form with several submissions, in two shards."""
    forms = forms_file(tmp_path, "[contact]\nshards = 2\n[news]\n")
    environment = {**environment, "FORMPOST_FORMS": forms}
    Stored(environment).add(*SUBMISSIONS)
    return environment


def replay(*options: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return ops("spam", "replay", "--form", "contact", *options, environment=environment)


def found(*options: str, environment: dict[str, str]) -> Any:
    return json.loads(replay("--json", *options, environment=environment).stdout)


def rules(folder: Path, text: str) -> str:
    file = folder / "rules.toml"
    file.write_text(text, "utf-8")
    return str(file)


def test_rules_of_a_file_are_tried(filled: dict[str, str], tmp_path: Path) -> None:
    stricter = rules(tmp_path, "threshold = 5\nweights = { proof_of_work = 3 }\n")

    document = found("--weights", stricter, environment=filled)

    assert document["judged"] == 5
    assert document["before"] == {
        "caught": 1,
        "missed": 1,
        "kept": 2,
        "lost": 1,
        "precision": 0.5,
        "recall": 0.5,
    }
    assert document["after"] == {
        "caught": 2,
        "missed": 0,
        "kept": 1,
        "lost": 2,
        "precision": 0.5,
        "recall": 1.0,
    }
    assert document["moves"] == {"to_spam": 2, "to_inbox": 0}
    assert [each["id"] for each in document["lost"]] == [SUBMISSIONS[3].id, SUBMISSIONS[2].id]


def test_without_a_file_the_rules_of_forms_toml_are_tried(
    filled: dict[str, str], tmp_path: Path
) -> None:
    forms = forms_file(tmp_path, "[contact]\nshards = 2\n[contact.spam]\nthreshold = 11\n")

    document = found(environment={**filled, "FORMPOST_FORMS": forms})

    assert document["after"]["caught"] == document["after"]["lost"] == 0
    assert document["moves"] == {"to_spam": 0, "to_inbox": 2}


def test_nothing_is_changed(filled: dict[str, str]) -> None:
    before = Stored(filled).items()

    replay(environment=filled)

    assert Stored(filled).items() == before


def filed(number: int, folder: Folder, message: str) -> Submission:
    return a_submission(
        minutes=number, seed=number, folder=folder, fields={"message": message}, verdict=NOT_SPAM
    )


NOT_SPAM = Verdict((), 5.0)
OFFER, QUESTION = "Parking garages for your town hall", "Do you repair steam engines?"
# Forty of them are filed in turn; then comes one of either kind that nobody has touched.
FILED = [
    filed(number, *((Folder.SPAM, OFFER) if number % 2 else (Folder.ARCHIVE, QUESTION)))
    for number in range(40)
]
NEW = [filed(50, Folder.INBOX, OFFER), filed(51, Folder.INBOX, QUESTION)]


def signals_of_learned(environment: dict[str, str], *options: str) -> Any:
    document = found(*options, environment=environment)
    checks = {each["check"]: each for each in document["checks"]}
    return checks.get("learned", {"in_spam": 0, "in_real": 0})


def test_each_is_judged_knowing_what_was_marked_before_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """All but the first few, of which nothing was known."""
    environment = {**environment, "FORMPOST_FORMS": forms_file(tmp_path, "[contact]\n")}
    stored = Stored(environment)
    stored.add(*FILED, *NEW)

    unmarked = signals_of_learned(environment)
    stored.mark(*FILED)
    marked = found(environment=environment)
    learned = signals_of_learned(environment)
    newest = signals_of_learned(environment, "--since", "2026-11-23T12:50:00Z")
    off = rules(tmp_path, "weights = { learned = 0 }")

    assert unmarked == {"in_spam": 0, "in_real": 0}
    assert marked["marked"] == 40
    assert 15 <= learned["in_spam"] < 20
    assert 16 <= learned["in_real"] < 22
    # Also where only the last are counted, the marks before them have taught.
    assert newest["in_real"] == 2
    assert signals_of_learned(environment, "--weights", off) == {"in_spam": 0, "in_real": 0}


def test_what_came_before_a_day_is_not_counted(filled: dict[str, str]) -> None:
    document = found("--since", "2026-11-23T12:02:00Z", environment=filled)

    assert document["judged"] == 3
    assert document["first_received_at"] == "2026-11-23T12:02:00.000Z"


def test_people_are_shown_tables(filled: dict[str, str]) -> None:
    run = replay(environment=filled)

    assert run.returncode == 0
    assert run.stderr == ""
    assert "[contact] 5 submissions" in run.stdout
    assert "Precision" in run.stdout
    assert reference(SUBMISSIONS[2].id) in run.stdout
    assert "price list" not in run.stdout


def test_who_watches_a_terminal_sees_how_far_it_is(filled: dict[str, str]) -> None:
    watching, watched = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "ops", "spam", "replay", "--form", "contact"],
            cwd=PROJECT_DIR,
            env={**os.environ, **filled, "TERM": "xterm", "COLUMNS": "200"},
            stdout=subprocess.DEVNULL,
            stderr=watched,
            timeout=DEADLINE_SECONDS,
            check=True,
        )
        seen = os.read(watching, 100_000).decode()
    finally:
        os.close(watching)
        os.close(watched)

    assert "Judging" in seen
    # A bar, drawn in full at the end.
    assert "━━━" in seen


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("threshold = 0", "rules.toml threshold = 0: allowed is a number of points from 0.5"),
        ("[contact.spam]\nthreshold = 5", "rules.toml contact: is not a key; allowed: threshold"),
        ("threshold = ", "rules.toml cannot be read as TOML:"),
    ],
)
def test_a_mistake_in_the_file_is_told(
    filled: dict[str, str], tmp_path: Path, text: str, words: str
) -> None:
    run = replay("--weights", rules(tmp_path, text), environment=filled)

    assert run.returncode == 1
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_a_form_or_a_file_that_is_not_there_is_told(filled: dict[str, str]) -> None:
    missing = ops("spam", "replay", "--form", "orders", environment=filled)
    no_file = replay("--weights", "nowhere.toml", environment=filled)

    assert (missing.returncode, no_file.returncode) == (2, 2)
    assert 'There is no form "orders"; forms.toml has: contact, news.' in missing.stderr
    assert "nowhere.toml" in no_file.stderr


def test_a_form_without_submissions_has_nothing_to_judge(filled: dict[str, str]) -> None:
    run = ops("spam", "replay", "--form", "news", environment=filled)

    assert (run.returncode, run.stdout) == (0, "[news] has nothing to judge.\n")
