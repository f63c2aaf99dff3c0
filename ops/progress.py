"""How far a long command has come: a line that moves, for whoever watches, and nothing in a log."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")


def shown(
    things: Iterable[T],
    label: str,
    *,
    total: int | None = None,
    position: Callable[[], int] | None = None,
) -> Iterator[T]:
    """Yield each thing, and show on stderr how many there were.

    Args:
        things: what is worked on, one after the other.
        label: what is done, e.g. ``Exporting``.
        total: how many there will be; None if nobody knows, and then no bar is drawn.
        position: returns how much of the total is done, where that is not their number.
    """
    # A terminal alone can take a line back; a log would have thousands of them.
    if not sys.stderr.isatty():
        yield from things
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    counted = TextColumn("{task.fields[count]:,}")
    bar = [] if total is None else [BarColumn()]
    columns = [TextColumn("{task.description}"), *bar, counted, TimeElapsedColumn()]
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total, count=0)
        for count, thing in enumerate(things, 1):
            yield thing
            progress.update(task, completed=position() if position else count, count=count)
