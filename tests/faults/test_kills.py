"""The process is killed where it stands, a few times: what was acknowledged is there, once."""

from __future__ import annotations

import secrets
import sys

import pytest

from tests.faults import container_kills, local_kills
from tests.faults.report import of_container_kills, of_local_kills


def test_the_local_system_is_killed_under_load() -> None:
    result = local_kills.run(kills=3, seed=secrets.randbelow(1_000_000))

    assert result.losses == 0, of_local_kills(result)
    assert result.kills == 3
    assert result.stored > 0


@pytest.mark.skipif(sys.platform != "linux", reason="AWS's runtime client runs on Linux only")
def test_the_packaged_app_is_killed_between_the_table_and_the_answer() -> None:
    result = container_kills.run(kills=4, seed=secrets.randbelow(1_000_000))

    assert result.losses == 0, of_container_kills(result)
    assert result.kills == 4
    # Every visitor met a kill, so that every one was answered by another container.
    assert result.stored == result.visitors
    assert result.answers.cut_off >= 4
    assert result.answers.by_status[201] == 0
