"""The deployment package, ready to be started in AWS's own runtime client any number of times."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.config import PROJECT_DIR
from tests.faults.forms import write_forms
from tests.faults.store import TABLE
from tests.gateway import Gateway
from tests.packaged.building import copy_runtime_client, package
from tests.packaged.function import Function
from tests.packaged.template import Template
from tests.packaged.unzipped import make_writable, unzip_read_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

# Nobody is told in these tests: relay and deliver do not run.
_NO_RECEIVER = "http://127.0.0.1:9"


@dataclass(frozen=True, slots=True)
class Packaged:
    """What containers are started from.

    Attributes:
        forms_file: the forms.toml of every container.
    """

    folder: Path
    task_root: Path
    template: Template
    forms_file: Path
    _numbers: Iterator[int]

    def start(self, store_url: str) -> Function:
        """Return a new container of the API whose table is there."""
        log_dir = self.folder / f"log-{next(self._numbers)}"
        log_dir.mkdir()
        return Function(
            task_root=self.task_root,
            runtime_client_dir=self.folder / "runtime-client",
            handler=self.template.function["Handler"],
            environment={
                **self.template.environment,
                "AWS_ENDPOINT_URL_DYNAMODB": store_url,
                "FORMPOST_FORMS": str(self.forms_file),
                "FORMPOST_TABLE": TABLE,
            },
            log_dir=log_dir,
        )

    def gateway(self, function: Callable[[Any, Any], Any]) -> Gateway:
        """Return the API as the template declares it."""
        return Gateway(
            function,
            self.template.routes,
            stage=self.template.stage,
            binary_types=self.template.binary_types,
            preflights=self.template.preflights,
        )


@contextmanager
def packaged() -> Iterator[Packaged]:
    """Build the package, and clear it away."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = package(PROJECT_DIR, folder / "package")
        if built.returncode != 0:
            raise RuntimeError(built.stderr)
        task_root = folder / "task"
        unzip_read_only(folder / "package" / "deployment.zip", task_root)
        copy_runtime_client(folder / "runtime-client")
        try:
            yield Packaged(
                folder=folder,
                task_root=task_root,
                template=Template.read(folder / "package" / "sam.json"),
                forms_file=write_forms(folder, _NO_RECEIVER),
                _numbers=count(),
            )
        finally:
            make_writable(task_root)
