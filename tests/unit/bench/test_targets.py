"""Whether a target is met; the limits are those that the project has set itself."""

from __future__ import annotations

from typing import Any

import pytest

from bench.submitting.ratios import Ratio
from bench.submitting.targets import RATIOS, verdicts


def judged(**changes: Any) -> dict[str, dict[str, Any]]:
    """Return the verdicts by target, where everything else is exactly at its limit."""
    measured = {
        (measure, peer): Ratio(changes.get(f"{measure}/{peer.name}", limit), limit, limit)
        for measure, peer, limit in RATIOS
    }
    package = {"zip_bytes": 3_000_000, "file_count": 500, "local_ratio": 1.0}
    found = verdicts(measured, **{**package, **{k: changes[k] for k in package if k in changes}})
    return {each["target"]: each for each in found}


def test_every_target_has_its_limit() -> None:
    assert {name: each["limit"] for name, each in judged().items()} == {
        "cold / raw": 0.70,
        "cold / flask": 0.58,
        "cold / fastapi": 0.42,
        "cold / chalice_as_shipped": 0.35,
        "cold / floor": 3.0,
        "warm / raw": 0.95,
        "warm / flask": 0.75,
        "warm / fastapi": 0.80,
        "peak_rss / raw": 0.85,
        "zip_bytes": 3_000_000,
        "file_count": 500,
        "local keep-alive requests/s / uvicorn + FastAPI": 1.0,
    }


def test_at_the_limit_it_is_met() -> None:
    assert all(each["met"] for each in judged().values())


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"cold/raw": 0.701}, "cold / raw"),
        ({"warm/fastapi": 0.9}, "warm / fastapi"),
        ({"peak_rss/raw": 0.86}, "peak_rss / raw"),
        ({"zip_bytes": 3_000_001}, "zip_bytes"),
        ({"file_count": 501}, "file_count"),
        ({"local_ratio": 0.99}, "local keep-alive requests/s / uvicorn + FastAPI"),
    ],
)
def test_beyond_the_limit_that_one_is_missed(change: dict[str, Any], target: str) -> None:
    missed = [name for name, each in judged(**change).items() if not each["met"]]

    assert missed == [target]
