"""The app with a store of its own: in memory, or on the DynamoDB of local mode without its HTTP."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import boto3
from botocore.awsrequest import AWSResponse

import app as routes
from chalicelib.config import PROJECT_DIR
from chalicelib.deliveries import Deliveries
from chalicelib.inbox import Inbox
from chalicelib.inbox import Owner as OwnerSide
from chalicelib.owner_store import OwnerStore
from chalicelib.repository import Repository
from chalicelib.token_store import TokenStore
from chalicelib.tokens import Gate, Scope
from ops.local.engine import TARGET_PREFIX, Engine
from ops.local.table import create_table_request
from tests.fakes import Clock, MemoryDeliveries, MemorySubmissions, RecordedQueue
from tests.fuzz.forms import FORMS
from tests.inbox_fakes import MemoryOwnerStore, MemoryTokens, Stopwatch, a_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from random import Random

    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "formpost-fuzz"
Kind = Literal["memory", "dynamodb"]


@dataclass
class Parts:
    """What the whole app works with."""

    submissions: Any
    owner_store: Any
    deliveries: Any
    tokens: Any


@dataclass
class Running:
    """The app.

    Attributes:
        function: what API Gateway calls.
        tokens: texts of owners' tokens, one for writing and one for reading.
    """

    function: Callable[[Any, Any], Any]
    parts: Parts
    clock: Clock
    tokens: tuple[str, str]
    log: list[Mapping[str, Any]]


def memory_parts() -> Parts:
    submissions, deliveries = MemorySubmissions(), MemoryDeliveries()
    return Parts(submissions, MemoryOwnerStore(submissions, deliveries), deliveries, MemoryTokens())


def dynamodb_parts(random: Random) -> Parts:
    """Return the real stores, before a table that is empty."""
    client = engine_client()
    submissions = Repository(
        lambda: client, table=TABLE, random_bytes=random.randbytes, pause=lambda _seconds: None
    )
    return Parts(
        submissions,
        OwnerStore(lambda: client, table=TABLE),
        Deliveries(lambda: client, table=TABLE),
        TokenStore(lambda: client, table=TABLE),
    )


def engine_client() -> DynamoDBClient:
    """Return boto3's own client of an empty table; its requests stay in this process."""
    engine = Engine()
    client = boto3.client(
        "dynamodb",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  nobody asks for one
    )

    def answer(request: Any, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().removeprefix(TARGET_PREFIX)
        found = engine.call(operation, request.body)
        headers: Any = found.headers
        return AWSResponse(request.url, found.status, headers, _Raw(found.body))

    events: Any = client.meta.events
    events.register("before-send.dynamodb", answer)
    client.create_table(**create_table_request(PROJECT_DIR / ".chalice" / "resources.json", TABLE))
    return client


@contextmanager
def running(
    kind: Kind, random: Random, *, wrap: Callable[[Any], Any] = lambda it: it
) -> Iterator[Running]:
    """Yield the app with an empty store for as long.

    Args:
        kind: of the store.
        random: where ids come from.
        wrap: returns what API Gateway calls instead of the app.
    """
    parts = memory_parts() if kind == "memory" else dynamodb_parts(random)
    clock = Clock()
    texts = []
    for scope in (Scope.WRITE, Scope.READ):
        token, text = a_token(scope, now=clock)
        parts.tokens.keep(token)
        texts.append(text)
    inbox = Inbox(
        forms=FORMS,
        submissions=parts.submissions,
        store=parts.owner_store,
        deliveries=parts.deliveries,
        queue=RecordedQueue(),
        now=clock,
        seconds=Stopwatch(),
    )
    gate = Gate(parts.tokens, parts.submissions.signing_key, clock)
    log: list[Mapping[str, Any]] = []
    app = routes.app
    before = app.intake, app.owner, app.write_log
    app.intake = replace(
        app.intake,
        forms=FORMS,
        allowed_origins=(),
        store=parts.submissions,
        now=clock,
        random_bytes=random.randbytes,
    )
    app.owner = OwnerSide(inbox, gate)
    app.write_log = log.append
    try:
        yield Running(wrap(app), parts, clock, (texts[0], texts[1]), log)
    finally:
        app.intake, app.owner, app.write_log = before


class _Raw:
    """A body that has arrived whole."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._body

    def read(self, *_: Any, **__: Any) -> bytes:
        return self._body
