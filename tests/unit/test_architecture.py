"""Who may import whom. An arrow that is not drawn here is a mistake in the design."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from chalicelib.config import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Each module imports exactly what stands behind it, and the standard library.
IMPORTS: dict[str, set[str]] = {
    "app": {"answers", "errors", "intake", "owner_routes", "web", "wiring"},
    "wiring": {
        *("captchas", "config", "errors", "forms", "inbox", "intake", "metrics", "notices"),
        *("outbox", "tokens"),
        *("deliveries", "delivery_queue", "https_post", "outbound", "repository", "secret_store"),
        *("half_answers", "lesson_store", "lessons", "owner_store", "token_store"),
    },
    "web": {"answers", "errors", "exchange", "failures", "model", "store_time", "tokens"},
    "answers": {"bodies", "controls", "errors", "intake", "model", "pages", "proofs"},
    "exchange": {"errors", "intake", "origins"},
    "pages": {"controls", "model", "templating", "values"},
    "failures": set(),
    "events": {"delivery"},
    "intake": {
        *("bodies", "claims", "controls", "errors", "model", "origins", "proofs", "reading"),
        *("retention", "spam", "validation", "values"),
    },
    "notices": {"events", "notify", "summary", "values"},
    "notify": {"attempts", "delivery", "errors", "model", "outbox", "retries"},
    "summary": {"delivery", "errors", "mails", "model"},
    "attempts": {"channels", "claims", "errors", "failures", "outbox"},
    "outbox": {"model", "values"},
    "retries": {"delivery"},
    "channels": {"documents", "errors", "excerpts", "mails", "model", "origins", "texts"},
    "mails": {"documents", "model", "templating", "texts", "validation"},
    "templating": set(),
    "documents": {"model", "texts"},
    "excerpts": {"documents", "model", "texts"},
    "texts": set(),
    "delivery_queue": {"errors"},
    "outbound": {"channels", "errors"},
    "https_post": {"channels", "errors", "values"},
    "secret_store": {"errors"},
    "captchas": {"errors", "model", "values"},
    "spam": {
        *("field_names", "languages", "mail_providers", "mails", "model", "reading", "search"),
        *("sales_phrases", "texts", "values", "written_in"),
    },
    "sales_phrases": set(),
    "reading": {"search", "validation"},
    "field_names": set(),
    "mail_providers": set(),
    "written_in": {"languages"},
    "languages": set(),
    "half_answers": set(),
    "claims": {"model"},
    "controls": {"errors", "model", "validation"},
    "validation": {"errors", "model"},
    "bodies": {"errors", "model"},
    "forms": {"channels", "controls", "errors", "model", "origins", "spam_rules", "toml_keys"},
    "spam_rules": {"channels", "controls", "errors", "model", "spam", "toml_keys"},
    "toml_keys": {"errors"},
    "proofs": {"claims", "model"},
    "learned": set(),
    "lessons": {"errors", "failures", "learned", "model", "reading"},
    "lesson_store": {"items", "lesson_items", "lessons", "model", "store_errors"},
    "lesson_items": {"lessons"},
    "config": {"errors", "origins", "values"},
    "origins": set(),
    "repository": {"errors", "items", "model", "storing", "store_errors"},
    "storing": {"errors", "items", "model"},
    "items": {"errors", "model"},
    "deliveries": {"delivery_items", "store_errors"},
    "delivery_items": {"delivery"},
    "store_errors": {"errors", "store_time"},
    "store_time": set(),
    "metrics": {"delivery"},
    "owner_routes": {"inbox", "owner_answers", "owner_requests", "people"},
    "owner_answers": {"answers", "entries", "errors", "model", "tokens"},
    "owner_requests": {"errors", "exports", "inbox", "model", "search", "validation", "walking"},
    "people": {"errors", "exports", "inbox", "walking"},
    "inbox": {
        *("channels", "claims", "delivery", "errors", "exports", "mails", "model", "notify"),
        *("outbox", "search", "values", "walking"),
    },
    "entries": {"documents", "mails", "model", "texts"},
    "exports": {"documents", "model"},
    "search": {"model"},
    "walking": set(),
    "owner_store": {"delivery_items", "errors", "items", "model", "store_errors", "walking"},
    "bulk_store": {"batches", "delivery_items", "items", "store_errors"},
    "batches": {"errors", "store_errors"},
    "retention": set(),
    "tokens": {"claims", "errors", "values"},
    "token_store": {"errors", "store_errors", "token_items"},
    "token_items": {"tokens"},
    "errors": set(),
    "delivery": {"values"},
    "model": {"values"},
    "values": set(),
}
# Libraries that are kept to where they belong.
KEPT_TO = {
    "altcha": {"proofs"},
    "boto3": {"wiring"},
    "botocore": {
        *("delivery_queue", "half_answers", "lesson_store", "outbound", "repository"),
        "secret_store",
        *("store_errors", "wiring"),
    },
    "chalice": {"web"},
    "defusedcsv": {"exports"},
    "disposable_email_domains": {"spam"},
    "jinja2": {"templating"},
    "markupsafe": {"pages"},
    "multipart": {"bodies"},
    "ops": {"wiring"},
    "moto": set(),
    "random": set(),
    "secrets": {"wiring"},
    "socket": {"https_post"},
    "ssl": {"https_post"},
    "standardwebhooks": {"channels"},
}
SOURCES = [PROJECT_DIR / "app.py", *sorted((PROJECT_DIR / "chalicelib").rglob("*.py"))]


def module_name(path: Path) -> str:
    """Return ``spam`` for every file of chalicelib/spam/."""
    parts = path.relative_to(PROJECT_DIR).with_suffix("").parts
    return (parts[0] if len(parts) == 1 else parts[1]).replace("__init__", "")


def imports(path: Path, *, for_types: bool = False) -> Iterator[str]:
    """Yield each imported module's dotted name, those for type checking only if asked."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not for_types:
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "chalicelib":
            yield from (f"chalicelib.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def arrows(*, for_types: bool = False) -> dict[str, set[str]]:
    """Return which of our modules each of them imports."""
    drawn: dict[str, set[str]] = {}
    for path in SOURCES:
        name = module_name(path)
        ours = (m.split(".")[1] for m in imports(path, for_types=for_types) if "chalicelib." in m)
        drawn.setdefault(name, set()).update(set(ours) - {name})
    drawn.pop("", None)
    return drawn


def test_the_imports_are_those_that_are_drawn() -> None:
    assert arrows() == IMPORTS


def test_no_arrow_leads_back() -> None:
    """Not even one for types."""
    tuple(TopologicalSorter(arrows(for_types=True)).static_order())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_libraries_are_kept_to_where_they_belong(path: Path) -> None:
    name = module_name(path)
    libraries = {module.split(".")[0] for module in imports(path)}

    assert {lib for lib in libraries & KEPT_TO.keys() if name not in KEPT_TO[lib]} == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_environment_and_the_clock_are_wiring_s(path: Path) -> None:
    text = path.read_text("utf-8")

    if module_name(path) != "wiring":
        assert "os.environ" not in text
        assert "datetime.now" not in text
        assert "time.time()" not in text


def test_app_is_thin() -> None:
    """Decode, call one function, encode: no branch, and at most 200 lines."""
    text = (PROJECT_DIR / "app.py").read_text("utf-8")
    branches = [
        type(node).__name__
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.If | ast.For | ast.While | ast.Try | ast.IfExp | ast.Match)
        and "TYPE_CHECKING" not in ast.unparse(node)
    ]

    assert branches == []
    assert len(text.splitlines()) <= 200


def test_accepting_a_submission_imports_no_template_and_no_sdk() -> None:
    """Cold start pays for each of them, and a post answered with JSON needs none."""
    script = (
        "import sys, chalicelib.web, chalicelib.intake, chalicelib.forms\n"
        "print(*sorted({'boto3', 'jinja2', 'multipart', 'click', 'moto', 'chalicelib.pages',"
        " 'chalicelib.inbox', 'chalicelib.learned', 'chalicelib.tokens', 'defusedcsv', 'altcha',"
        " 'disposable_email_domains'} & sys.modules.keys()))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == ""
