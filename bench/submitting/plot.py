"""Draw results.json as an SVG: bars of cold start and warm call, as ratios to the raw handler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from bench.submitting.report import conditions_line
from bench.submitting.variants import FORMPOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WIDTH = 960
_LABEL, _RIGHT, _ROW, _BAR = 440, 70, 24, 15
_TOP = 78
# Ours is told apart without colour, too: its label is bold.
_OURS, _THEIRS, _RANGE = "#0b6e4f", "#7a8a99", "#c2410c"
_WORDS_A_LINE = 24


def svg(results: Mapping[str, Any]) -> str:
    """Return the plot; its description says what it shows to who cannot see it."""
    variants = results["variants"]
    parts: list[str] = []
    y = _TOP
    for measure, title in (
        ("cold", "Cold start and first post, CPU (raw handler + boto3.client = 1)"),
        ("warm", "Warm call, CPU (raw handler + boto3.client = 1)"),
        ("peak_rss", "Peak memory (raw handler + boto3.client = 1)"),
    ):
        found = {name: it for name, it in variants.items() if f"{measure}_to_raw" in it}
        parts.append(_text(16, y, title, weight="bold"))
        y += 14
        largest = max(it[f"{measure}_to_raw"]["high"] for it in found.values())
        for name, it in sorted(found.items(), key=lambda pair: _value(pair[1], measure)):
            parts += _bar(y, it, it[f"{measure}_to_raw"], largest, is_ours=name == FORMPOST.name)
            y += _ROW
        y += 26
    for line in _lines(conditions_line(results)):
        parts.append(_text(16, y, line, size=11))
        y += 15
    described = "; ".join(_sentence(it) for it in variants.values())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}"'
        f' height="{y}" role="img" aria-labelledby="title description"'
        ' font-family="system-ui, sans-serif">\n'
        '<title id="title">Formpost and its peers: cold start, warm call and memory</title>\n'
        f'<desc id="description">{escape(described)}.</desc>\n'
        f'<rect width="{WIDTH}" height="{y}" fill="#ffffff"/>\n'
        f"{_text(16, 30, 'What accepting a form post takes, beside a raw handler', 18, 'bold')}\n"
        f"{_text(16, 50, 'Shorter is better; the thin line is the 95 % interval.', 12)}\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _value(it: Mapping[str, Any], measure: str) -> float:
    return float(it[f"{measure}_to_raw"]["value"])


def _bar(
    y: int, it: Mapping[str, Any], ratio: Mapping[str, float], largest: float, *, is_ours: bool
) -> Iterator[str]:
    unit = (WIDTH - _LABEL - _RIGHT) / largest
    colour, weight = (_OURS, "bold") if is_ours else (_THEIRS, "normal")
    middle = y + _BAR / 2
    yield _text(_LABEL - 8, y + 12, it["title"], 12, weight, anchor="end")
    yield (
        f'<rect x="{_LABEL}" y="{y}" width="{ratio["value"] * unit:.1f}" height="{_BAR}"'
        f' fill="{colour}"/>'
    )
    yield (
        f'<line x1="{_LABEL + ratio["low"] * unit:.1f}" x2="{_LABEL + ratio["high"] * unit:.1f}"'
        f' y1="{middle}" y2="{middle}" stroke="{_RANGE}" stroke-width="2"/>'
    )
    yield _text(_LABEL + ratio["high"] * unit + 8, y + 12, f"{ratio['value']:.2f}", 12, weight)


def _text(  # noqa: PLR0913, PLR0917  what SVG's element takes
    x: float, y: float, text: str, size: int = 13, weight: str = "normal", anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}"'
        f' text-anchor="{anchor}" fill="#1f2933">{escape(text)}</text>'
    )


def _lines(text: str) -> Iterator[str]:
    words = text.split()
    for start in range(0, len(words), _WORDS_A_LINE):
        yield " ".join(words[start : start + _WORDS_A_LINE])


def _sentence(it: Mapping[str, Any]) -> str:
    warm = f", warm {it['warm_to_raw']['value']:.2f}" if "warm_to_raw" in it else ""
    return (
        f"{it['title']}: cold {it['cold_to_raw']['value']:.2f}{warm},"
        f" memory {it['peak_rss_to_raw']['value']:.2f}"
    )
