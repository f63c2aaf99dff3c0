"""Servers of ours for these tests; each one is gone when its test ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.functional.local.running import PROJECT_DIR, Running, local_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Start(Protocol):
    """Starts a command line and ends it with the test."""

    def __call__(
        self, *arguments: str, environment: dict[str, str], project_dir: Path = PROJECT_DIR
    ) -> Running: ...


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Running] = []

    def start(
        *arguments: str, environment: dict[str, str], project_dir: Path = PROJECT_DIR
    ) -> Running:
        running = Running(*arguments, project_dir=project_dir, environment=environment)
        started.append(running)
        return running

    yield start
    for running in started:
        running.end()


class StartLocal(Protocol):
    """Starts ``python -m ops run`` and waits until it says that it runs."""

    def __call__(self, environment: dict[str, str], project_dir: Path = PROJECT_DIR) -> Running: ...


@pytest.fixture
def start_local(start: Start) -> StartLocal:
    def start_local(environment: dict[str, str], project_dir: Path = PROJECT_DIR) -> Running:
        running = start(
            sys.executable, "-m", "ops", "run", environment=environment, project_dir=project_dir
        )
        running.wait_for("Ctrl-C stops it")
        return running

    return start_local


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return local_environment(tmp_path / "data")


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One that many tests share, which do not care what else is stored."""
    environment = local_environment(tmp_path_factory.mktemp("shared") / "data")
    running = Running(
        sys.executable, "-m", "ops", "run", project_dir=PROJECT_DIR, environment=environment
    )
    try:
        running.wait_for("Ctrl-C stops it")
        yield running
    finally:
        running.end()
