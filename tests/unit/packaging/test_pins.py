"""Which packages ship, and in which version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.config import PROJECT_DIR
from ops.packaging import pins
from ops.packaging.errors import PackagingError

if TYPE_CHECKING:
    from pathlib import Path


def a_project(path: Path, *, shipped: str = "", development: str = "") -> Path:
    (path / "requirements.txt").write_text(shipped)
    (path / "requirements-dev.txt").write_text(development)
    return path


def test_boto3_and_what_requirements_txt_names_ship(tmp_path: Path) -> None:
    project = a_project(tmp_path, shipped="# Pages\nJinja2==3.1.6  # and mails\n\nmultipart==2.0.1")

    assert pins.shipped_names(project) == ["boto3", "jinja2", "multipart"]


def test_versions_are_development_s(tmp_path: Path) -> None:
    project = a_project(tmp_path, development="boto3==1.2.3\npython_dateutil==2.9.0.post0\n")

    assert pins.pinned_versions(project) == {"boto3": "1.2.3", "python-dateutil": "2.9.0.post0"}


def test_what_ships_has_the_last_word_on_its_version(tmp_path: Path) -> None:
    """Then the check against what is installed finds the difference."""
    project = a_project(tmp_path, shipped="jinja2==2", development="Jinja2==1")

    assert pins.pinned_versions(project) == {"jinja2": "2"}


@pytest.mark.parametrize("line", ["boto3", "boto3>=1", "boto3==1,<2", "boto3~=1.2"])
def test_what_is_not_pinned_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(PackagingError, match=r"a pin is like name==1\.2\.3"):
        pins.pinned_versions(a_project(tmp_path, development=line))


def test_our_own_files_pin_everything() -> None:
    assert set(pins.shipped_names(PROJECT_DIR)) <= pins.pinned_versions(PROJECT_DIR).keys()
