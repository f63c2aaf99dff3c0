"""Read installed packages, and trust only what they were published with.

pip recorded the hash of each file that it installed. A file that is not in that
record, or not as recorded, would make a package that nobody else can make.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import metadata
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ops.packaging.errors import PackagingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Where the package will run, so that it is the same wherever it is made.
_LAMBDA = {
    "extra": "",
    "os_name": "posix",
    "platform_system": "Linux",
    "sys_platform": "linux",
}


def with_dependencies(names: Iterable[str]) -> list[str]:
    """Return the packages and all that they need on Lambda, by canonical name, sorted."""
    found: set[str] = set()
    to_visit: list[str] = [canonicalize_name(name) for name in names]
    while to_visit:
        name = to_visit.pop()
        if name not in found:
            found.add(name)
            to_visit += _dependencies(name)
    return sorted(found)


def check_versions(names: Iterable[str], pinned_versions: Mapping[str, str]) -> None:
    """Check that the pinned versions are what is installed.

    Raises:
        PackagingError: another version is installed, or there is no pin.
    """
    for name in names:
        installed, pinned = _installed(name).version, pinned_versions.get(name)
        if installed != pinned:
            raise PackagingError(
                f"{name} {installed} is installed, and the pin is {pinned or 'missing'}. "
                "Run `make check`, which installs what is pinned."
            )


def files(name: str) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each file that was published, bytecode and scripts left out.

    Raises:
        PackagingError: a file is missing, or is not what was published.
    """
    for path in _installed(name).files or []:
        if path.hash is None or path.suffix == ".pyc" or ".." in path.parts:
            continue
        try:
            content = path.read_binary()
        except OSError:
            content = b""
        digest = hashlib.new(path.hash.mode, content).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != path.hash.value:
            raise PackagingError(
                f"{path} of {name} is not the file that was published. "
                "Run `make clean`, then this again."
            )
        yield path.as_posix(), content


def _dependencies(name: str) -> list[str]:
    requirements = map(Requirement, _installed(name).requires or [])
    return [
        canonicalize_name(requirement.name)
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate(_LAMBDA)
    ]


def _installed(name: str) -> metadata.Distribution:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError as error:
        raise PackagingError(f"{name} is not installed. Run `make check`.") from error
