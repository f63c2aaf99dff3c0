"""The emulator and the package are made once; each test has an account of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.emulator.account import Account
from tests.emulator.packaged import package
from tests.emulator.receiver import Receiver
from tests.emulator.server import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.emulator.packaged import Packaged


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    return package(tmp_path_factory.mktemp("packaged"))


@pytest.fixture(scope="session")
def running_receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def receiver(running_receiver: Receiver) -> Receiver:
    running_receiver.reset()
    return running_receiver


@pytest.fixture
def account(emulator: Emulator, packaged: Packaged, receiver: Receiver) -> Account:
    emulator.reset()
    account = Account(emulator, packaged)
    account.prepare(receiver.url)
    return account
