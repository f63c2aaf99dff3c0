"""The app of this project in Chalice's local server, with errors that a person can read."""

from __future__ import annotations

import io
import json
import os
import traceback
from contextlib import redirect_stdout
from http import HTTPStatus
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from chalicelib.config import Settings
from chalicelib.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from chalice.app import Chalice

    from ops.local.http_server import LocalServer

_STAGE = "local"
_HEALTH_TIMEOUT_SECONDS = 10.0


def start_api(project_dir: Path, hosts: list[str], port: int) -> list[LocalServer]:
    """Import app.py, open its store, serve it on every host, and tell owners of what comes in.

    Raises:
        ConfigError: the app cannot be loaded; several lines where code is at fault.
    """
    app, servers = _bound(project_dir, hosts, port)
    if Settings.from_env(os.environ).store == "embedded":
        # Opens the store, which the app would do at its first request, and answer that with what
        # is raised here.
        from ops.local import outbox

        outbox.start_pump(app)
    for server in servers:
        server.start()
    return servers


def check_health(port: int) -> None:
    """Ask the running API whether it and its store answer.

    Raises:
        ConfigError: they do not.
    """
    # The app logs this request too; that line helps only when it failed.
    with redirect_stdout(io.StringIO()) as log:
        status, body = _get(port, "/health")
    if status != HTTPStatus.OK:
        raise ConfigError(f"{log.getvalue()}GET /health answers {status}: {_detail(body)}")


def _bound(project_dir: Path, hosts: list[str], port: int) -> tuple[Chalice, list[LocalServer]]:
    # What `chalice local` does, without its command line; half a second to import.
    from chalice.cli.factory import CLIFactory
    from chalice.deploy.validate import validate_routes

    from ops.local import gateway

    # wiring.py does it for the embedded store; what answers here is no less local with another.
    gateway.mend()
    factory = CLIFactory(str(project_dir), environ=os.environ)
    try:
        config = factory.create_config_obj(_STAGE)
        app = config.chalice_app
        validate_routes(app.routes)
    except ConfigError:
        raise
    except Exception as error:
        raise ConfigError(_readable(error)) from error
    first = factory.create_local_server(app, config, hosts[0], port)
    # Chalice's function cannot be called twice: it changes the class of the app.
    others = [type(first)(app, config, host, port) for host in hosts[1:]]
    return app, [server.server for server in (first, *others)]


def _readable(error: Exception) -> str:
    if isinstance(error.__context__, SyntaxError):
        return str(error)  # Chalice has made it one with file, line and text.
    return "app.py cannot be loaded:\n" + "".join(traceback.format_exception(error)).rstrip()


def _get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=_HEALTH_TIMEOUT_SECONDS)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    except OSError as error:
        raise ConfigError(f"The API on port {port} does not answer: {error}.") from error
    finally:
        connection.close()


def _detail(body: bytes) -> str:
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", "replace")
