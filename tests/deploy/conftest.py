"""A project of its own and an AWS on this machine for each test."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from rich.console import Console

from chalicelib.config import PROJECT_DIR
from ops.deploying import aws
from ops.deploying.commands import deploy_steps
from ops.deploying.data_stack import DeployDataStack
from ops.deploying.steps import Context, run_all
from tests.deploy.servers import free_port, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ops.deploying.steps import Step

REGION = "eu-west-1"
_COPIED = ("app.py", "chalicelib", "ops", "static_site", ".chalice")


@dataclass
class LocalAws:
    """The AWS on this machine."""

    url: str

    def calls(self) -> list[str]:
        """Return the calls since the last time."""
        calls: list[str] = json.loads(self._ask("/_calls"))
        return calls

    def sent(self, call: str) -> list[str]:
        """Return what each call of this name said: for what moto does not keep."""
        return [body for name, body in json.loads(self._ask("/_sent")) if name == call]

    def refuse(self, call: str, *, after: int = 0) -> None:
        """Refuse one call of this name, after so many that are answered."""
        self._ask("/_refuse", json.dumps([call, after]).encode())

    def leave_stack(self, name: str, status: str) -> None:
        """Have CloudFormation leave a stack in a state."""
        self._ask("/_stack_status", json.dumps([name, status]).encode())

    def set_mail(self, *, account: Mapping[str, Any], verified: Mapping[str, bool]) -> None:
        """Have SES say this of the account, and of identities whether it has verified them."""
        self._ask("/_ses", json.dumps([account, verified]).encode())

    def reset(self) -> None:
        """Forget everything."""
        self._ask("/moto-api/reset", b"")
        self._ask("/_reset", b"")

    def _ask(self, path: str, body: bytes | None = None) -> str:
        with urllib.request.urlopen(self.url + path, data=body, timeout=30) as answer:  # noqa: S310
            text: str = answer.read().decode()
        return text


@pytest.fixture(scope="session")
def aws_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    port = free_port()
    log = tmp_path_factory.mktemp("aws") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.deploy.aws_server", str(port)],
            cwd=PROJECT_DIR,
            stdout=output,
            stderr=output,
        )
        try:
            local = LocalAws(f"http://127.0.0.1:{port}")
            wait_for(f"{local.url}/_calls", process)
            yield local
        finally:
            process.terminate()
            process.wait()


@pytest.fixture
def local_aws(aws_process: LocalAws, monkeypatch: pytest.MonkeyPatch) -> LocalAws:
    return _fresh(aws_process, monkeypatch)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy, since a deployment writes to .chalice."""
    return _copy(tmp_path)


@pytest.fixture
def context(local_aws: LocalAws, project: Path) -> Context:
    """Return a run for the stage prod, whose output is kept."""
    return _context(project)


@pytest.fixture(scope="module")
def deployed(aws_process: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Return a stage that was deployed, for tests that only look."""
    with _stage(aws_process, tmp_path_factory.mktemp("deployed"), deploy_steps()) as context:
        yield context


@pytest.fixture(scope="module")
def data_stage(
    aws_process: LocalAws, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Context]:
    """Return a stage that has its data stack only, which is quicker to make."""
    with _stage(aws_process, tmp_path_factory.mktemp("data"), [DeployDataStack()]) as context:
        yield context


@contextmanager
def _stage(aws_process: LocalAws, folder: Path, steps: Sequence[Step]) -> Iterator[Context]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        _fresh(aws_process, monkeypatch)
        context = _context(_copy(folder))
        run_all(steps, context)
        yield context


def _fresh(aws_process: LocalAws, monkeypatch: pytest.MonkeyPatch) -> LocalAws:
    aws_process.reset()
    variables = {
        "AWS_ENDPOINT_URL": aws_process.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return aws_process


def _copy(parent: Path) -> Path:
    folder = parent / "project"
    folder.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", "deployments", "deployed", "venv")
    for name in _COPIED:
        source = PROJECT_DIR / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    # Chalice's own packager would download what the functions need; nothing runs here.
    (folder / "requirements.txt").touch()
    return folder


def _context(project: Path) -> Context:
    # A zip that Lambda would take.
    package = project / "deployment.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.write(PROJECT_DIR / "app.py", "app.py")
    console = Console(file=io.StringIO(), width=200)
    return Context(project, "prod", aws.connect(), console, package=package)


class OpsCommand(Protocol):
    """Runs ``python -m ops`` in the project."""

    def __call__(
        self, *arguments: str, typed: str | None = None
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def run_ops(local_aws: LocalAws, project: Path) -> OpsCommand:
    def run(*arguments: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ops", *arguments],
            cwd=project,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    return run
