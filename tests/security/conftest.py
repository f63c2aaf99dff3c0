"""The app with a store in memory, as the functional tests have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.functional.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.conftest import Backend


@pytest.fixture
def backend() -> Iterator[Backend]:
    with running() as backend:
        yield backend
