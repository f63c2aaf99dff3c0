"""The import budget: what a cold start and the first post import, by name and not by time.

imports.txt is the budget. Each module in it costs every cold start, so one that joins has
to be needed by every submission.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bench.submitting.rounds import an_event
from bench.submitting.store import Store
from tests.packaged.function import LAMBDA_ENVIRONMENT, PYTHON

if TYPE_CHECKING:
    from tests.packaged.template import Template

SCRIPT = Path(__file__).with_name("import_submit.py")
BUDGET_FILE = Path(__file__).with_name("imports.txt")
ADVICE = (
    "Each cold start pays for it. Import it inside the function that needs it or, if every "
    f"submission does, add it to tests/packaged/{BUDGET_FILE.name}."
)


def budget() -> dict[str, set[str]]:
    """Return the modules of each group."""
    groups: dict[str, set[str]] = {}
    for line in BUDGET_FILE.read_text("utf-8").splitlines():
        if line.startswith("["):
            names = groups.setdefault(line.strip("[]"), set())
        elif line and not line.startswith("#"):
            names.add(line)
    return groups


@pytest.fixture(scope="module")
def started(task_root: Path, template: Template) -> dict[str, Any]:
    with closing(Store(None)) as store:
        run = subprocess.run(
            [*PYTHON, SCRIPT, task_root, json.dumps(an_event(1))],
            cwd=task_root,
            env={
                **LAMBDA_ENVIRONMENT,
                **template.environment,
                "AWS_ENDPOINT_URL_DYNAMODB": store.url,
                "PYTHONPATH": str(task_root),
                "_HANDLER": template.function["Handler"],
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def imported(started: dict[str, Any]) -> dict[str, set[str]]:
    return {group: set(names) for group, names in started["modules"].items()}


@pytest.mark.parametrize("group", ["ours", "libraries", "standard library"])
def test_a_submission_imports_what_the_budget_has(
    imported: dict[str, set[str]], group: str
) -> None:
    if group == "standard library" and sys.version_info[:2] != (3, 11):
        pytest.skip("the standard library's own imports are those of Python 3.11, Lambda's")
    allowed = budget()[group]

    joined, left = imported[group] - allowed, allowed - imported[group]
    assert not joined, f"{', '.join(sorted(joined))} joined the submit path. {ADVICE}"
    assert not left, f"No longer imported, so the budget can shrink: {', '.join(sorted(left))}"


def test_what_the_start_makes_is_not_looked_at_meanwhile(started: dict[str, Any]) -> None:
    """There were 30 collections; some are left for what app.py imports to say so."""
    assert started["start"]["collections"] <= 5


def test_what_the_start_made_is_never_looked_at_again(started: dict[str, Any]) -> None:
    """Garbage is collected, and of some 60,000 objects none has to be looked at for that."""
    assert started["start"]["collects"] is True
    assert started["start"]["frozen"] > 10_000


def test_what_only_others_need_is_not_in_the_budget() -> None:
    """Pages, uploads, notices and the owner's routes have requests of their own."""
    names = {name for group in budget().values() for name in group}

    assert not names & {
        *("boto3", "s3transfer", "jinja2", "markupsafe", "multipart", "defusedcsv"),
        *("standardwebhooks", "multiprocessing"),
        *(f"chalicelib.{name}" for name in ("notify", "notices", "inbox", "pages", "outbound")),
    }
