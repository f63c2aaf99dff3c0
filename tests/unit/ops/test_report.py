"""The doctor's report in the terminal."""

from __future__ import annotations

import io
import json

from rich.console import Console

from ops.examining import report
from ops.examining.finding import Finding

HEALTHY = Finding("Table", healthy=True, seen="as it should be", advice="Nothing to see.")
ILL = Finding("CORS on 404", healthy=False, seen="403, none", advice="Deploy again.")


def shown(*findings: Finding) -> tuple[bool, list[str]]:
    console = Console(file=io.StringIO(), width=20)
    with console.capture() as text:
        healthy = report.show(findings, console)
    return healthy, text.get().splitlines()


def test_advice_is_given_where_it_is_needed_only() -> None:
    healthy, lines = shown(HEALTHY, ILL)

    assert not healthy
    assert lines == ["✓ Table: as it should be", "✗ CORS on 404: 403, none", "  Deploy again."]


def test_without_a_complaint_all_is_well() -> None:
    assert shown(HEALTHY)[0]


def test_what_a_server_says_cannot_talk_to_the_terminal() -> None:
    _, lines = shown(ILL._replace(seen="\x1b[2J[red]gone[/]"))

    assert lines[0] == "✗ CORS on 404: ␛[2J[red]gone[/]"


def test_as_json_each_finding_has_every_part() -> None:
    assert json.loads(report.as_json([ILL])) == [
        {"check": "CORS on 404", "healthy": False, "seen": "403, none", "advice": "Deploy again."}
    ]
