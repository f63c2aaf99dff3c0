"""What is in the zip, and what is not."""

from __future__ import annotations

import importlib.util
import marshal
import os
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import botocore
import pytest

from chalicelib.config import PROJECT_DIR
from tests.packaged.building import package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

    from tests.packaged.building import Built

# PEP 552: magic number, flags, and the source's hash or time.
HEADER_BYTES = 16
UNCHECKED_HASH = 0b01


@pytest.fixture(scope="module")
def archive(built: Built) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(built.zip_path) as archive:
        yield archive


def test_it_keeps_its_limits(built: Built, archive: zipfile.ZipFile) -> None:
    assert built.zip_path.stat().st_size <= 3_000_000
    assert len(archive.namelist()) <= 500


def test_only_what_runs_is_in_it(archive: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in archive.namelist()}

    assert tops == {
        *("app.py", "chalicelib", "chalice", "__pycache__", "THIRD-PARTY-LICENSES.txt"),
        *("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six.pyc", "urllib3"),
        *("altcha", "defusedcsv", "disposable_email_domains", "jinja2", "markupsafe"),
        *("multipart.pyc", "standardwebhooks"),
    }


def test_every_source_of_ours_is_in_it(archive: zipfile.ZipFile) -> None:
    sources = [PROJECT_DIR / "app.py", *(PROJECT_DIR / "chalicelib").rglob("*.*")]
    ours = {
        path.relative_to(PROJECT_DIR).as_posix(): path.read_bytes()
        for path in sources
        if path.is_file() and path.suffix != ".pyc"
    }

    shipped = {
        name: archive.read(name)
        for name in archive.namelist()
        if name.startswith(("app.", "chalicelib/")) and not name.endswith(".pyc")
    }
    assert shipped == ours


def test_it_fits_every_machine(archive: zipfile.ZipFile) -> None:
    suffixes = {PurePosixPath(name).suffix for name in archive.namelist()}

    assert not suffixes & {".so", ".pyd", ".c", ".dll", ".dylib"}


def test_all_bytecode_is_of_this_python_and_is_never_checked(archive: zipfile.ZipFile) -> None:
    compiled = [name for name in archive.namelist() if name.endswith(".pyc")]
    heads = {name: archive.read(name)[:8] for name in compiled}

    expected = importlib.util.MAGIC_NUMBER + UNCHECKED_HASH.to_bytes(4, "little")
    assert {name for name, head in heads.items() if head != expected} == set()
    assert len(compiled) > 200


def test_each_source_has_bytecode_made_of_it(archive: zipfile.ZipFile) -> None:
    sources = [name for name in archive.namelist() if name.endswith(".py")]

    for name in sources:
        bytecode = archive.read(importlib.util.cache_from_source(name))
        assert bytecode[8:HEADER_BYTES] == importlib.util.source_hash(archive.read(name)), name
    assert {name.split("/")[0] for name in sources} == {"app.py", "chalice", "chalicelib"}


def test_tracebacks_name_the_files_as_lambda_has_them(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.endswith(".pyc"):
            code = marshal.loads(archive.read(name)[HEADER_BYTES:])  # noqa: S302  we made it
            is_cached = "__pycache__" in name
            path = importlib.util.source_from_cache(name) if is_cached else name.rstrip("c")
            assert set(all_filenames(code)) == {f"/var/task/{path}"}


def all_filenames(code: CodeType) -> Iterator[str]:
    yield code.co_filename
    for constant in code.co_consts:
        if hasattr(constant, "co_filename"):
            yield from all_filenames(constant)


def test_order_times_and_modes_say_nothing_of_the_machine(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()

    assert [entry.filename for entry in entries] == sorted({e.filename for e in entries})
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {oct(entry.external_attr >> 16) for entry in entries} == {"0o100644"}


def test_no_file_names_a_folder_of_the_build(built: Built, archive: zipfile.ZipFile) -> None:
    places = [os.fsencode(path) for path in (PROJECT_DIR, built.zip_path.parent)]

    assert [
        name for name in archive.namelist() if any(place in archive.read(name) for place in places)
    ] == []


def test_the_libraries_keep_their_licences(archive: zipfile.ZipFile) -> None:
    texts = archive.read("THIRD-PARTY-LICENSES.txt").decode()

    names = ("altcha", "boto3", "chalice", "jinja2", "python-dateutil", "six", "standardwebhooks")
    for name in (*names, "urllib3"):
        section = texts.partition(f"===== {name} =====")[2].partition("=====")[0]
        assert "copyright" in section.lower(), name


def test_every_root_certificate_stays_where_the_owner_asks_for_it(
    built: Built, archive: zipfile.ZipFile, tmp_path: Path
) -> None:
    run = package(PROJECT_DIR, tmp_path, "--full-certificates")

    assert run.returncode == 0, run.stderr
    with zipfile.ZipFile(tmp_path / built.zip_path.name) as full:
        names = archive.namelist()
        assert full.namelist() == names
        assert [name for name in names if full.read(name) != archive.read(name)] == [
            "botocore/cacert.pem"
        ]
        whole = Path(botocore.__file__).with_name("cacert.pem").read_bytes()
        assert full.read("botocore/cacert.pem") == whole
