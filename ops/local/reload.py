"""Restart ``chalice local`` when a source changes, and for nothing else.

Chalice watches every file of the project folder, so each stored submission,
compiled module or installed package would restart the server that made it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from ops.local.sources import POLL_INTERVAL_SECONDS, Sources

_PROJECT_DIR = Path(__file__).resolve().parents[2]
_watching = threading.Event()


def watch_sources_only() -> None:
    """Take over from Chalice's watcher, if this is a process that it watches for."""
    # Chalice's own mark of the process that it restarts.
    if "CHALICE_WORKER" not in os.environ or _watching.is_set():
        return
    _watching.set()
    _end_chalice_watcher()
    threading.Thread(target=_restart_on_change, args=(Sources(_PROJECT_DIR),), daemon=True).start()


def _end_chalice_watcher() -> None:
    # Loaded already in such a process; a third of a second in any other.
    from chalice.cli.filewatch.stat import StatFileWatcher

    # Its thread is under way, so it ends in the next of these that it calls.
    for step in ("_is_changed_file", "_single_pass_poll"):
        setattr(StatFileWatcher, step, _end_thread)
    try:
        from chalice.cli.filewatch.eventbased import WatchdogRestarter
    except ImportError:
        return
    # Used instead where the watchdog package happens to be installed.
    WatchdogRestarter.on_any_event = _ignore  # type: ignore[method-assign,assignment]


def _ignore(*_event: Any) -> None:
    pass


def _end_thread(*_unused: Any) -> NoReturn:
    raise SystemExit


def _restart_on_change(sources: Sources) -> None:
    from chalice.cli.filewatch import RESTART_REQUEST_RC

    parent = os.getppid()
    while True:
        time.sleep(POLL_INTERVAL_SECONDS)
        if os.getppid() != parent:
            # Chalice's parent process was killed; alone we would only keep the port taken.
            os._exit(1)
        if changed := sources.changed_file():
            print(f"{changed} changed: restarting", flush=True)
            sys.stdout.flush()
            # Chalice's parent process starts a new one. Nothing is left to do here: what was
            # acknowledged is in the journal.
            os._exit(RESTART_REQUEST_RC)
