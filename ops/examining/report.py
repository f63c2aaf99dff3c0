"""Show findings: a line each for people, JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.text import Text

from ops.terminal import escaped_json, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from ops.examining.finding import Finding


def show(findings: Iterable[Finding], console: Console) -> bool:
    """Print each finding as it comes; return whether all are healthy."""
    all_healthy = True
    for finding in findings:
        mark = ("✓", "green") if finding.healthy else ("✗", "red")
        line = Text.assemble(mark, " ", (finding.check, "bold"), f": {one_line(finding.seen)}")
        console.print(line, soft_wrap=True)
        if not finding.healthy:
            all_healthy = False
            console.print(Text(f"  {finding.advice}"), soft_wrap=True)
    return all_healthy


def as_json(findings: Iterable[Finding]) -> str:
    """Return a JSON array."""
    text = json.dumps([finding._asdict() for finding in findings], indent=2, ensure_ascii=False)
    return escaped_json(text)
