"""Which files make a running server old, and whether they have changed.

Not watched: stored data, virtual environments, caches, and static_site, which
is read from the disk for each request anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POLL_INTERVAL_SECONDS = 0.25
_FILES = ("app.py", ".chalice/config.json", ".chalice/resources.json")
_FOLDERS = ("chalicelib", "ops")

Versions = dict[str, tuple[int, int]]
"""Modification time (ns) and size by path, relative to the project."""


class Sources:
    """The sources of one project, compared with what they were when this was made."""

    def __init__(self, project_dir: Path) -> None:
        self._project_dir = project_dir
        self._loaded = self._seen = self._versions()

    def changed_file(self) -> str | None:
        """Return a file that was changed, added or removed; call it again and again.

        Only once nothing moves any more between two calls, so that one restart
        is enough for an editor that replaces files, or for a checkout.
        """
        before, self._seen = self._seen, self._versions()
        if self._seen != before or self._seen == self._loaded:
            return None
        return min(name for name, _ in self._seen.items() ^ self._loaded.items())

    def _versions(self) -> Versions:
        versions = {}
        for path in self._paths():
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            name = str(path.relative_to(self._project_dir))
            versions[name] = (status.st_mtime_ns, status.st_size)
        return versions

    def _paths(self) -> Iterator[Path]:
        for name in _FILES:
            yield self._project_dir / name
        for name in _FOLDERS:
            for path in (self._project_dir / name).rglob("*"):
                # Editors keep their own files beside ours: .app.py.swp, app.py~.
                editors = path.name.startswith(".") or path.name.endswith("~")
                if not editors and "__pycache__" not in path.parts and path.is_file():
                    yield path
