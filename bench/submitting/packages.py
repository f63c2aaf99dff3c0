"""Build every package: Formpost's as its owner does, a peer's from its pins.

What pip downloads is kept in a folder that git ignores, by the content of
requirements.txt, so a second run downloads nothing.
"""

from __future__ import annotations

import compileall
import hashlib
import os
import py_compile
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import botocore

from ops.packaging import certificates
from ops.packaging.build import build
from tests.packaged.template import Template

if TYPE_CHECKING:
    from bench.submitting.variants import Variant

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent
PEERS_DIR = PROJECT_DIR / "bench" / "peers"
CACHE_DIR = PROJECT_DIR / ".bench"
TABLE = "formpost-prod"
PEER_ENVIRONMENT = {"TABLE": TABLE, "SECRET": "a secret of some 32 letters or so"}
# Unchecked: what Lambda unpacks has one time for all.
_MODE = py_compile.PycInvalidationMode.UNCHECKED_HASH
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_SHIPPED = shutil.ignore_patterns("requirements.txt", "__pycache__")


@dataclass(frozen=True, slots=True)
class Package:
    """A deployment package, and unpacked as in Lambda.

    Attributes:
        roots: the certificates that its TLS trusts, as a file of its own.
        file_count: of the zip.
    """

    variant: Variant
    task_root: Path
    environment: dict[str, str]
    roots: Path
    zip_bytes: int
    file_count: int


def package(variant: Variant, work_dir: Path) -> Package:
    """Build and unpack the package of one variant.

    Args:
        variant: whose.
        work_dir: an empty folder for what is not worth keeping.
    """
    task_root = work_dir / variant.name
    environment = PEER_ENVIRONMENT
    if variant.peer is None:
        built = build(PROJECT_DIR, work_dir / "built", stage="prod", full_certificates=False)
        _unzip(built.zip_path, task_root)
        zip_path, environment = built.zip_path, Template.read(built.template_path).environment
    else:
        fill = _fill_by_chalice if variant.peer == "chalice" else _fill_by_pip
        fill(variant.peer, task_root)
        if variant.bytecode == "in the package":
            compiled(task_root)
        zip_path = _zipped(task_root, work_dir)
    with zipfile.ZipFile(zip_path) as archive:
        file_count = len(archive.namelist())
    roots = [*task_root.glob("botocore/cacert.pem"), *task_root.glob("roots.pem")]
    return Package(variant, task_root, environment, roots[0], zip_path.stat().st_size, file_count)


def installed(peer: str) -> Path:
    """Return a folder with what a peer's requirements.txt pins, downloaded once."""
    pins = PEERS_DIR / peer / "requirements.txt"
    key = hashlib.sha256(pins.read_bytes() + sys.version.encode()).hexdigest()[:16]
    target = CACHE_DIR / f"{peer}-{key}"
    if not target.exists():
        # Renamed when it is whole: an interrupted download must not count.
        unfinished = target.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-compile"]
        subprocess.run([*pip, "--target", unfinished, "-r", pins], check=True)
        # Command-line programs; no tool ships them.
        shutil.rmtree(unfinished / "bin", ignore_errors=True)
        unfinished.rename(target)
    return target


def compiled(root: Path) -> None:
    """Put bytecode beside every source below a folder.

    Raises:
        RuntimeError: a file does not compile.
    """
    if not compileall.compile_dir(
        root, quiet=1, stripdir=str(root), prependdir="/var/task", invalidation_mode=_MODE
    ):
        raise RuntimeError(f"{root} does not compile.")


def _fill_by_pip(peer: str, task_root: Path) -> None:
    """Lay out a package as `sam build` does: what is pinned, and the sources beside it."""
    shutil.copytree(installed(peer), task_root)
    shutil.copytree(PEERS_DIR / peer, task_root, ignore=_NOT_SHIPPED, dirs_exist_ok=True)
    shutil.copy(PEERS_DIR / "contact.py", task_root)
    if peer == "floor":
        # As light as ours, so that it is the floor.
        roots = shutil.copy(Path(botocore.__file__).with_name("cacert.pem"), task_root)
        certificates.trim(Path(roots))
        Path(roots).rename(task_root / "roots.pem")


def _fill_by_chalice(peer: str, task_root: Path) -> None:
    """Unpack what `chalice package` makes."""
    project_dir = task_root.with_name(f"{task_root.name}-project")
    shutil.copytree(PEERS_DIR / peer, project_dir)
    (project_dir / "chalicelib").mkdir()
    (project_dir / "chalicelib" / "__init__.py").touch()
    shutil.copy(PEERS_DIR / "contact.py", project_dir / "chalicelib")
    # Chalice would download them again each time; it copies vendor/ as it stands.
    (project_dir / "requirements.txt").unlink()
    shutil.copytree(installed(peer), project_dir / "vendor")
    chalice = "from chalice.cli import main; raise SystemExit(main())"
    subprocess.run(
        [sys.executable, "-c", chalice, "package", project_dir / "made"],
        cwd=project_dir,
        env={
            **os.environ,
            **PEER_ENVIRONMENT,
            "AWS_DEFAULT_REGION": "us-east-1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdout=subprocess.DEVNULL,
        check=True,
    )
    _unzip(project_dir / "made" / "deployment.zip", task_root)


def _unzip(zip_path: Path, target: Path) -> None:
    with zipfile.ZipFile(zip_path) as archive:
        archive.extractall(target)


def _zipped(task_root: Path, work_dir: Path) -> Path:
    path = work_dir / f"{task_root.name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(found for found in task_root.rglob("*") if found.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(task_root).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes(), compresslevel=9)
    return path
