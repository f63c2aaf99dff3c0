"""An embedded DynamoDB that keeps its data in a folder: no account, no Docker.

It is moto's, in this process, behind HTTP on 127.0.0.1, so that chalicelib uses
it through boto3 exactly as it uses the real one. One process holds a data
folder; another one that asks for the same folder is sent to the holder.
"""

from __future__ import annotations

import atexit
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.errors import ConfigError
from ops.local.claim import Claim, holder_pid, holder_url

if TYPE_CHECKING:
    from pathlib import Path

    from ops.local.database import Database
    from ops.local.dynamodb_server import DynamoDBServer

# A holder that starts reads its whole journal first; 10,000 submissions take some 3 s.
WAIT_SECONDS = 15.0
_POLL_INTERVAL_SECONDS = 0.05


class _Held(NamedTuple):
    """A data folder that this process serves."""

    claim: Claim
    database: Database
    server: DynamoDBServer


_held_by_data_dir: dict[Path, _Held] = {}
_lock = threading.Lock()


def endpoint_url(
    data_dir: Path, table: str, *, publish: bool = True, wait_seconds: float = WAIT_SECONDS
) -> str:
    """Return where the DynamoDB of ``data_dir`` answers, after starting it if nobody has.

    Args:
        data_dir: made if it is not there.
        table: made if it is not there, when this process serves the folder.
        publish: whether other processes may use the one that starts here; False for a
            command that ends in a moment.
        wait_seconds: how long a process that holds the folder may take to answer.

    Raises:
        ConfigError: the folder cannot be used, its journal is damaged, or another process
            holds it and does not answer.
    """
    try:
        data_dir = data_dir.resolve()
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _lock:
            held = _held_by_data_dir.get(data_dir)
            if held is None:
                found = _claim_or_url(data_dir, wait_seconds)
                if isinstance(found, str):
                    return found
                held = _held_by_data_dir[data_dir] = _serve(found, data_dir, table)
            held.database.create_table(table)
            if publish:
                held.claim.publish(held.server.url)
            return held.server.url
    except OSError as error:
        raise ConfigError(f"The data folder {data_dir} cannot be used: {error}.") from error


def held(data_dir: Path) -> Database | None:
    """Return the database of a folder that this process serves; None if it does not."""
    with _lock:
        found = _held_by_data_dir.get(data_dir.resolve())
        return found.database if found else None


def close() -> None:
    """Force all data to the disk and free the folders; what comes afterwards is not answered."""
    with _lock:
        for held in _held_by_data_dir.values():
            held.server.shutdown()
            held.server.server_close()
            held.database.close()
            held.claim.release()
        _held_by_data_dir.clear()


def _claim_or_url(data_dir: Path, wait_seconds: float) -> Claim | str:
    """Return the claim to serve the folder, or where the process that has it answers."""
    deadline = time.monotonic() + wait_seconds
    while True:
        if claim := Claim.take(data_dir):
            return claim
        if url := holder_url(data_dir):
            return url
        if time.monotonic() > deadline:
            raise ConfigError(
                f"The data in {data_dir} are in use by process {holder_pid(data_dir)}, which does "
                "not answer. Stop it, or set FORMPOST_DATA_DIR to another folder."
            )
        time.sleep(_POLL_INTERVAL_SECONDS)


def _serve(claim: Claim, data_dir: Path, table: str) -> _Held:
    # moto takes a third of a second to import; nothing else of local mode needs it.
    from ops.local.database import Database
    from ops.local.dynamodb_server import DynamoDBServer

    try:
        database = Database(data_dir / "dynamodb.jsonl", table)
    except BaseException:
        claim.release()
        raise
    server = DynamoDBServer(database, data_dir)
    server.start()
    return _Held(claim, database, server)


atexit.register(close)
