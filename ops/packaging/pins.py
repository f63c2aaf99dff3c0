"""Read the pins: which packages ship, and in which version.

requirements.txt names what the code imports. boto3 comes on top, in the version
of requirements-dev.txt, so the tests and Lambda run the same one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ops.packaging.errors import PackagingError

if TYPE_CHECKING:
    from pathlib import Path

# Lambda has a boto3, too. It is 15 MB of what we do not use, has no bytecode in the
# place that counts, and changes without us.
SDK = "boto3"


def shipped_names(project_dir: Path) -> list[str]:
    """Return the packages that the code asks for; theirs are not among them."""
    return [SDK, *_pins(project_dir / "requirements.txt")]


def pinned_versions(project_dir: Path) -> dict[str, str]:
    """Return the version of each package, by canonical name; what ships has the last word."""
    paths = (project_dir / name for name in ("requirements-dev.txt", "requirements.txt"))
    return {name: version for path in paths for name, version in _pins(path).items()}


def _pins(path: Path) -> dict[str, str]:
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return dict(_pin(line, path) for line in lines if line)


def _pin(line: str, path: Path) -> tuple[str, str]:
    requirement = Requirement(line)
    specifiers = list(requirement.specifier)
    if [specifier.operator for specifier in specifiers] != ["=="]:
        raise PackagingError(f'{path.name} has "{line}"; a pin is like name==1.2.3.')
    return canonicalize_name(requirement.name), specifiers[0].version
