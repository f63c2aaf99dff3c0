"""The whole system behind API Gateway's conversion, with a store in memory.

tests/packaged runs the same tests on the deployment package, so a test that asks
for ``backend`` uses nothing of it but what both offer: see tests/packaged/backend.py.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import app as routes
from chalicelib.config import PROJECT_DIR
from chalicelib.forms import load_forms
from chalicelib.intake import Intake
from tests.fakes import Clock, MemorySubmissions, UnavailableStore
from tests.gateway import Gateway

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.intake import SubmissionStore
    from chalicelib.model import Submission

SITE = "https://site.example"
FORM_FILES = (PROJECT_DIR / "chalicelib" / "forms.toml", Path(__file__).parent / "forms.toml")
FORMS = {name: form for path in FORM_FILES for name, form in load_forms(path).items()}


@dataclass
class Backend:
    """The app as its visitors meet it, and what became of what they sent."""

    gateway: Gateway
    store: MemorySubmissions = field(default_factory=MemorySubmissions)
    clock: Clock = field(default_factory=Clock)
    log: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def stored(self) -> list[Submission]:
        return list(self.store.by_id.values())

    def lose_store(self) -> None:
        """Let the store not answer from here on."""
        self.use(UnavailableStore())

    def use(self, store: SubmissionStore) -> None:
        """Answer with another store from here on."""
        routes.app.intake = replace(routes.app.intake, store=store)
        if isinstance(store, MemorySubmissions):
            self.store = store


@contextmanager
def running() -> Iterator[Backend]:
    """Yield the app, working with a store in memory for as long."""
    backend = Backend(Gateway(routes.app, routes.app.routes))
    before = routes.app.intake, routes.app.write_log
    routes.app.intake = Intake(
        forms=FORMS,
        allowed_origins=(),
        store=backend.store,
        now=backend.clock,
        random_bytes=secrets.token_bytes,
    )
    routes.app.write_log = backend.log.append
    yield backend
    routes.app.intake, routes.app.write_log = before


@pytest.fixture
def backend() -> Iterator[Backend]:
    with running() as backend:
        yield backend


@pytest.fixture(scope="module")
def backend_of_module() -> Iterator[Backend]:
    """One for all the examples of a property; nothing in it is looked at."""
    with running() as backend:
        yield backend
