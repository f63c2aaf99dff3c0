"""``python -m ops doctor --url``: any running Formpost, e.g. the one of ``make run``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.deploy.servers import local_api

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return the settings of a machine with data of its own."""
    return {
        **os.environ,
        "FORMPOST_DATA_DIR": str(tmp_path / "data"),
        # This machine may be busier than DynamoDB.
        "FORMPOST_STORE_TIMEOUT_SECONDS": "10",
    }


def test_a_formpost_on_this_machine_is_healthy(environment: dict[str, str]) -> None:
    with local_api(".", environment) as url:
        done = subprocess.run(
            [sys.executable, "-m", "ops", "doctor", "--url", url, "--json"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    findings = json.loads(done.stdout)
    assert [finding for finding in findings if not finding["healthy"]] == []
    assert findings[-1]["seen"] == "arrived, and was removed again"
    assert done.returncode == 0


def test_without_a_stage_or_an_address_it_says_what_to_name() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ops", "doctor"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "Name a --stage, a --url, or both." in done.stderr


def test_where_nothing_answers_each_finding_says_why_and_what_to_do(
    environment: dict[str, str],
) -> None:
    # Source: RFC 6335, 6: port 0 is reserved, so that nothing can listen there.
    done = subprocess.run(
        [sys.executable, "-m", "ops", "doctor", "--url", "http://localhost:0", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    found = [(each["seen"], each["advice"]) for each in json.loads(done.stdout)]
    advice = "Check the address, and that the API runs."
    assert found == [(f"GET /health: {found[1][0]}", advice), (found[1][0], advice)]
    assert "urlopen" not in done.stdout
    assert done.returncode == 1
