"""Measure in rounds: every variant once a round, so that all meet the same machine."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from tests.builders import ADA
from tests.gateway import BROWSER_HEADERS, Gateway

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from bench.submitting.container import Container
    from bench.submitting.packages import Package
    from bench.submitting.variants import Variant

    Start = Callable[[Package], Container]

_CREATED = 201
# Bootstraps caches of the code itself, e.g. of compiled expressions; then it is warm.
_WARMING_CALLS = 20
# As formpost.js posts.
HEADERS = {**BROWSER_HEADERS, "Accept": "application/json"}


class Cold(NamedTuple):
    """One fresh process.

    Attributes:
        init_seconds: CPU until it asks for its first event.
        cold_seconds: the same and the first post.
    """

    init_seconds: float
    cold_seconds: float
    peak_rss_bytes: int


def an_event(number: int) -> dict[str, Any]:
    """Return API Gateway's event of a visitor's post of seven fields, another for each number."""
    # A gateway that only makes the event.
    gateway = Gateway(lambda _event, _context: None, ["/contact"])
    fields = {**ADA, "message": f"{ADA['message']} {number}"}
    return gateway.event("POST", "/contact", headers=HEADERS, body=urlencode(fields).encode())


def cold_rounds(
    packages: Sequence[Package], start: Start, *, rounds: int, random: Random
) -> dict[Variant, list[Cold]]:
    """Start each package so often, every round in another order.

    A first round is not counted: it reads the files into the page cache.
    """
    found: dict[Variant, list[Cold]] = {package.variant: [] for package in packages}
    for number in range(rounds + 1):
        for package in random.sample(packages, len(packages)):
            with start(package) as container:
                init_seconds = container.cpu_seconds()
                _post(container, number)
                if number:
                    measured = Cold(
                        init_seconds, container.cpu_seconds(), container.peak_rss_bytes()
                    )
                    found[package.variant].append(measured)
    return found


def warm_rounds(
    packages: Sequence[Package], start: Start, *, rounds: int, random: Random
) -> dict[Variant, list[float]]:
    """Return the CPU seconds of each post: one process a package, one post a round."""
    found: dict[Variant, list[float]] = {package.variant: [] for package in packages}
    with ExitStack() as stack:
        containers = {package.variant: stack.enter_context(start(package)) for package in packages}
        for number in range(-_WARMING_CALLS, rounds):
            for variant in random.sample(list(containers), len(containers)):
                container = containers[variant]
                before = container.cpu_seconds()
                _post(container, number)
                if number >= 0:
                    found[variant].append(container.cpu_seconds() - before)
    return found


def _post(container: Container, number: int) -> None:
    answer = container.invoke(an_event(number), f"request-{number}")
    if answer["statusCode"] != _CREATED:
        raise RuntimeError(f"The post was not accepted: {answer}")
