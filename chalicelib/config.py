"""Every setting, read once from the environment.

``docs/settings.md`` documents each variable; a test fails on one that it misses.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from chalicelib.errors import ConfigError
from chalicelib.origins import origin_of
from chalicelib.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT_DIR = Path(__file__).resolve().parent.parent
# Set by Lambda's runtime, or by someone who names the DynamoDB to use: then the
# real client is meant. Everything else is a developer's machine.
_AWS_MARKS = ("AWS_LAMBDA_RUNTIME_API", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL")
_STORES = ("aws", "embedded")
DEFAULT_SITE_PORT = 8080
LOCAL_TABLE = "formpost-local"
# DynamoDB answers in milliseconds. The embedded store shares a busy machine with all else.
_TIMEOUT_SECONDS = {"aws": 1.0, "embedded": 3.0}
# Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
_NAMESPACE = re.compile(r"(?!AWS/)[A-Za-z0-9._/#:-]{1,255}")
# Chalice wants the ARN when it imports app.py, also where there is no stream yet.
_NO_STREAM_ARN = (
    "arn:aws:dynamodb:us-east-1:000000000000:table/formpost-local/stream/2026-01-01T00:00:00.000"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """One field a setting; units are in the names.

    Attributes:
        store: ``aws`` is DynamoDB; ``embedded`` runs one on this machine.
        table: name of the DynamoDB table.
        forms_file: path of forms.toml.
        data_dir: where the embedded store keeps its data.
        allowed_origins: may post to every form and be redirected to, besides
            the form's own ``allowed_origins``.
        stream_arn: of the table's stream, which invokes relay.
        delivery_queue: name of the queue, which invokes deliver.
        dead_letter_queue: name of the queue for what was tried as often as allowed.
        mail_events_topic: name of the topic that tells of bounces and complaints.
        configuration_set: of SES, which sends to that topic; None sends without one.
        metrics_namespace: of CloudWatch, for what log lines count; None counts nothing.
        inbox_url: of the owner's inbox page, for the links in notices; None has no links.
        allow_loopback: whether webhooks may go to this machine itself, also by http.
        store_timeout_seconds: limit for connecting to the store, and again for its answer.
    """

    store: Literal["aws", "embedded"]
    table: str
    forms_file: Path
    data_dir: Path
    allowed_origins: tuple[str, ...]
    stream_arn: str
    delivery_queue: str
    dead_letter_queue: str
    mail_events_topic: str
    configuration_set: str | None
    metrics_namespace: str | None
    inbox_url: str | None
    allow_loopback: bool
    store_timeout_seconds: float

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read the settings.

        Raises:
            ConfigError: a value is not one that is allowed.
        """
        store = _store(env)
        return cls(
            store=store,
            # The embedded store has one table, whichever stage runs on it.
            table=env.get("FORMPOST_TABLE", LOCAL_TABLE) if store == "aws" else LOCAL_TABLE,
            forms_file=Path(env.get("FORMPOST_FORMS", PROJECT_DIR / "chalicelib" / "forms.toml")),
            data_dir=Path(env.get("FORMPOST_DATA_DIR", PROJECT_DIR / ".formpost")),
            allowed_origins=_origins(env, store),
            stream_arn=env.get("FORMPOST_STREAM_ARN", _NO_STREAM_ARN),
            delivery_queue=env.get("FORMPOST_DELIVERY_QUEUE", "formpost-local-deliveries"),
            dead_letter_queue=env.get("FORMPOST_DEAD_LETTER_QUEUE", "formpost-local-dead-letters"),
            mail_events_topic=env.get("FORMPOST_MAIL_EVENTS_TOPIC", "formpost-local-mail-events"),
            configuration_set=env.get("FORMPOST_CONFIGURATION_SET") or None,
            metrics_namespace=_namespace(env),
            inbox_url=_page_url(env, "FORMPOST_INBOX_URL") or _local_inbox(env, store),
            allow_loopback=_flag(env, "FORMPOST_ALLOW_LOOPBACK"),
            store_timeout_seconds=_seconds(
                env, "FORMPOST_STORE_TIMEOUT_SECONDS", _TIMEOUT_SECONDS[store]
            ),
        )


def _store(env: Mapping[str, str]) -> Literal["aws", "embedded"]:
    default = "aws" if any(mark in env for mark in _AWS_MARKS) else "embedded"
    store = env.get("FORMPOST_STORE") or default
    if store == "aws":
        return "aws"
    if store == "embedded":
        return "embedded"
    raise ConfigError(f'FORMPOST_STORE is "{store}"; allowed: {", ".join(_STORES)}.')


def _origins(env: Mapping[str, str], store: str) -> tuple[str, ...]:
    listed = env.get("FORMPOST_ALLOWED_ORIGINS")
    if listed is not None:
        return tuple(_origin(text.strip()) for text in listed.split(",") if text.strip())
    return _local_sites(env) if store == "embedded" else ()


def _local_sites(env: Mapping[str, str]) -> tuple[str, str]:
    port = env.get("SITE_PORT") or DEFAULT_SITE_PORT
    return f"http://localhost:{port}", f"http://127.0.0.1:{port}"


def _origin(text: str) -> str:
    origin = origin_of(text)
    if origin is None or text.count("/") > len("//"):
        raise ConfigError(
            f'FORMPOST_ALLOWED_ORIGINS has "{text}"; an origin is like https://example.com.'
        )
    return origin


def _namespace(env: Mapping[str, str]) -> str | None:
    text = env.get("FORMPOST_METRICS")
    if not text:
        return None
    if not _NAMESPACE.fullmatch(text):
        raise ConfigError(
            f'FORMPOST_METRICS is "{text}"; a namespace of CloudWatch is like formpost-prod.'
        )
    return text


def _page_url(env: Mapping[str, str], name: str) -> str | None:
    text = env.get(name)
    if not text:
        return None
    if origin_of(text) is None or "#" in text:
        raise ConfigError(
            f'{name} is "{text}"; it is a page\'s URL, e.g. https://example.com/inbox.html.'
        )
    return text


def _local_inbox(env: Mapping[str, str], store: str) -> str | None:
    return f"{_local_sites(env)[0]}/inbox.html" if store == "embedded" else None


def _flag(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name) or "false"
    if text not in {"true", "false"}:
        raise ConfigError(f'{name} is "{text}"; allowed: true, false.')
    return text == "true"


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name, "")
    try:
        seconds = float(text) if text else default
    except ValueError as error:
        raise ConfigError(f'{name} is "{text}"; it is a number of seconds, e.g. 1.5.') from error
    if not 0 < seconds <= 10:  # noqa: PLR2004  API Gateway's visitor waits 10 s at most
        raise ConfigError(f'{name} is "{text}"; allowed: more than 0, at most 10.')
    return seconds
