"""What campaigns found, in words and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.verdict import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.faults import campaign, container_kills, load, local_kills
    from tests.faults.faults import Fault
    from tests.faults.line import Answers


def of_campaign(result: campaign.Result) -> str:
    """Return the counts and the verdict."""
    lines = [
        f"visitors  {_counted(result.sent)}",
        *(_faults(name, drawn) for name, drawn in result.faults.items()),
        *_answers(result.answers),
        f"table     {result.stored:,} submissions: {in_words(result.kept)}",
        f"owner     told {result.posts:,} times: {in_words(result.told)}",
        f"functions {result.invocations:,} runs of relay and deliver, {result.failures:,} failed",
        f"given up  by relay {result.given_up:,}; dead letters moved back {result.dead_letters:,}",
        f"time      {result.seconds:,.0f} s, and {result.skipped_seconds / 3600:.1f} h skipped",
        *result.examples,
        verdict(result.losses),
    ]
    return "\n".join(lines)


def of_local_kills(result: local_kills.Result) -> str:
    """Return the counts and the verdict."""
    return "\n".join(
        [
            f"killed    {result.kills:,} times, {result.while_starting:,} of them before it served",
            f"visitors  {result.visitors:,}",
            *_answers(result.answers),
            f"table     {result.stored:,} submissions: {in_words(result.kept)}",
            f"owner     told {result.posts:,} times: {in_words(result.told)}",
            f"time      {result.seconds:,.0f} s",
            *result.examples,
            verdict(result.losses),
        ]
    )


def of_container_kills(result: container_kills.Result) -> str:
    """Return the counts and the verdict."""
    return "\n".join(
        [
            f"killed    {result.kills:,} containers between table and answer",
            f"visitors  {result.visitors:,}",
            *_answers(result.answers),
            f"table     {result.stored:,} submissions: {in_words(result.kept)}",
            f"time      {result.seconds:,.0f} s",
            *result.examples,
            verdict(result.losses),
        ]
    )


def of_load(result: load.Result) -> str:
    """Return the distributions and the verdict."""
    rate = len(result.waits_seconds) / result.seconds
    return "\n".join(
        [
            f"load      {result.in_flight:,} posts in flight, {result.containers} containers",
            f"rate      {rate:,.0f} answers/s",
            f"visitor   {_distribution(result.waits_seconds)}",
            f"container {_distribution(result.container_seconds)}",
            *_answers(result.answers),
            f"table     {result.stored:,} submissions: {in_words(result.kept)}",
            *result.examples,
            verdict(result.losses),
        ]
    )


def verdict(losses: int) -> str:
    """Return the last line of every campaign."""
    return f"{losses:,} LOSSES" if losses else "nothing is lost"


def _answers(answers: Answers) -> list[str]:
    statuses = _counted({str(status): count for status, count in answers.by_status.items()})
    return [
        f"answers   {statuses}; cut off {answers.cut_off:,}",
        f"faults    5xx but 503 {answers.faults}, without CORS or request id {answers.bare}",
    ]


def _distribution(seconds: Sequence[float]) -> str:
    """Return some percentiles of what is sorted."""
    shown = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    at = {name: seconds[int(share * len(seconds))] for name, share in shown.items()}
    return ", ".join(
        f"{name} {value * 1000:,.0f} ms" for name, value in {**at, "max": seconds[-1]}.items()
    )


def _faults(name: str, drawn: Mapping[Fault | None, int]) -> str:
    requests = sum(drawn.values())
    met = {str(fault): count for fault, count in drawn.items() if fault is not None}
    share = sum(met.values()) / requests if requests else 0
    return f"{name:<9} {requests:,} requests, {share:.1%} met a fault: {_counted(met)}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
