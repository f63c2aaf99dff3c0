"""Site, API, database and notices in one process, from start to stop.

One process, so that killing it leaves nothing behind that holds a port. When a
source changes it replaces itself by a fresh one in place: same process number,
same terminal, no module half reloaded.
"""

from __future__ import annotations

import os
import shlex
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from chalicelib.config import Settings
from chalicelib.errors import ConfigError
from ops.local import dynamodb, inbox_link, outbox
from ops.local.api import check_health, start_api
from ops.local.mail_page import LIST_PATH
from ops.local.ports import loopback_hosts, ports_from_env
from ops.local.site import HOME, SiteServer
from ops.local.sources import POLL_INTERVAL_SECONDS, Sources

if TYPE_CHECKING:
    from ops.local.http_server import LocalServer
    from ops.local.ports import Ports

_STORE_SETTINGS = ("FORMPOST_DATA_DIR", "FORMPOST_FORMS", "FORMPOST_STORE", "FORMPOST_TABLE")
# Set for the process that takes over after a change.
_RESTARTED = "_FORMPOST_RESTARTED"


def run(project_dir: Path) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Raises:
        ConfigError: it cannot start. After a change of a source that is printed instead, and
            the next change waited for.
    """
    restarted = bool(os.environ.pop(_RESTARTED, ""))
    for stop_signal in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop_signal, signal.default_int_handler)
    sources = Sources(project_dir)
    servers: list[LocalServer] = []
    try:
        try:
            _start(project_dir, servers, restarted=restarted)
        except ConfigError as error:
            if not restarted:
                raise
            _say(f"{error}\nThe API is not running; waiting for the next change.")
        changed = _wait_for_change(sources)
        _say(f"{changed} changed: restarting")
        _stop(servers)
        _replace_process()
    except KeyboardInterrupt:
        for stop_signal in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop_signal, signal.SIG_IGN)
        _stop(servers)
        # After the ^C that the terminal shows.
        _say(("\n" if sys.stdout.isatty() else "") + "Stopped. What was sent is kept.")


def _start(project_dir: Path, servers: list[LocalServer], *, restarted: bool) -> None:
    ports = ports_from_env(os.environ)
    # config.py reads the site's port for the origins that may post.
    os.environ.update(API_PORT=str(ports.api), SITE_PORT=str(ports.site))
    api_hosts = loopback_hosts(ports.api, "API_PORT")
    site_hosts = loopback_hosts(ports.site, "SITE_PORT")
    mails = _mail_dir(Settings.from_env(os.environ))
    for host in site_hosts:
        site = SiteServer(
            host,
            ports.site,
            site_dir=project_dir / "static_site",
            api_address=ports.api_address,
            mail_dir=mails,
        )
        site.start()
        servers.append(site)
    servers += start_api(project_dir, api_hosts, ports.api)
    check_health(ports.api)
    _say("Running again." if restarted else _welcome(ports))


def _welcome(ports: Ports) -> str:
    settings = Settings.from_env(os.environ)
    look = f"{_own_command()} submissions list"
    return f"""
Formpost is running on this machine.

  Contact form    {ports.site_address}{HOME}
  API             {ports.api_address}
{_inbox(settings, ports)}
{_where_it_goes(settings, ports)}

What was sent     {look}
  as JSON         {look} --json

Ctrl-C stops it. A change of the code or of forms.toml restarts it.
"""


def _inbox(settings: Settings, ports: Ports) -> str:
    page = f"{ports.site_address}/inbox.html"
    if settings.store == "aws":
        # A start on this machine makes no key to what a deployed stage has.
        return f"  Inbox           {page}; python -m ops tokens create makes a token"
    return f"  Inbox           {inbox_link.fresh_link(page, settings)}"


def _where_it_goes(settings: Settings, ports: Ports) -> str:
    if settings.store == "aws":
        # The stream of that table, if it has one, starts no function of this machine's.
        return f"  Stored in       table {settings.table}; owners are not told from here"
    return f"""\
  Mail            {ports.site_address}{LIST_PATH}
  as files in     {outbox.mail_dir(settings.data_dir)}
  Stored in       {settings.data_dir}"""


def _mail_dir(settings: Settings) -> Path | None:
    return outbox.mail_dir(settings.data_dir) if settings.store == "embedded" else None


def _own_command() -> str:
    """Return what starts this command in another terminal and looks at the same data."""
    python = Path(sys.executable)
    if python.is_relative_to(Path.cwd()):
        python = python.relative_to(Path.cwd())
    settings = [
        f"{name}={shlex.quote(os.environ[name])}" for name in _STORE_SETTINGS if name in os.environ
    ]
    return " ".join([*settings, shlex.quote(str(python)), "-m ops"])


def _wait_for_change(sources: Sources) -> str:
    while True:
        time.sleep(POLL_INTERVAL_SECONDS)
        if changed := sources.changed_file():
            return changed


def _stop(servers: list[LocalServer]) -> None:
    outbox.stop_pump()
    for server in servers:
        server.shutdown()
        server.server_close()
    dynamodb.close()


def _replace_process() -> NoReturn:
    os.environ[_RESTARTED] = "1"
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606


def _say(text: str) -> None:
    print(text, flush=True)
