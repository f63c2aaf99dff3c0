"""results.json, the table and the plot, of made-up samples whose ratios are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bench.submitting import plot, report
from bench.submitting.local import LocalRates
from bench.submitting.packages import Package
from bench.submitting.rounds import Cold
from bench.submitting.variants import COMPILED, FORMPOST, RAW, VARIANTS

MIB = 2**20
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """Formpost takes half of what each peer does, in three rounds."""
    factor = {variant: 1.0 if variant == FORMPOST else 2.0 for variant in VARIANTS}
    conditions = {
        "seed": 7,
        "cold_rounds": 3,
        "warm_rounds": 3,
        "python": "CPython 3.11.7",
        "machine": "Linux",
        "load_before": 0.1,
        "date": "2026-11-23",
        **dict.fromkeys(("boto3", "chalice", "awslambdaric"), "1.0"),
    }
    return report.document(
        conditions,
        [Package(it, Path(), {}, Path(), 2_000_000, 400) for it in VARIANTS],
        {it: [Cold(0.1 * f, 0.2 * f, int(40 * f) * MIB)] * 3 for it, f in factor.items()},
        {it: [0.001 * factor[it]] * 3 for it in COMPILED},
        LocalRates(ours=[1_200.0, 1_100.0], uvicorn=[1_000.0, 1_000.0]),
    )


def test_each_variant_has_its_figures(results: dict[str, Any]) -> None:
    assert list(results["variants"]) == [variant.name for variant in VARIANTS]
    assert results["variants"][RAW.name] == {
        "title": "raw handler + boto3.client",
        "bytecode": "in the package",
        "zip_bytes": 2_000_000,
        "file_count": 400,
        "init_cpu_ms": {"median": 200.0, "lower_quartile": 200.0, "upper_quartile": 200.0},
        "cold_cpu_ms": {"median": 400.0, "lower_quartile": 400.0, "upper_quartile": 400.0},
        "cold_to_raw": {"value": 1.0, "low": 1.0, "high": 1.0},
        "warm_cpu_us": {"median": 2000, "lower_quartile": 2000, "upper_quartile": 2000},
        "warm_to_raw": {"value": 1.0, "low": 1.0, "high": 1.0},
        "peak_rss_mib": {"median": 80.0, "lower_quartile": 80.0, "upper_quartile": 80.0},
        "peak_rss_to_raw": {"value": 1.0, "low": 1.0, "high": 1.0},
    }


def test_ours_is_held_against_each_peer(results: dict[str, Any]) -> None:
    """A half is within 0.70 of the raw handler, and not within 0.42 of FastAPI."""
    verdict = {each["target"]: each for each in results["targets"]}

    assert verdict["cold / raw"] == {
        "target": "cold / raw",
        "measured": 0.5,
        "interval": [0.5, 0.5],
        "limit": 0.7,
        "met": True,
    }
    assert verdict["cold / fastapi"]["met"] is False
    assert verdict["zip_bytes"]["measured"] == 2_000_000
    # The median of 1.2 and 1.1.
    assert results["local"]["ratio"] == 1.15


def test_it_is_json(results: dict[str, Any]) -> None:
    assert json.loads(json.dumps(results)) == results


def test_the_table_s_columns_are_under_their_heads(results: dict[str, Any]) -> None:
    """Each row ends where its head does, the longest title's, too."""
    lines = report.table(results).splitlines()

    head = next(line for line in lines if line.endswith("files"))
    rows = [line for line in lines if line.endswith("400")]
    assert len(rows) == len(VARIANTS)
    for row in rows:
        assert len(row) == len(head)
        assert row[head.index("zip MB") - 1 :].split()[0] == "2.00"


def test_the_table_says_what_is_missed(results: dict[str, Any]) -> None:
    lines = report.table(results).splitlines()

    assert [line for line in lines if "MISSED" in line and "cold / fastapi" in line]
    # FastAPI and the unzipped Chalice ask for less than a half.
    assert lines[-1] == "2 missed; docs/performance.md says why."


def test_the_plot_is_for_everybody(results: dict[str, Any]) -> None:
    """A screen reader has its title and every figure; the conditions stand in it."""
    root = ET.fromstring(plot.svg(results))  # noqa: S314  we made it

    assert root.get("role") == "img"
    named = {element.get("id"): element.text or "" for element in root if element.get("id")}
    assert root.get("aria-labelledby", "").split() == list(named) == ["title", "description"]
    for variant in VARIANTS:
        assert variant.title in named["description"]
    shown = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert "CPython 3.11.7" in shown
    assert "3 cold and 3 warm rounds" in shown
    assert "0.50" in shown
