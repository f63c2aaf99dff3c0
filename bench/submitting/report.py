"""The figures as a document, and the document as a table."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from bench.submitting import targets
from bench.submitting.ratios import ratio, spread
from bench.submitting.variants import FORMPOST, RAW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bench.submitting.local import LocalRates
    from bench.submitting.packages import Package
    from bench.submitting.ratios import Ratio
    from bench.submitting.rounds import Cold
    from bench.submitting.targets import Measure
    from bench.submitting.variants import Variant

_MS, _US, _MIB, _MB = 1e3, 1e6, 2**20, 1e6


def document(
    conditions: Mapping[str, Any],
    packages: Iterable[Package],
    cold: Mapping[Variant, Sequence[Cold]],
    warm: Mapping[Variant, Sequence[float]],
    local: LocalRates,
) -> dict[str, Any]:
    """Return what results.json has: conditions, each variant's figures, each target's verdict."""
    samples: dict[Measure, dict[Variant, list[float]]] = {
        "cold": {it: [one.cold_seconds for one in found] for it, found in cold.items()},
        "warm": {it: list(found) for it, found in warm.items()},
        "peak_rss": {
            it: [float(one.peak_rss_bytes) for one in found] for it, found in cold.items()
        },
    }
    package_of = {package.variant: package for package in packages}
    random = Random(conditions["seed"])
    return {
        "conditions": dict(conditions),
        "variants": {
            it.name: _figures(it, package_of[it], cold[it], samples, random) for it in package_of
        },
        "local": local.document(),
        "targets": targets.verdicts(
            {
                (measure, peer): ratio(samples[measure][FORMPOST], samples[measure][peer], random)
                for measure, peer, _ in targets.RATIOS
            },
            zip_bytes=package_of[FORMPOST].zip_bytes,
            file_count=package_of[FORMPOST].file_count,
            local_ratio=local.ratio,
        ),
    }


def _figures(
    variant: Variant,
    package: Package,
    cold: Sequence[Cold],
    samples: Mapping[Measure, Mapping[Variant, Sequence[float]]],
    random: Random,
) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "title": variant.title,
        "bytecode": variant.bytecode,
        "zip_bytes": package.zip_bytes,
        "file_count": package.file_count,
        "init_cpu_ms": _rounded([one.init_seconds * _MS for one in cold], 1),
    }
    units: tuple[tuple[Measure, str, float, int], ...] = (
        ("cold", "cold_cpu_ms", _MS, 1),
        ("warm", "warm_cpu_us", _US, 0),
        ("peak_rss", "peak_rss_mib", 1 / _MIB, 1),
    )
    for measure, name, unit, digits in units:
        found = samples[measure].get(variant)
        if found:
            figures[name] = _rounded([one * unit for one in found], digits)
            figures[f"{measure}_to_raw"] = _shown(ratio(found, samples[measure][RAW], random))
    return figures


def _rounded(samples: Sequence[float], digits: int) -> dict[str, float]:
    return {name: round(value, digits) for name, value in spread(samples)._asdict().items()}


def _shown(found: Ratio) -> dict[str, float]:
    return {name: round(value, 3) for name, value in found._asdict().items()}


def table(results: Mapping[str, Any]) -> str:
    """Return the figures for a terminal."""
    width = max(len(it["title"]) for it in results["variants"].values())
    head = (
        f"{'':{width + 2}}{'cold to raw':>20}{'warm to raw':>20}"
        f"{'RSS to raw':>12}{'zip MB':>8}{'files':>7}"
    )
    lines = [conditions_line(results), "", head]
    for name, it in results["variants"].items():
        mark = "*" if name == FORMPOST.name else " "
        lines.append(
            f"{mark} {it['title']:{width}}{_cell(it.get('cold_to_raw')):>20}"
            f"{_cell(it.get('warm_to_raw')):>20}{it['peak_rss_to_raw']['value']:>12.2f}"
            f"{it['zip_bytes'] / _MB:>8.2f}{it['file_count']:>7,}"
        )
    lines += ["", "Local servers, requests/s on one kept connection:"]
    lines += [
        f"  {it['title']:{width}}{it['requests_per_second']['median']:>20,.0f}"
        for it in results["local"]["servers"].values()
    ]
    lines += ["", "Targets:"]
    lines += [
        f"  {'met   ' if it['met'] else 'MISSED'}  {it['target']:52}"
        f"{it['measured']:>12,} of {it['limit']:,}"
        for it in results["targets"]
    ]
    missed = sum(not it["met"] for it in results["targets"])
    if missed:
        lines += ["", f"{missed} missed; docs/performance.md says why."]
    return "\n".join(lines)


def _cell(found: Mapping[str, float] | None) -> str:
    return f"{found['value']:.2f} [{found['low']:.2f}, {found['high']:.2f}]" if found else "-"


def conditions_line(results: Mapping[str, Any]) -> str:
    """Return in one sentence what was measured where."""
    it = results["conditions"]
    return (
        f"CPU time, medians with 95 % intervals; {it['cold_rounds']} cold and {it['warm_rounds']} "
        f"warm rounds, seed {it['seed']}; {it['python']} on {it['machine']}, boto3 {it['boto3']}, "
        f"Chalice {it['chalice']}, awslambdaric {it['awslambdaric']}; load before "
        f"{it['load_before']}; {it['date']}"
    )
