"""What a page does with a challenge: ALTCHA's library solves it, as its widget does."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import altcha

if TYPE_CHECKING:
    from collections.abc import Mapping


def solved(challenge: Mapping[str, Any], *, start: int = 256) -> dict[str, Any]:
    """Return a challenge with its solution, which is not below ``start``."""
    solution = altcha.solve_challenge(
        altcha.Challenge.from_dict(dict(challenge)), counter_start=start
    )
    assert solution is not None
    return {"challenge": dict(challenge), "solution": solution.to_dict()}


def encoded(payload: Any) -> str:
    """Return it as the field ``altcha`` has it."""
    return base64.b64encode(json.dumps(payload).encode()).decode()
