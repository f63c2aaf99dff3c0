"""Build every package: Formpost's as its owner does, a peer's from its pins.

What is made for peers is kept in a folder that git ignores, by the content of their
sources and pins, so a second run downloads and builds nothing.
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
        variant: whose; a peer's is built once for the same sources and pins.
        work_dir: an empty folder for what is not worth keeping.
    """
    if variant.peer is None:
        root, environment = work_dir / variant.name, _ours(work_dir / variant.name)
    else:
        root, environment = _built_once(variant, variant.peer), PEER_ENVIRONMENT
    task_root, zip_path = root / "task", root / "deployment.zip"
    with zipfile.ZipFile(zip_path) as archive:
        file_count = len(archive.namelist())
    [roots] = [*task_root.glob("botocore/cacert.pem"), *task_root.glob("roots.pem")]
    return Package(variant, task_root, environment, roots, zip_path.stat().st_size, file_count)


def _ours(root: Path) -> dict[str, str]:
    """Build Formpost's package as its owner does, and return its environment."""
    built = build(PROJECT_DIR, root, stage="prod", full_certificates=False)
    _unzip(built.zip_path, root / "task")
    return Template.read(built.template_path).environment


def _built_once(variant: Variant, peer: str) -> Path:
    sources = [PEERS_DIR / "contact.py", *sorted((PEERS_DIR / peer).rglob("*.*")), Path(__file__)]
    content = b"".join(path.read_bytes() for path in sources if path.is_file())
    root = CACHE_DIR / f"{variant.name}-{_key(content)}"
    if not root.exists():
        print(f"Building {variant.title}, once: {root.relative_to(PROJECT_DIR)}", file=sys.stderr)
        # Renamed when it is whole: what was interrupted must not count.
        unfinished = root.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        task_root = unfinished / "task"
        fill = _fill_by_chalice if peer == "chalice" else _fill_by_pip
        fill(peer, task_root)
        if variant.bytecode == "in the package":
            compiled(task_root)
        _zip(task_root, unfinished / "deployment.zip")
        unfinished.rename(root)
    return root


def _key(content: bytes) -> str:
    return hashlib.sha256(content + sys.version.encode()).hexdigest()[:16]


def installed(peer: str) -> Path:
    """Return a folder with what a peer's requirements.txt pins, downloaded once."""
    pins = PEERS_DIR / peer / "requirements.txt"
    target = CACHE_DIR / f"site-{peer}-{_key(pins.read_bytes())}"
    if not target.exists():
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
    project_dir = task_root.with_name("project")
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
    shutil.rmtree(project_dir)


def _unzip(zip_path: Path, target: Path) -> None:
    with zipfile.ZipFile(zip_path) as archive:
        archive.extractall(target)


def _zip(task_root: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(found for found in task_root.rglob("*") if found.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(task_root).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes(), compresslevel=9)
