"""What Formpost promises to be, against its peers and in itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from bench.submitting.variants import CHALICE_AS_SHIPPED, FASTAPI, FLASK, FLOOR, RAW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.submitting.ratios import Ratio
    from bench.submitting.variants import Variant

Measure = Literal["cold", "warm", "peak_rss"]


class Target(NamedTuple):
    """At most so much of a peer's."""

    measure: Measure
    peer: Variant
    limit: float


RATIOS = (
    Target("cold", RAW, 0.70),
    Target("cold", FLASK, 0.58),
    Target("cold", FASTAPI, 0.42),
    Target("cold", CHALICE_AS_SHIPPED, 0.35),
    Target("cold", FLOOR, 3.0),
    Target("warm", RAW, 0.95),
    Target("warm", FLASK, 0.75),
    Target("warm", FASTAPI, 0.80),
    Target("peak_rss", RAW, 0.85),
)
MAX_ZIP_BYTES = 3_000_000
MAX_FILES = 500
# Local mode against uvicorn.
MIN_LOCAL_RATIO = 1.0


def verdicts(
    ratio_to: Mapping[tuple[Measure, Variant], Ratio],
    *,
    zip_bytes: int,
    file_count: int,
    local_ratio: float,
) -> list[dict[str, Any]]:
    """Return each target with what was measured, the limit and whether it is met."""
    found = []
    for measure, peer, limit in RATIOS:
        measured = ratio_to[measure, peer]
        found.append(
            {
                "target": f"{measure} / {peer.name}",
                "measured": round(measured.value, 3),
                "interval": [round(measured.low, 3), round(measured.high, 3)],
                "limit": limit,
                "met": measured.value <= limit,
            }
        )
    return [
        *found,
        _at_most("zip_bytes", zip_bytes, MAX_ZIP_BYTES),
        _at_most("file_count", file_count, MAX_FILES),
        {
            "target": "local keep-alive requests/s / uvicorn + FastAPI",
            "measured": round(local_ratio, 3),
            "limit": MIN_LOCAL_RATIO,
            "met": local_ratio >= MIN_LOCAL_RATIO,
        },
    ]


def _at_most(name: str, measured: int, limit: int) -> dict[str, Any]:
    return {"target": name, "measured": measured, "limit": limit, "met": measured <= limit}
