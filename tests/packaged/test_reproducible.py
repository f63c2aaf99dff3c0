"""The same sources make the same bytes, whoever packages them, where and when."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from chalicelib.config import PROJECT_DIR
from tests.packaged.building import package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.packaged.building import Built

SOURCES = ("app.py", "chalicelib", "ops", ".chalice", "requirements.txt", "requirements-dev.txt")


@pytest.fixture
def other_project(tmp_path: Path) -> Path:
    """The project in another folder, with all that may lie about in one."""
    project = tmp_path / "another folder" / "formpost"
    project.mkdir(parents=True)
    for name in SOURCES:
        source, target = PROJECT_DIR / name, project / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    for litter in (
        "chalicelib/.DS_Store",
        "chalicelib/forms.toml~",
        "chalicelib/__pycache__/web.cpython-39.pyc",
        ".chalice/deployments/stale.zip",
        ".chalice/deployed/prod.json",
        "vendor/boto3/__init__.py",
    ):
        (project / litter).parent.mkdir(parents=True, exist_ok=True)
        (project / litter).write_text("raise SystemExit('this is not the package')")
    return project


@pytest.fixture
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("strict_umask")
def test_another_build_makes_the_same_bytes(
    built: Built, other_project: Path, tmp_path: Path
) -> None:
    before = listing(other_project)
    changes = {
        "AWS_DEFAULT_REGION": "cn-north-1",
        "AWS_PROFILE": "no-such-profile",
        "FORMPOST_TABLE": "another-table",
        "HOME": str(tmp_path),
        "LANG": "C",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "5",
        "PYTHONOPTIMIZE": "2",
        "TMPDIR": str(tmp_path),
        "TZ": "Asia/Kathmandu",
    }

    run = package(other_project, tmp_path / "new" / "out", **changes)

    assert run.returncode == 0, run.stderr
    again = digest(tmp_path / "new" / "out" / "deployment.zip")
    assert again == digest(built.zip_path)
    template = (tmp_path / "new" / "out" / "sam.json").read_bytes()
    assert template == built.template_path.read_bytes()
    assert again in run.stdout
    assert listing(other_project) == before


def listing(folder: Path) -> list[tuple[str, str]]:
    return [(str(path), digest(path)) for path in sorted(folder.rglob("*")) if path.is_file()]


def digest(path: Path) -> str:
    """Return a file's SHA-256: a difference is told at once, where bytes are compared for long."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_zip_is_the_same_for_every_stage(built: Built, tmp_path: Path) -> None:
    """So what was tried on one stage is what another one gets."""
    run = package(PROJECT_DIR, tmp_path, "--stage", "dev")

    assert run.returncode == 0, run.stderr
    assert digest(tmp_path / "deployment.zip") == digest(built.zip_path)
    assert (tmp_path / "sam.json").read_bytes() != built.template_path.read_bytes()


def test_an_unknown_stage_is_a_sentence_and_writes_nothing(tmp_path: Path) -> None:
    run = package(PROJECT_DIR, tmp_path / "out", "--stage", "staging")

    assert run.returncode == 1
    assert run.stderr == (
        'Error: There is no stage "staging"; .chalice/config.json has: local, dev, prod.\n'
    )
    assert not (tmp_path / "out").exists()


def test_a_mistake_in_the_forms_is_told_in_a_sentence(other_project: Path, tmp_path: Path) -> None:
    (other_project / "chalicelib" / "forms.toml").write_text("[contact]\nclosed = 1\n")

    run = package(other_project, tmp_path / "out")

    assert run.returncode == 1
    assert run.stderr.startswith("Error: Chalice cannot package the app: ")
    assert "[contact]" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    run = package(PROJECT_DIR, tmp_path / "file" / "out")

    assert run.returncode == 1
    assert run.stderr.endswith("deployment.zip cannot be written: Not a directory.\n")


def test_the_summary_names_size_files_and_hash(built: Built) -> None:
    lines = built.output.splitlines()

    assert lines[0] == str(built.zip_path)
    assert "MB (at most 3)" in lines[1]
    assert "files (at most 500)" in lines[1]
    assert lines[2].strip() == f"sha256 {hashlib.sha256(built.zip_path.read_bytes()).hexdigest()}"
    assert lines[3] == str(built.template_path)
