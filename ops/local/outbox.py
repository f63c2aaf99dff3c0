"""What local mode has in the place of AWS to tell owners: queue, mail folder, secrets file, pump.

Posts leave for real. The pump runs where the API is served and the data are held: not
when app.py is imported, and not in a command that opens the data for a moment. A second
server beside it leaves the pumping to the one that holds the data.
"""

from __future__ import annotations

import atexit
import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.config import PROJECT_DIR, Settings
from ops.local import secrets_file
from ops.local.mail import MailFolder
from ops.local.queue import LocalQueue, max_receives

if TYPE_CHECKING:
    from pathlib import Path

    from chalice.app import Chalice

    from chalicelib.outbox import Outbox
    from ops.local.pump import Pump

_RESOURCES_FILE = PROJECT_DIR / ".chalice" / "resources.json"
_pumps: list[Pump] = []


def without_aws(outbox: Outbox, data_dir: Path) -> Outbox:
    """Return an outbox whose mails become files and whose secrets stand in a file."""
    return replace(
        outbox,
        outbound=MailFolder(mail_dir(data_dir), now=_now, outbound=outbox.outbound),
        read_secret=secrets_file.of_data_dir(data_dir).read,
    )


@cache
def delivery_queue() -> LocalQueue:
    """Return the queue of this process: relay and deliver put into it, the pump takes out."""
    from chalicelib.wiring import write_log

    return LocalQueue(now=_now, max_receives=max_receives(_RESOURCES_FILE), write_log=write_log)


def mail_dir(data_dir: Path) -> Path:
    """Return where the mails of a data folder are."""
    return data_dir / "mail"


def start_pump(app: Chalice) -> None:
    """Hand what is written from now on, and what is left over, to the app's relay and deliver.

    Raises:
        ConfigError: the data folder cannot be used.
    """
    from chalicelib import wiring
    from ops.local import dynamodb
    from ops.local.handlers import Handlers
    from ops.local.pump import Pump

    settings = Settings.from_env(os.environ)
    dynamodb.endpoint_url(settings.data_dir, settings.table)
    database = dynamodb.held(settings.data_dir)
    if database is None:
        # Another process holds the data. What is written here is written, and told, there.
        return
    pump = Pump(
        Handlers.of(app),
        database=database,
        queue=delivery_queue(),
        deliveries=wiring.delivery_store(settings),
        now=_now,
        write_log=wiring.write_log,
    )
    pump.start()
    _pumps.append(pump)
    # Registered after dynamodb's own, so it comes before the database is closed.
    atexit.register(stop_pump)


def stop_pump() -> None:
    """Let an attempt that is under way come to its end; the rest is done after the next start."""
    while _pumps:
        _pumps.pop().stop()


def _now() -> datetime:
    return datetime.now(UTC)
