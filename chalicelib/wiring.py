"""The composition root: make the collaborators once and hand them to the use cases.

Clock, randomness, network and environment start here and arrive elsewhere as
arguments. This is the only place that knows of local mode.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from chalicelib.config import Settings
from chalicelib.errors import StoreUnavailable
from chalicelib.forms import load_forms
from chalicelib.half_answers import refuse_half_answers
from chalicelib.intake import Intake
from chalicelib.lesson_store import DynamoLessons
from chalicelib.lessons import Lessons, Teacher, teach
from chalicelib.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.captchas import Captchas
    from chalicelib.deliveries import Deliveries
    from chalicelib.delivery_queue import DeliveryQueue
    from chalicelib.https_post import HttpsPost
    from chalicelib.inbox import Inbox, Owner
    from chalicelib.intake import CaptchaService
    from chalicelib.model import Form
    from chalicelib.notices import Notices
    from chalicelib.outbox import Outbox
    from chalicelib.token_store import TokenStore
    from ops.local.queue import LocalQueue

# Once more than the first try: with both, an answer to the visitor comes within
# 2 x (1 s to connect + 1 s to answer) + 1 s of backoff, for each of the two calls
# that the first post to a new container makes.
STORE_ATTEMPTS = 2
# Nobody waits for these; with two tries of both, deliver still ends within its 30 s.
CONNECT_TIMEOUT_SECONDS = 3.0
READ_TIMEOUT_SECONDS = 8.0
SERVICE_ATTEMPTS = 2
# A visitor waits for a captcha: 2 s for its service and, every few minutes, 1 s to connect
# and 1 s for the answer to its secret, tried once. With the store's 10 s, the API still
# ends within its 15 s (lambda_timeout in .chalice/config.json).
CAPTCHA_SECONDS = 2.0
CAPTCHA_SECRET_SECONDS = 1.0
# botocore puts a longer one together twice for each request, for 12 % of its CPU time.
USER_AGENT = "Formpost"
# Lambda's name of the function that answers visitors; see policy-api.json for what it may do.
_API_HANDLER = "app.app"


class Wiring(NamedTuple):
    """Everything that app.py hands to the use cases."""

    settings: Settings
    intake: Intake
    notices: Callable[[], Notices]
    owner: Callable[[], Owner]
    write_log: Callable[[Mapping[str, Any]], None]


def from_env() -> Wiring:
    """Make the collaborators that this process's environment asks for.

    Raises:
        ConfigError: a setting or forms.toml has a mistake.
    """
    settings = Settings.from_env(os.environ)
    if settings.store == "embedded":
        # Never in Lambda: ops/ is not shipped.
        from ops.local import gateway

        gateway.mend()
    forms = load_forms(settings.forms_file)
    store = submission_store(settings)
    intake = Intake(
        forms=forms,
        allowed_origins=settings.allowed_origins,
        store=store,
        now=_now,
        random_bytes=secrets.token_bytes,
        ask_captcha=_captcha_service(settings),
        lessons=Lessons(DynamoLessons(lambda: store.client, table=settings.table), time.monotonic),
    )
    if os.environ.get("_HANDLER") == _API_HANDLER:
        _connect_early(store)
    queue = cache(lambda: delivery_queue(settings))
    return Wiring(
        settings,
        intake,
        cache(lambda: _notices(settings, forms, store, queue())),
        lambda: _owner(settings, forms, store, queue()),
        _log(settings),
    )


def _connect_early(store: Repository) -> None:
    # In Lambda's init phase, which has a full CPU for free: the first visitor of a container
    # waits for one request on a connection that is there, as all others do.
    with suppress(StoreUnavailable):
        store.signing_key()


def _captcha_service(settings: Settings) -> CaptchaService:
    """Return what asks, made for the first submission to a form with a captcha."""

    @cache
    def captchas() -> Captchas:
        from chalicelib.captchas import Captchas
        from chalicelib.https_post import HttpsPost

        return Captchas(
            read_secret=_captcha_secrets(settings),
            ask=HttpsPost(now=_now, deadline_seconds=CAPTCHA_SECONDS).ask,
            allowed_origins=settings.allowed_origins,
            now=_now,
            write_log=write_log,
        )

    return lambda captcha, token, form: captchas().state(captcha, token, form)


def _captcha_secrets(settings: Settings) -> Callable[[str], str]:
    if settings.store == "embedded":
        from ops.local import secrets_file

        return secrets_file.of_data_dir(settings.data_dir).read
    from chalicelib.secret_store import SecretStore

    return SecretStore(
        lambda: _client("ssm", waits_seconds=CAPTCHA_SECRET_SECONDS),
        lambda: _client("secretsmanager", waits_seconds=CAPTCHA_SECRET_SECONDS),
        now=_now,
    ).read


def _owner(
    settings: Settings,
    forms: Mapping[str, Form],
    store: Repository,
    queue: DeliveryQueue | LocalQueue,
) -> Owner:
    # In the first request of an owner's: a visitor's post must not wait for it.
    from chalicelib.deliveries import Deliveries
    from chalicelib.inbox import Inbox, Owner
    from chalicelib.owner_store import OwnerStore
    from chalicelib.token_store import TokenStore
    from chalicelib.tokens import Gate

    inbox = Inbox(
        forms=forms,
        submissions=store,
        store=OwnerStore(lambda: store.client, table=settings.table),
        deliveries=Deliveries(lambda: store.client, table=settings.table),
        queue=queue,
        now=_now,
        seconds=time.monotonic,
    )
    tokens = TokenStore(lambda: store.client, table=settings.table)
    return Owner(inbox, Gate(tokens, store.signing_key, _now))


def _notices(
    settings: Settings,
    forms: Mapping[str, Form],
    store: Repository,
    queue: DeliveryQueue | LocalQueue,
) -> Notices:
    # In the first event of a stream, queue or topic: a visitor's post never needs it.
    from chalicelib.notices import Notices

    return Notices(_outbox(settings, forms, store, queue))


def _outbox(
    settings: Settings,
    forms: Mapping[str, Form],
    store: Repository,
    queue: DeliveryQueue | LocalQueue,
) -> Outbox:
    from chalicelib.deliveries import Deliveries
    from chalicelib.outbound import Outbound
    from chalicelib.outbox import Outbox
    from chalicelib.secret_store import SecretStore

    outbox = Outbox(
        forms=forms,
        submissions=store,
        deliveries=Deliveries(lambda: store.client, table=settings.table),
        queue=queue,
        outbound=Outbound(
            lambda: _client("sesv2"),
            lambda: _https_post(settings),
            configuration_set=settings.configuration_set,
        ),
        read_secret=SecretStore(
            lambda: _client("ssm"), lambda: _client("secretsmanager"), now=_now
        ).read,
        now=_now,
        jitter=lambda: secrets.randbelow(1_000) / 1_000,
        inbox_url=settings.inbox_url,
        write_log=_log(settings),
        teach=partial(teach, teacher=_teacher(settings, forms, store)),
    )
    if settings.store == "embedded":
        from ops.local.outbox import without_aws

        return without_aws(outbox, settings.data_dir)
    return outbox


def _teacher(settings: Settings, forms: Mapping[str, Form], store: Repository) -> Teacher:
    return Teacher(
        forms=forms,
        store=DynamoLessons(lambda: store.client, table=settings.table),
        now=_now,
        pause=time.sleep,
        write_log=write_log,
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _https_post(settings: Settings) -> HttpsPost:
    # With TLS and all that it needs: only who posts pays for it.
    from chalicelib.https_post import HttpsPost

    return HttpsPost(now=_now, allow_loopback=settings.allow_loopback)


def _client(
    service: Literal["sqs", "sesv2", "ssm", "secretsmanager"], *, waits_seconds: float | None = None
) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=waits_seconds or CONNECT_TIMEOUT_SECONDS,
        read_timeout=waits_seconds or READ_TIMEOUT_SECONDS,
        retries={
            "mode": "standard",
            # SES has no idempotency key: a mail whose answer got lost must not go out again at
            # once. The delivery's own retries say so, and carry its id.
            "total_max_attempts": 1 if waits_seconds or service == "sesv2" else SERVICE_ATTEMPTS,
        },
    )
    client = boto3.client(service, config=config)
    refuse_half_answers(client)
    return client


def submission_store(settings: Settings, *, publish: bool = True) -> Repository:
    """Return the store that the settings name; it connects on first use.

    Args:
        settings: which table, and where.
        publish: let other processes on this machine use an embedded store that
            this one has to start.
    """
    store = Repository(
        lambda: _connect(settings, publish=publish),
        table=settings.table,
        random_bytes=secrets.token_bytes,
        pause=time.sleep,
    )
    if settings.store == "aws":
        # Lambda's init phase has a full CPU for free: the client is made there.
        _ = store.client
    return store


def delivery_store(settings: Settings, *, publish: bool = True) -> Deliveries:
    """Return the deliveries in the store that the settings name, see ``submission_store``."""
    from chalicelib.deliveries import Deliveries

    store = submission_store(settings, publish=publish)
    return Deliveries(lambda: store.client, table=settings.table)


def token_store(settings: Settings, *, publish: bool = True) -> TokenStore:
    """Return the owner's tokens in the store that the settings name, see ``submission_store``."""
    from chalicelib.token_store import TokenStore

    store = submission_store(settings, publish=publish)
    return TokenStore(lambda: store.client, table=settings.table)


def owner_inbox(settings: Settings, *, publish: bool = True) -> Inbox:
    """Return what the owner's verbs work with, see ``submission_store``."""
    forms = load_forms(settings.forms_file)
    store = submission_store(settings, publish=publish)
    return _owner(settings, forms, store, delivery_queue(settings)).inbox


def delivery_queue(settings: Settings) -> DeliveryQueue | LocalQueue:
    """Return the queue that the settings name; it connects on first use."""
    if settings.store == "embedded":
        from ops.local import outbox

        return outbox.delivery_queue()
    from chalicelib.delivery_queue import DeliveryQueue

    return DeliveryQueue(
        lambda: _client("sqs"),
        name=settings.delivery_queue,
        dead_letters=settings.dead_letter_queue,
    )


def _log(settings: Settings) -> Callable[[Mapping[str, Any]], None]:
    """Return what writes the log lines, with metrics in them if the settings want any."""
    namespace = settings.metrics_namespace
    if namespace is None:
        return write_log
    from chalicelib import metrics

    return lambda line: write_log(metrics.embedded(line, namespace=namespace, now=_now()))


def write_log(line: Mapping[str, Any]) -> None:
    """Write one JSON line, in one piece, to where Lambda collects logs."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _connect(settings: Settings, *, publish: bool) -> DynamoDBClient:
    # What boto3.client makes, made without boto3, which imports 60 modules more for transfers
    # to S3 and for its resources; see docs/decisions/0018.
    from botocore.config import Config
    from botocore.session import Session

    is_embedded = settings.store == "embedded"
    config = Config(
        connect_timeout=settings.store_timeout_seconds,
        read_timeout=settings.store_timeout_seconds,
        retries={"mode": "standard", "total_max_attempts": STORE_ATTEMPTS},
        tcp_keepalive=True,
        user_agent=USER_AGENT,
        # DynamoDB checks the same; on a developer's machine and in tests both do.
        parameter_validation=is_embedded,
        # A proxy of the developer's does not lead to this machine's own loopback.
        proxies={} if is_embedded else None,
    )
    # Its own handlers are for other services, and for headers that DynamoDB does not read: 120 are
    # registered and copied at each start, ten run in each call. Left out with them is the token
    # by which a transaction that is sent again is the same: our claims say that themselves.
    session: Any = Session(include_builtin_handlers=False)
    if not is_embedded:
        client: DynamoDBClient = session.create_client("dynamodb", config=config)
        refuse_half_answers(client)
        return client
    from ops.local import dynamodb

    local: DynamoDBClient = session.create_client(
        "dynamodb",
        config=config,
        endpoint_url=dynamodb.endpoint_url(settings.data_dir, settings.table, publish=publish),
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106  the embedded store asks for none
    )
    return local
