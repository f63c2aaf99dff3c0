"""Many posts at once against the packaged app: each is answered, and stored once."""

from __future__ import annotations

import sys

import pytest

from tests.faults import load
from tests.faults.report import of_load


@pytest.mark.skipif(sys.platform != "linux", reason="AWS's runtime client runs on Linux only")
def test_no_post_is_lost_while_a_hundred_are_in_flight() -> None:
    result = load.run(posts=200, in_flight=100, containers=3, seed=8)

    assert result.losses == 0, of_load(result)
    assert result.in_flight == 100
    assert len(result.container_seconds) == len(result.waits_seconds) == 200
    assert result.waits_seconds[-1] >= result.container_seconds[-1]
