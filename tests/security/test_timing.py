"""Nothing that a stranger can time tells a near miss from a far one."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chalicelib.config import PROJECT_DIR
from tests.functional.owner import owner
from tests.inbox_fakes import a_token
from tests.security.meter import billed

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is secret, or proves that somebody knows one.
SECRETS = {"secret_hash", "fingerprint", "signature", "secret", "bearer", "token_hash"}


def compared(tree: ast.AST) -> Iterator[str]:
    """Yield every name and key of what stands on either side of == or !=."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(
            isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops
        ):
            for side in (node.left, *node.comparators):
                for part in ast.walk(side):
                    if isinstance(part, ast.Attribute):
                        yield part.attr
                    elif isinstance(part, ast.Name):
                        yield part.id
                    elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


def test_no_secret_is_compared_byte_by_byte() -> None:
    """``==`` ends at the first byte that differs; ``compare_digest`` does not."""
    found = {
        path.name: names
        for path in (PROJECT_DIR / "chalicelib").rglob("*.py")
        if (names := SECRETS & set(compared(ast.parse(path.read_text("utf-8")))))
    }

    assert found == {}


def test_a_token_that_is_known_and_one_that_is_not_are_refused_at_the_same_price() -> None:
    """Both are looked up by one request and counted by another, and answered alike."""
    with owner() as it:
        known, unknown = it.text[:-4] + "aaaa", a_token()[1]
        bills = []
        for text in (known, unknown):
            it.forget_failures()
            with billed(it) as bill:
                answer = it.ask("GET", "/forms", authorization=f"Bearer {text}")
            bills.append((answer.status, bill.requests, bill.writes))

    assert bills == [(401, 2, 1)] * 2
