"""Fill ``vendor/``, which Chalice copies into the package as it stands.

From the installed packages, so nothing is downloaded, and pure Python only, so
one package fits every machine: where a library has a compiled part, it also has
a Python one.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from ops.packaging import distributions, pins, sdk

LICENSES = "THIRD-PARTY-LICENSES.txt"
# Of packages that are published without the text; it is that of their repositories.
_LICENSES_DIR = Path(__file__).parent / "licenses"
# What no code of ours can reach, or what runs on one kind of machine only.
_LEFT_OUT = (
    # Only boto3.resource and transfers to S3 use these.
    "boto3/data/*",
    "boto3/dynamodb/*",
    "boto3/ec2/*",
    "boto3/s3/*",
    "boto3/crt.py",
    # For documentation.
    "boto3/examples/*",
    "botocore/data/*/examples-1.json",
    # A copy of the time zones of all systems; botocore knows UTC and local time only.
    "dateutil/zoneinfo/*",
    # For browsers.
    "urllib3/contrib/emscripten/*",
    # Compiled speed-ups with their sources, and hints for type checkers.
    "*.so",
    "*.pyd",
    "*.c",
    "*.pyi",
    "*/py.typed",
)
_METADATA = re.compile(r"[^/]+\.dist-info/")
_LICENSE = re.compile(r"licen[cs]e|notice|copying", re.IGNORECASE)


def fill(vendor_dir: Path, project_dir: Path) -> list[str]:
    """Copy every package that ships, with its dependencies; return their names.

    Raises:
        PackagingError: what is installed is not what is pinned.
    """
    names = distributions.with_dependencies(pins.shipped_names(project_dir))
    distributions.check_versions([*names, "chalice"], pins.pinned_versions(project_dir))
    for name in names:
        for path, content in distributions.files(name):
            if ships(path):
                target = vendor_dir / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
    # Chalice adds its own runtime file.
    texts = "\n".join(map(_license, sorted([*names, "chalice"])))
    (vendor_dir / LICENSES).write_text(texts, "utf-8")
    return names


def ships(path: str) -> bool:
    """Tell whether Lambda needs a file, named as in its package."""
    return (
        not _METADATA.match(path)
        and not any(fnmatch(path, pattern) for pattern in _LEFT_OUT)
        and sdk.is_needed(path)
    )


def _license(name: str) -> str:
    """Return the licence and the notices of one package, as its authors ask for."""
    texts = [
        content.decode("utf-8").strip()
        for path, content in sorted(distributions.files(name))
        if _METADATA.match(path) and _LICENSE.match(PurePosixPath(path).name)
    ]
    if not texts:
        texts = [(_LICENSES_DIR / f"{name}.txt").read_text("utf-8").strip()]
    return "\n\n".join([f"===== {name} =====", *texts, ""])
