"""One Lambda container of the campaign: app.py in a process of its own, one event at a time.

app.py finds its collaborators as it does in Lambda, real clients and their retries among
them. What is put in their place is what a campaign cannot wait for or does not have: the
clock of the functions that tell owners, and Parameter Store.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from chalicelib.https_post import HttpsPost
from chalicelib.notices import Notices
from chalicelib.outbound import Outbound
from tests.faults.clock import SkippingClock
from tests.faults.forms import WEBHOOK_SECRET

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.sharedctypes import Synchronized

# The first thing that a container says, for whoever waits for it.
READY = "ready"
# The receiver is on this machine.
POST_DEADLINE_SECONDS = 2.0


def serve(
    connection: Connection,
    handler: str,
    environment: Mapping[str, str],
    skipped_seconds: Synchronized[float],
) -> None:
    """Answer events from the connection until it is closed.

    Args:
        connection: brings (event, request id), takes (whether it succeeded, the answer).
        handler: a name in app.py, e.g. ``relay``.
        environment: the function's variables.
        skipped_seconds: of the campaign's clock.
    """
    for name in [name for name in os.environ if name.startswith(("AWS_", "FORMPOST_"))]:
        del os.environ[name]
    os.environ.update(environment)
    # The function's log goes to standard output, and nobody reads it here.
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    function = _function(handler, SkippingClock(skipped_seconds))
    # Until whoever has the other end is gone.
    with suppress(EOFError, OSError):
        connection.send(READY)
        while True:
            event, request_id = connection.recv()
            connection.send(_outcome(function, event, request_id))


def _function(handler: str, clock: SkippingClock) -> Any:
    import app as routes

    if handler != "app":
        post = partial(
            HttpsPost, now=clock, allow_loopback=True, deadline_seconds=POST_DEADLINE_SECONDS
        )
        outbox = replace(
            routes.notices().outbox,
            now=clock,
            outbound=Outbound(_no_mail, post),
            read_secret=lambda _reference: WEBHOOK_SECRET,
        )
        routes.notices = lambda: Notices(outbox)
    return getattr(routes, handler)


def _outcome(function: Any, event: Any, request_id: str) -> tuple[bool, Any]:
    try:
        return True, function(event, SimpleNamespace(aws_request_id=request_id))
    except Exception as error:  # noqa: BLE001  Lambda counts them all
        return False, repr(error)


def _no_mail() -> Any:
    raise LookupError("nobody is told by mail here")
