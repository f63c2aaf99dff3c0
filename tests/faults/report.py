"""What a campaign found, in words and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.verdict import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.faults.campaign import Result
    from tests.faults.faults import Fault


def of_campaign(result: Result) -> str:
    """Return the counts and the verdict."""
    answers = result.answers
    statuses = _counted({str(status): count for status, count in answers.by_status.items()})
    lines = [
        f"visitors  {_counted(result.sent)}",
        *(_faults(name, drawn) for name, drawn in result.faults.items()),
        f"answers   {statuses}",
        f"          5xx but 503 {answers.faults}, without CORS or request id {answers.bare}",
        f"table     {result.stored:,} submissions: {in_words(result.kept)}",
        f"owner     told {result.posts:,} times: {in_words(result.told)}",
        f"functions relay and deliver ran {result.invocations:,} times, {result.failures:,} failed",
        f"letters   {result.dead_letters:,} dead ones, moved back by the owner",
        f"time      {result.seconds:,.0f} s, and {result.skipped_seconds / 3600:.1f} h skipped",
        *result.examples,
        verdict(result.losses),
    ]
    return "\n".join(lines)


def verdict(losses: int) -> str:
    """Return the last line of every campaign."""
    return f"{losses:,} LOSSES" if losses else "nothing is lost"


def _faults(name: str, drawn: Mapping[Fault | None, int]) -> str:
    requests = sum(drawn.values())
    met = {str(fault): count for fault, count in drawn.items() if fault is not None}
    share = sum(met.values()) / requests if requests else 0
    return f"{name:<9} {requests:,} requests, {share:.1%} met a fault: {_counted(met)}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
