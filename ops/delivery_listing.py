"""How deliveries look in the terminal: lines for people, JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from chalicelib.model import reference, timestamp
from ops.terminal import escaped_json, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.delivery import Attempt, Delivery


def as_json(deliveries: Iterable[Delivery]) -> str:
    """Return a JSON array of everything that is kept of each delivery."""
    objects = [_object(delivery) for delivery in deliveries]
    return escaped_json(json.dumps(objects, indent=2, ensure_ascii=False))


def print_undelivered(deliveries: Iterable[Delivery]) -> None:
    """Print each delivery that is not delivered, and below it what happened last."""
    console = Console(highlight=False)
    is_empty = True
    for delivery in deliveries:
        is_empty = False
        console.print(_heading(delivery), soft_wrap=True)
        words = delivery.last_word.outcome if delivery.last_word else "Not tried yet."
        console.print(Text(f"     {one_line(words)}"), soft_wrap=True)
    if is_empty:
        console.print("Everything is delivered.")


def print_attempts(deliveries: Iterable[Delivery]) -> None:
    """Print every attempt of each delivery."""
    console = Console(highlight=False)
    for delivery in deliveries:
        console.print(_heading(delivery), soft_wrap=True)
        for number, attempt in enumerate(delivery.attempts, start=1):
            console.print(Text(_line(number, attempt)), soft_wrap=True)
        if delivery.feedback:
            told = delivery.feedback
            console.print(Text(f"     {_local(told.at)}  {one_line(told.outcome)}"), soft_wrap=True)


def _heading(delivery: Delivery) -> Text:
    """Return e.g. ``8F3K-2M9Q  contact  webhook: pending, 2 tries, next 2026-11-23 13:28:46``."""
    tries = len(delivery.attempts)
    told = f"{delivery.state}, 1 try" if tries == 1 else f"{delivery.state}, {tries} tries"
    if delivery.next_try_at:
        told += f", next {_local(delivery.next_try_at)}"
    return Text.assemble(
        f"{reference(delivery.submission_id)}  {delivery.form}  ",
        (f"{delivery.target}: {told}", "bold"),
    )


def _line(number: int, attempt: Attempt) -> str:
    line = (
        f"{number:>3}. {_local(attempt.at)}  {one_line(attempt.outcome)}"
        f" ({attempt.duration_ms:,} ms)"
    )
    return line + (f"; next try {_local(attempt.next_try_at)}" if attempt.next_try_at else "")


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def _object(delivery: Delivery) -> dict[str, Any]:
    feedback = delivery.feedback
    return {
        "submission": delivery.submission_id,
        "reference": reference(delivery.submission_id),
        "form": delivery.form,
        "target": delivery.target,
        "state": delivery.state.value,
        "attempts": [
            {
                "at": timestamp(attempt.at),
                "outcome": attempt.outcome,
                "status": attempt.status,
                "duration_ms": attempt.duration_ms,
                "next_try_at": _stamp(attempt.next_try_at),
            }
            for attempt in delivery.attempts
        ],
        "feedback": {"at": timestamp(feedback.at), "outcome": feedback.outcome}
        if feedback
        else None,
    }


def _stamp(moment: datetime | None) -> str | None:
    return timestamp(moment) if moment else None
