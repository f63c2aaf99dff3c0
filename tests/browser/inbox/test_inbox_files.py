"""What the inbox is made of, without a browser: sizes, rules, and agreement with the rest."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from chalicelib.config import PROJECT_DIR
from tests.browser.test_site_files import elements

if TYPE_CHECKING:
    from pathlib import Path

SITE = PROJECT_DIR / "static_site"
MODULES = sorted((SITE / "inbox").glob("*.js"))
VENDOR = SITE / "inbox" / "vendor" / "uPlot-1.6.32"
# Loaded with the first chart, not with the page.
LAZY = {"chart.js"}
# About a second on a slow phone connection (3G, 400 kbit/s).
MAX_PAGE_BYTES = 55_000
# The house style's measure of a module; main.js only puts them together.
MAX_LINES = 160
COLOUR = re.compile(r"--[a-z-]+: #[0-9a-f]+")

FORBIDDEN = re.compile(
    r"(inner|outer|insertAdjacent)HTML|document\.write|\beval\b|new Function|DOMParser|cookie"
)
# Comments, and the name of a language.
NOT_ADDRESSES = re.compile(r"^\s*//.*$|http://www\.w3\.org/2000/svg", re.MULTILINE)


def compressed(*files: str) -> int:
    """Return what goes over the wire."""
    return sum(len(gzip.compress((SITE / file).read_bytes(), 9)) for file in files)


def test_the_page_without_its_chart_is_small() -> None:
    modules = [f"inbox/{each.name}" for each in MODULES if each.name not in LAZY]

    assert compressed("inbox.html", "inbox.css", *modules) <= MAX_PAGE_BYTES


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_is_small_and_makes_no_markup_of_texts(module: Path) -> None:
    text = module.read_text("utf-8")

    assert not FORBIDDEN.search(text)
    assert ("fetch(" in text) == (module.name == "api.js")
    assert "://" not in NOT_ADDRESSES.sub("", text)
    assert text.startswith("// ")
    assert text.count("\n") <= MAX_LINES or module.name == "main.js"


def test_the_page_needs_nothing_that_its_policy_forbids() -> None:
    html = (SITE / "inbox.html").read_text("utf-8")

    assert not re.search(r"<style|<script>|\sstyle=|\son\w+=", html)
    for each in elements("inbox.html", "link", "script", "img"):
        assert ":" not in (each.get("href") or each.get("src") or "")


def test_every_module_but_the_chart_is_asked_for_at_once() -> None:
    links = elements("inbox.html", "link")
    preloaded = {each["href"] for each in links if each.get("rel") == "modulepreload"}

    modules = {f"inbox/{each.name}" for each in MODULES if each.name not in LAZY}
    assert preloaded == modules - {"inbox/main.js"}


def test_every_module_is_imported_by_another() -> None:
    text = "".join(each.read_text("utf-8") for each in MODULES)
    imported = set(re.findall(r'(?:from|import\()\s*"\./([a-z_]+\.js)"', text))

    assert imported == {each.name for each in MODULES} - {"main.js"}


def test_the_inbox_has_the_colours_of_the_site() -> None:
    site, inbox = ((SITE / name).read_text("utf-8") for name in ("style.css", "inbox.css"))

    assert len(COLOUR.findall(site)) == 24
    assert set(COLOUR.findall(site)) <= set(COLOUR.findall(inbox))


def test_every_picture_that_is_used_is_in_the_page() -> None:
    html = (SITE / "inbox.html").read_text("utf-8")
    there = {each["id"] for each in elements("inbox.html", "symbol")}

    assert set(re.findall(r'href="#(icon-[a-z-]+)"', html)) <= there


def test_the_chart_library_comes_with_its_licence_and_version() -> None:
    assert "MIT License" in (VENDOR / "LICENSE").read_text("utf-8")
    assert "(v1.6.32)" in (VENDOR / "uPlot.iife.min.js").read_text("utf-8")
    assert "vendor/uPlot-1.6.32/" in (SITE / "inbox" / "chart.js").read_text("utf-8")
