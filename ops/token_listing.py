"""How owner tokens look in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from chalicelib.tokens import expiry
from ops import stage as stages
from ops.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.tokens import Token


def print_table(tokens: Sequence[Token], now: datetime, stage: str | None) -> None:
    """Print one line for each token, oldest first."""
    console = Console(highlight=False)
    if not tokens:
        command = stages.command("tokens create NAME", stage)
        console.print(f"No tokens. {command} makes one.", soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("Id", "Name", "Scope", "Made", "Ends"):
        table.add_column(title, no_wrap=title != "Name")
    for token in tokens:
        cells = (
            token.id,
            one_line(token.name),
            token.scope.value,
            f"{token.created_at.astimezone():%Y-%m-%d}",
            _end(token, now),
        )
        table.add_row(*map(Text, cells))
    console.print(table)


def _end(token: Token, now: datetime) -> str:
    ends_at = expiry(token)
    if ends_at is None:
        return "never"
    day = f"{ends_at.astimezone():%Y-%m-%d}"
    return f"ended {day}" if token.has_expired(now) else day
