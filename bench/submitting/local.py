"""Local servers: how many posts a second on one kept connection.

``python -m ops run``'s API against uvicorn + FastAPI, both with the same store, taking
turns. Time is on the clock, since it is what a developer waits; so the ratio is of
rounds that lie beside each other.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from bench.submitting.packages import PEER_ENVIRONMENT, PEERS_DIR, PROJECT_DIR, installed
from bench.submitting.ratios import spread
from bench.submitting.rounds import HEADERS
from tests.builders import ADA
from tests.packaged.function import LAMBDA_ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_CREATED = 201
_START_SECONDS = 60.0
_WARMING_POSTS = 20
# What `python -m ops run` does to serve the API, without its site.
_SERVE = (
    "import sys, threading; from pathlib import Path; from ops.local.api import start_api;"
    "start_api(Path.cwd(), ['127.0.0.1'], int(sys.argv[1])); threading.Event().wait()"
)


class LocalRates(NamedTuple):
    """Requests a second of each round, by server."""

    ours: list[float]
    uvicorn: list[float]

    @property
    def ratio(self) -> float:
        """How many of ours to one of uvicorn's: the median of the rounds' ratios."""
        return median(ours / peer for ours, peer in zip(self.ours, self.uvicorn, strict=True))

    def document(self) -> dict[str, Any]:
        """Return what results.json has."""
        titles = {"formpost": "Formpost's local API", "uvicorn": "uvicorn + FastAPI"}
        rates = {"formpost": self.ours, "uvicorn": self.uvicorn}
        return {
            "ratio": round(self.ratio, 3),
            "servers": {
                name: {
                    "title": titles[name],
                    "requests_per_second": {
                        key: round(value) for key, value in spread(rates[name])._asdict().items()
                    },
                }
                for name in titles
            },
        }


def local_rates(store_url: str, work_dir: Path, *, rounds: int, posts: int) -> LocalRates:
    """Post so often in each round, to one server after the other."""
    with (
        _server([sys.executable, "-c", _SERVE], PROJECT_DIR, store_url, {}, work_dir) as ours,
        _uvicorn(store_url, work_dir) as peer,
    ):
        rates = LocalRates([], [])
        for connection in (ours, peer):
            _posts_a_second(connection, _WARMING_POSTS)
        for _ in range(rounds):
            rates.ours.append(_posts_a_second(ours, posts))
            rates.uvicorn.append(_posts_a_second(peer, posts))
        return rates


@contextmanager
def _uvicorn(store_url: str, work_dir: Path) -> Iterator[HTTPConnection]:
    root = work_dir / "uvicorn"
    for peer in ("fastapi", "uvicorn"):
        shutil.copytree(installed(peer), root, dirs_exist_ok=True)
    shutil.copy(PEERS_DIR / "fastapi" / "app.py", root)
    shutil.copy(PEERS_DIR / "contact.py", root)
    serve = "import sys, uvicorn; uvicorn.run('app:app', port=int(sys.argv[1]), access_log=False)"
    command = [sys.executable, "-S", "-c", serve]
    with _server(command, root, store_url, PEER_ENVIRONMENT, work_dir) as connection:
        yield connection


@contextmanager
def _server(
    command: list[str],
    directory: Path,
    store_url: str,
    environment: Mapping[str, str],
    work_dir: Path,
) -> Iterator[HTTPConnection]:
    """Start a server and yield a connection to it."""
    port = _free_port()
    log = work_dir / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, str(port)],
            cwd=directory,
            env={
                "PATH": os.environ["PATH"],
                **LAMBDA_ENVIRONMENT,
                **environment,
                "PYTHONPATH": str(directory),
                "AWS_ENDPOINT_URL_DYNAMODB": store_url,
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    connection = HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)
    try:
        _connect(connection, process, log)
        yield connection
    finally:
        connection.close()
        process.kill()
        process.wait()


def _connect(connection: HTTPConnection, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(ConnectionError):
            connection.connect()
            # Else each request waits for a delayed acknowledgement.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return
        time.sleep(0.05)
    raise RuntimeError(f"The server does not start:\n{log.read_text('utf-8')}")


def _posts_a_second(connection: HTTPConnection, posts: int) -> float:
    started = time.perf_counter()
    for number in range(posts):
        fields = {**ADA, "message": f"{started} {number}"}
        connection.request("POST", "/contact", urlencode(fields), HEADERS)
        response = connection.getresponse()
        text = response.read()
        if response.status != _CREATED or response.will_close:
            raise RuntimeError(f"The post was not accepted on a kept connection: {text!r}")
    return posts / (time.perf_counter() - started)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
