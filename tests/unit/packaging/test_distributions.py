"""Only what was published is packaged, in the pinned version."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest

from ops.packaging import distributions
from ops.packaging.errors import PackagingError

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = b"GREETING = 'Hello'\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one installed package, ``example`` 1.0, of one module."""
    info = tmp_path / "example-1.0.dist-info"
    (info / "licenses").mkdir(parents=True)
    (tmp_path / "example.py").write_bytes(SOURCE)
    (tmp_path / "example.pyc").write_bytes(b"")
    (info / "METADATA").write_text(
        "Name: example\nVersion: 1.0\n"
        "Requires-Dist: six\n"
        "Requires-Dist: colorama; sys_platform == 'win32'\n"
        "Requires-Dist: pytest; extra == 'test'\n"
    )
    # PEP 376: the hash is base64 without padding, for file names.
    digest = base64.urlsafe_b64encode(hashlib.sha256(SOURCE).digest()).rstrip(b"=").decode()
    (info / "RECORD").write_text(
        f"example.py,sha256={digest},{len(SOURCE)}\n"
        f"../bin/example,sha256={digest},{len(SOURCE)}\n"
        "example.pyc,,\nexample-1.0.dist-info/RECORD,,\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_dependencies_are_those_of_lambda(site: Path) -> None:
    """Neither extras nor what another system would need."""
    assert site.exists()
    assert distributions.with_dependencies(["example"]) == ["example", "six"]


def test_boto3_brings_all_that_it_needs() -> None:
    """What boto3's own documentation lists, and what these need in turn."""
    assert distributions.with_dependencies(["boto3"]) == [
        "boto3",
        "botocore",
        "jmespath",
        "python-dateutil",
        "s3transfer",
        "six",
        "urllib3",
    ]


def test_published_files_come_without_scripts_and_bytecode(site: Path) -> None:
    assert site.exists()
    assert list(distributions.files("example")) == [("example.py", SOURCE)]


def test_a_changed_file_is_refused(site: Path) -> None:
    (site / "example.py").write_text("GREETING = 'patched'\n")

    with pytest.raises(PackagingError, match=r"example\.py of example is not the file"):
        list(distributions.files("example"))


def test_a_missing_file_is_refused(site: Path) -> None:
    (site / "example.py").unlink()

    with pytest.raises(PackagingError, match=r"example\.py of example is not the file"):
        list(distributions.files("example"))


def test_a_file_that_nobody_published_is_not_packaged(site: Path) -> None:
    (site / "example_notes.py").write_text("")

    assert [path for path, _ in distributions.files("example")] == ["example.py"]


@pytest.mark.parametrize(
    ("pins", "words"), [({"example": "1.1"}, "the pin is 1.1"), ({}, "the pin is missing")]
)
def test_another_version_than_the_pinned_is_refused(
    site: Path, pins: dict[str, str], words: str
) -> None:
    assert site.exists()
    with pytest.raises(PackagingError, match=f"example 1.0 is installed, and {words}"):
        distributions.check_versions(["example"], pins)


def test_what_is_not_installed_is_a_sentence() -> None:
    with pytest.raises(PackagingError, match="no-such-package is not installed"):
        distributions.with_dependencies(["no-such-package"])
