"""The package runs from a folder that nobody can write to, and compiles nothing."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ops.packaging import sdk
from tests.packaged.function import LAMBDA_ENVIRONMENT, PYTHON
from tests.packaged.unzipped import listing, make_writable, unzip_read_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.packaged.building import Built
    from tests.packaged.template import Template

SCRIPT = Path(__file__).with_name("import_all.py")


@pytest.fixture
def other_root(built: Built, tmp_path: Path) -> Iterator[Path]:
    """The unzipped package again, to be spoilt."""
    root = tmp_path / "task"
    unzip_read_only(built.zip_path, root)
    yield root
    make_writable(root)


def imported(root: Path, template: Template) -> dict[str, Any]:
    run = subprocess.run(
        [*PYTHON, SCRIPT, root, ",".join(template.handlers), ",".join(sdk.SERVICES)],
        cwd=root,
        env={
            **LAMBDA_ENVIRONMENT,
            **template.environment,
            "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9",
            "PYTHONPATH": str(root),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def test_nothing_is_compiled_and_nothing_is_written(task_root: Path, template: Template) -> None:
    """As root, too, who may write anywhere: the listing would show it."""
    before = listing(task_root)

    told = imported(task_root, template)

    assert told["compiled"] == []
    assert listing(task_root) == before


def test_all_is_of_the_package_or_of_python(task_root: Path, template: Template) -> None:
    files = imported(task_root, template)["files"]

    places = (str(task_root), *map(sysconfig.get_path, ("stdlib", "platstdlib")))
    assert {f for f in files.values() if f and not f.startswith(places)} == set()
    assert not [file for file in files.values() if file and "site-packages" in file]
    for name in ("app", "boto3", "botocore", "chalice", "jinja2", "markupsafe", "urllib3"):
        assert Path(files[name]).is_relative_to(task_root)


@pytest.mark.parametrize(
    "missing", ["__pycache__/app.*.pyc", "chalice/__pycache__/app.*.pyc", "chalicelib/**/web.*.pyc"]
)
def test_what_has_no_bytecode_would_be_noticed(
    other_root: Path, template: Template, missing: str
) -> None:
    make_writable(other_root)
    [bytecode] = other_root.glob(missing)
    bytecode.unlink()

    told = imported(other_root, template)

    [compiled] = told["compiled"]
    assert Path(compiled).stem == bytecode.name.partition(".")[0]
