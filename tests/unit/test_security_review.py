"""docs/security.md names tests that are there, and leaves nothing out that it should look at.

What docs/reliability.md found has tests, too.
"""

from __future__ import annotations

import ast
import re

import pytest

from chalicelib.config import PROJECT_DIR

REVIEW = (PROJECT_DIR / "docs" / "security.md").read_text("utf-8")
RELIABILITY = (PROJECT_DIR / "docs" / "reliability.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", REVIEW + RELIABILITY)))
TOPICS = (
    *("open relay", "ssrf", "redirect", "rebinding", "ipv6 forms", "decimal", "open redirect"),
    *("csv", "mail headers", "http headers", "stored xss in the inbox page"),
    *("stored xss in a mail", "guessing tokens", "timing", "cursor", "mass assignment"),
    *("control fields", "request smuggling", "denial of wallet", "content-security-policy"),
    *("nosniff", "hsts", "referrer-policy"),
)


def functions_of(path: str) -> set[str]:
    """Return every test of a file, of its classes too, and those that it takes from another."""
    tree = ast.parse((PROJECT_DIR / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_every_test_that_is_named_is_there(path: str, name: str) -> None:
    assert name in functions_of(path)


def test_every_line_of_every_table_names_a_test_or_a_figure() -> None:
    rows = re.findall(r"(?m)^\| (?!---|Risk|Attack|Where|Request)(.+) \|$", REVIEW)

    assert len(rows) > 60
    assert [row for row in rows if "::" not in row and not row.rstrip()[-1].isdigit()] == []


def test_everything_that_was_found_names_its_test() -> None:
    rows = re.findall(r"(?m)^\| (?:faults|fuzz|hypothesis|review) \|.+$", RELIABILITY)

    assert len(rows) > 8
    assert [row for row in rows if "::" not in row] == []


@pytest.mark.parametrize("number", range(1, 11))
def test_every_risk_of_owasp_s_list_has_its_line(number: int) -> None:
    """https://owasp.org/API-Security/editions/2023/en/0x11-t10/."""
    assert len(re.findall(rf"(?m)^\| API{number} ", REVIEW)) == 1


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_its_place(topic: str) -> None:
    assert topic in REVIEW.lower()


def test_security_md_leads_there() -> None:
    assert "(docs/security.md)" in (PROJECT_DIR / "SECURITY.md").read_text("utf-8")
