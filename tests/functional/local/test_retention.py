"""``python -m ops submissions retention``: what is stored, kept for as long as its form says."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.delivery import Delivery
from chalicelib.model import new_submission_id
from tests.builders import a_submission
from tests.functional.local.running import ops
from tests.functional.local.stored import Stored, answered, forms_file

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from chalicelib.model import Submission

NOW = datetime.now(UTC).replace(microsecond=0)


def received(*, days_ago: int, seed: int, expires_at: int | None = None) -> Submission:
    at = NOW - timedelta(days=days_ago)
    submission_id = new_submission_id(at, seed.to_bytes(10))
    return a_submission(id=submission_id, received_at=at, expires_at=expires_at)


def kept_for(days: int | None, environment: dict[str, str], folder: Path) -> dict[str, str]:
    """Return the environment with a form that keeps submissions for so long."""
    rule = "" if days is None else f"retention_days = {days}\n"
    forms = forms_file(folder, f"[contact]\nshards = 3\n{rule}[news]\nretention_days = 1\n")
    return {**environment, "FORMPOST_FORMS": forms}


def apply(*options: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return ops("submissions", "retention", "--form", "contact", *options, environment=environment)


def ends(stored: Stored) -> Counter[int | None]:
    """Return how many submissions and deliveries end so many days from now."""
    return Counter(
        round(int(item["expires_at"]["N"]) - NOW.timestamp()) // 86_400
        if "expires_at" in item
        else None
        for item in stored.items()
        if item["pk"]["S"].startswith(("FORM#", "SUB#"))
    )


@pytest.fixture
def forever(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return kept_for(None, environment, tmp_path)


def fill(environment: dict[str, str]) -> Stored:
    """Store what came 1, 10 and 40 days ago, the second with a delivery, to be kept for good."""
    stored = Stored(environment)
    several = [received(days_ago=days, seed=days) for days in (1, 10, 40)]
    other_form = a_submission(form="news", seed=7)
    stored.add(*several, other_form, deliveries=(Delivery("contact", several[1].id, "email"),))
    return stored


def test_a_new_rule_is_for_old_submissions_and_their_deliveries(
    forever: dict[str, str], tmp_path: Path
) -> None:
    stored = fill(forever)
    environment = kept_for(50, forever, tmp_path)

    first = apply(environment=environment)
    again = apply(environment=environment)

    assert first.stdout == ("[contact] keeps submissions for 50 days. To change: 3.\nChanged 3.\n")
    assert again.stdout == "[contact] keeps submissions for 50 days. All are kept so.\n"
    # The form news is as it was.
    assert ends(stored) == {49: 1, 40: 2, 10: 1, None: 1}


def test_a_rule_that_is_taken_back_keeps_for_good(forever: dict[str, str], tmp_path: Path) -> None:
    stored = fill(forever)
    apply(environment=kept_for(50, forever, tmp_path))

    back = apply(environment=kept_for(None, forever, tmp_path))

    assert back.stdout == (
        "[contact] keeps submissions until you delete them. To change: 3.\nChanged 3.\n"
    )
    assert ends(stored) == {None: 5}


def test_what_would_be_gone_at_once_is_asked_about(forever: dict[str, str], tmp_path: Path) -> None:
    stored = fill(forever)
    environment = kept_for(5, forever, tmp_path)
    command = ("submissions", "retention", "--form", "contact")

    refused = answered(*command, answer="yes", environment=environment)
    untouched = ends(stored)
    done = answered(*command, answer="contact", environment=environment)

    words = (
        "[contact] keeps submissions for 5 days. "
        "To change: 3; 2 of them are older, and gone at once.\n"
    )
    assert refused.returncode == 1
    assert refused.stdout.startswith(words)
    assert untouched == {None: 5}
    assert done.returncode == 0
    listed = ops("submissions", "export", "--form", "contact", environment=environment).stdout
    # The head of the table, and the one that came yesterday.
    assert len(listed.splitlines()) == 2


def test_a_dry_run_changes_nothing(forever: dict[str, str], tmp_path: Path) -> None:
    stored = fill(forever)
    before = stored.items()

    dry = apply("--dry-run", environment=kept_for(5, forever, tmp_path))

    assert "To change: 3; 2 of them are older" in dry.stdout
    assert stored.items() == before


def test_what_has_ended_does_not_come_back(forever: dict[str, str], tmp_path: Path) -> None:
    """TTL deletes it within days, and meanwhile it was promised to be gone."""
    stored = Stored(forever)
    stored.add(received(days_ago=40, seed=1, expires_at=int(NOW.timestamp()) - 60))

    applied = apply("--yes", environment=kept_for(100, forever, tmp_path))

    assert applied.stdout == "[contact] keeps submissions for 100 days. All are kept so.\n"
    assert ends(stored) == {-1: 1}


def test_an_unknown_form_is_answered_with_the_known_ones(forever: dict[str, str]) -> None:
    unknown = ops("submissions", "retention", "--form", "jobs", environment=forever)

    assert unknown.returncode == 2
    assert "forms.toml has: contact, news" in unknown.stderr
