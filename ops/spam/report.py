"""What a replay found: tables for people, JSON for programs.

Of a visitor's words nothing is shown to people: a reason may quote them, so a message is
named by its reference and its checks. JSON has the reasons as well, with the ids.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from chalicelib.model import reference, timestamp
from ops.terminal import escaped_json, one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ops.spam.tally import Lost, Outcomes, Tally

# As many as one sees at a glance; the rest is counted.
_MAX_LOST_SHOWN = 20


def as_json(form_id: str, tally: Tally) -> str:
    """Return everything that was counted."""
    document = {
        "form": form_id,
        "judged": tally.judged,
        "marked": tally.marked,
        "first_received_at": _timestamp(tally.first),
        "last_received_at": _timestamp(tally.last),
        "before": _outcomes(tally.before),
        "after": _outcomes(tally.after),
        "moves": {"to_spam": tally.to_spam, "to_inbox": tally.to_inbox},
        "checks": [
            {
                "check": check,
                "in_spam": spoken.in_spam,
                "in_real": spoken.in_real,
                "mean_points": round(spoken.mean_points, 2),
            }
            for check, spoken in sorted(tally.spoken.items())
        ],
        "lost": [_lost(each) for each in reversed(tally.lost)],
    }
    return escaped_json(json.dumps(document, indent=2, ensure_ascii=False))


def print_tables(form_id: str, tally: Tally, *, rules: str) -> None:
    """Print what was counted.

    Args:
        form_id: of the form.
        tally: of its submissions.
        rules: where those are written that were tried.
    """
    console = Console(highlight=False)
    if tally.first is None or tally.last is None:
        console.print(f"[{form_id}] has nothing to judge.", markup=False)
        return
    days = f"{tally.first.astimezone():%Y-%m-%d} to {tally.last.astimezone():%Y-%m-%d}"
    console.print(
        Text(
            f"[{form_id}] {_counted(tally.judged)} of {days}, judged again by {one_line(rules)}.\n"
            f"{tally.spam:,} are in the spam folder. You have judged {tally.marked:,} of all by a "
            "move; the others count as what their folder says.\n"
        ),
        soft_wrap=True,
    )
    console.print(_outcomes_table(tally.before, tally.after))
    console.print(
        f"\nOf these, {tally.to_spam:,} went to the inbox then and would go to spam, and "
        f"{tally.to_inbox:,} the other way. Nothing is moved.\n",
        soft_wrap=True,
    )
    if tally.spoken:
        console.print(_checks_table(tally))
    if tally.lost:
        console.print("\nReal messages that would be in the spam folder, newest first:\n")
        console.print(_lost_table(tally))
    if tally.after.lost > _MAX_LOST_SHOWN:
        console.print(f"and {tally.after.lost - _MAX_LOST_SHOWN:,} more; --json lists them.")


def _outcomes_table(before: Outcomes, after: Outcomes) -> Table:
    table = _table("", "As judged then", "With these rules")
    rows: list[tuple[str, Callable[[Outcomes], str]]] = [
        ("Spam caught", lambda each: f"{each.caught:,}"),
        ("Spam missed", lambda each: f"{each.missed:,}"),
        ("Real messages kept", lambda each: f"{each.kept:,}"),
        ("Real messages lost", lambda each: f"{each.lost:,}"),
        ("Precision", lambda each: _percent(each.precision)),
        ("Recall", lambda each: _percent(each.recall)),
    ]
    for title, cell in rows:
        table.add_row(title, cell(before), cell(after))
    return table


def _checks_table(tally: Tally) -> Table:
    real = tally.judged - tally.spam
    table = _table("Check", "In spam", "In real mail", "Points on average")
    for check, spoken in sorted(tally.spoken.items()):
        table.add_row(
            one_line(check),
            _of(spoken.in_spam, tally.spam),
            _of(spoken.in_real, real),
            f"{spoken.mean_points:.1f}",
        )
    return table


def _lost_table(tally: Tally) -> Table:
    table = _table("Reference", "Received", "Points", "Signals")
    table.columns[1].justify = table.columns[3].justify = "left"
    table.columns[3].no_wrap = False
    for lost in list(reversed(tally.lost))[:_MAX_LOST_SHOWN]:
        signals = (f"{signal.check} {signal.points:.1f}" for signal in lost.verdict.signals)
        table.add_row(
            reference(lost.submission_id),
            f"{lost.received_at.astimezone():%Y-%m-%d %H:%M}",
            f"{lost.verdict.points:.1f}",
            Text(one_line(", ".join(signals))),
        )
    return table


def _table(first: str, *numbers: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(first, no_wrap=True)
    for title in numbers:
        table.add_column(title, justify="right", no_wrap=True)
    return table


def _outcomes(outcomes: Outcomes) -> dict[str, Any]:
    return {
        "caught": outcomes.caught,
        "missed": outcomes.missed,
        "kept": outcomes.kept,
        "lost": outcomes.lost,
        "precision": outcomes.precision,
        "recall": outcomes.recall,
    }


def _lost(lost: Lost) -> dict[str, Any]:
    return {
        "id": lost.submission_id,
        "reference": reference(lost.submission_id),
        "received_at": timestamp(lost.received_at),
        "points": round(lost.verdict.points, 2),
        "signals": [signal._asdict() for signal in lost.verdict.signals],
    }


def _timestamp(moment: datetime | None) -> str | None:
    return timestamp(moment) if moment else None


def _counted(count: int) -> str:
    return "1 submission" if count == 1 else f"{count:,} submissions"


def _of(part: int, whole: int) -> str:
    """Return e.g. ``120, 34.3 %``."""
    return f"{part:,}, {_percent(part / whole)}" if whole else "0"


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.1f} %"
