"""Make the deployment package: the same commit gives the same bytes.

That holds for one version of Python and of zlib, whoever builds, where and when:
bytecode is Python's, and compression is zlib's. Nothing is downloaded.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ops.packaging import archive, chalice_package, staging
from ops.packaging.errors import PackagingError

# A cold start reads the whole package, and our promise names this size.
MAX_ZIP_BYTES = 3_000_000
# Lambda unpacks each one before a cold start; 300 shipped when this was written.
MAX_FILES = 500
ZIP_NAME = "deployment.zip"
TEMPLATE_NAME = "sam.json"


@dataclass(frozen=True, slots=True)
class Package:
    """What was written."""

    zip_path: Path
    template_path: Path
    archive: archive.Archive
    runtime: str
    architecture: str


def build(project_dir: Path, out_dir: Path, *, stage: str, full_certificates: bool) -> Package:
    """Write deployment.zip and sam.json to ``out_dir``, made if it is not there.

    Raises:
        PackagingError: the message says what to change.
    """
    _check_stage(project_dir, stage)
    with TemporaryDirectory(prefix="formpost-package-") as folder:
        staging_dir, made_dir = Path(folder) / "project", Path(folder) / "made"
        staging_dir.mkdir()
        staging.lay_out(project_dir, staging_dir, full_certificates=full_certificates)
        chalice_package.package(staging_dir, stage, made_dir)
        ordered = made_dir / "ordered.zip"
        made = archive.rewrite(made_dir / ZIP_NAME, ordered)
        _check_limits(made)
        _publish(ordered, out_dir / ZIP_NAME)
        _publish(made_dir / TEMPLATE_NAME, out_dir / TEMPLATE_NAME)
    function = _api_handler(out_dir / TEMPLATE_NAME)
    return Package(
        zip_path=out_dir / ZIP_NAME,
        template_path=out_dir / TEMPLATE_NAME,
        archive=made,
        runtime=function["Runtime"],
        architecture=function["Architectures"][0],
    )


def _check_stage(project_dir: Path, stage: str) -> None:
    config = json.loads((project_dir / ".chalice" / "config.json").read_bytes())
    # Chalice packages a stage that it does not know, without any setting.
    if stage not in config["stages"]:
        raise PackagingError(
            f'There is no stage "{stage}"; .chalice/config.json has: {", ".join(config["stages"])}.'
        )


def _check_limits(made: archive.Archive) -> None:
    if made.size_bytes > MAX_ZIP_BYTES or made.file_count > MAX_FILES:
        raise PackagingError(
            f"The package has {made.size_bytes:,} bytes in {made.file_count} files; allowed: "
            f"{MAX_ZIP_BYTES:,} bytes and {MAX_FILES} files. "
            "ops/packaging/vendor.py says what is left out."
        )


def _publish(made: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, target)
    except OSError as error:
        raise PackagingError(f"{target} cannot be written: {error.strerror}.") from error


def _api_handler(template_path: Path) -> dict[str, Any]:
    properties: dict[str, Any]
    properties = json.loads(template_path.read_bytes())["Resources"]["APIHandler"]["Properties"]
    return properties
