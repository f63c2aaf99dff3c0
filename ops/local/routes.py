"""Which route a path belongs to, decided as API Gateway's REST APIs do.

A plain segment wins over ``{name}``, which wins over a greedy ``{name+}``; a
greedy one takes one segment or more. Captured values are percent-decoded, after
the path was split, so an encoded slash stays within its value.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from chalice.local import MatchResult

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN, _PARAMETER, _GREEDY = range(3)


class RouteMatcher:
    """Takes the place of ``chalice.local.RouteMatcher``."""

    def __init__(self, route_urls: Iterable[str]) -> None:
        self._routes = sorted(route_urls, key=lambda route: [_rank(s) for s in _segments(route)])

    def match_route(self, url: str) -> MatchResult:
        """Return route, captured values by name, and query parameters.

        Args:
            url: path and query as the request line has them.

        Raises:
            ValueError: no route has this path.
        """
        path, _, query = url.partition("?")
        segments = _segments(path)
        for route in self._routes:
            captured = _captured(_segments(route), segments)
            if captured is not None:
                return MatchResult(route, captured, parse_qs(query, keep_blank_values=True))
        raise ValueError(f"No route for {path}")


def _segments(path: str) -> list[str]:
    # API Gateway takes a trailing slash away, except that of the root.
    return path.removesuffix("/").split("/")[1:]


def _rank(segment: str) -> int:
    if not segment.startswith("{"):
        return _PLAIN
    return _GREEDY if segment.endswith("+}") else _PARAMETER


def _captured(route: list[str], path: list[str]) -> dict[str, str] | None:
    """Return the values by name, or None where the path is not of this route."""
    greedy = bool(route) and _rank(route[-1]) == _GREEDY
    if greedy and len(path) > len(route):
        path = [*path[: len(route) - 1], "/".join(path[len(route) - 1 :])]
    if len(path) != len(route):
        return None
    values: dict[str, str] = {}
    for wanted, found in zip(route, path, strict=True):
        if _rank(wanted) == _PLAIN:
            if wanted != found:
                return None
        elif found:
            values[wanted.strip("{+}")] = unquote(found, errors="replace")
        else:
            return None
    return values
