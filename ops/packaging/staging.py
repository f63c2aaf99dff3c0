"""Lay out what Chalice packages in a folder of its own; the work tree stays as it is."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ops.packaging import bytecode, certificates, distributions, sdk, vendor

if TYPE_CHECKING:
    from pathlib import Path

# Caches and what editors and file managers leave behind.
_NO_SOURCES = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "*~")
# What Chalice's packager takes of Chalice.
_RUNTIME = ("chalice/__init__.py", "chalice/app.py")


def lay_out(project_dir: Path, staging_dir: Path, *, full_certificates: bool) -> None:
    """Fill an empty folder with the project, ready for Chalice's packager.

    There is no requirements.txt in it: Chalice would download what vendor/ has.
    """
    shutil.copy(project_dir / "app.py", staging_dir)
    shutil.copytree(project_dir / "chalicelib", staging_dir / "chalicelib", ignore=_NO_SOURCES)
    (staging_dir / ".chalice").mkdir()
    # Not its folders: packages and state of earlier runs.
    for path in (project_dir / ".chalice").glob("*.json"):
        shutil.copy(path, staging_dir / ".chalice")
    vendor_dir = staging_dir / "vendor"
    vendor.fill(vendor_dir, project_dir)
    sdk.trim_endpoints(vendor_dir / "botocore")
    sdk.trim_models(vendor_dir / "botocore")
    if not full_certificates:
        certificates.trim(vendor_dir / "botocore" / "cacert.pem")
    bytecode.replace_sources(vendor_dir)
    _compile_own(staging_dir, vendor_dir)
    _compile_runtime(staging_dir / "runtime", vendor_dir)


def _compile_own(staging_dir: Path, vendor_dir: Path) -> None:
    # The packager takes app.py alone from the top, and all of chalicelib/ and vendor/.
    bytecode.compile_beside(staging_dir / "app.py", staging_dir, vendor_dir)
    for source in sorted((staging_dir / "chalicelib").rglob("*.py")):
        bytecode.compile_beside(source, staging_dir, staging_dir)


def _compile_runtime(scratch_dir: Path, vendor_dir: Path) -> None:
    for path, content in distributions.files("chalice"):
        if path in _RUNTIME:
            source = scratch_dir / path
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_bytes(content)
            bytecode.compile_beside(source, scratch_dir, vendor_dir)
