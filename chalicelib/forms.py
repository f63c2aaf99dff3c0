"""Read and check forms.toml, the owner's forms as code.

A mistake stops the start and names form, key, value and what is allowed; see docs/forms.md.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, get_args

from chalicelib.channels import channel, channel_names
from chalicelib.controls import CONTROL_NAMES
from chalicelib.errors import ConfigError
from chalicelib.model import Field, FieldType, Form, Target
from chalicelib.origins import origin_of
from chalicelib.spam_rules import spam_rules
from chalicelib.toml_keys import check_keys, is_count, is_flag, is_text, is_text_list

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.toml_keys import Check

# It stands in URLs and in the store's keys.
_FORM_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
FIELD_TYPES: tuple[FieldType, ...] = get_args(FieldType)
# Lambda takes 6 MB of event, and base64 adds a third to a multipart body.
MAX_BODY_BYTES = 4_500_000
# Each shard is one more DynamoDB request for the reader, and 1,000 writes/s more for the visitors.
MAX_SHARDS = 64
# Far above what people send, and still a number that stops a flood.
MAX_HOURLY_LIMIT = 100_000


def load_forms(path: Path) -> dict[str, Form]:
    """Return every form of the file by its id, in the file's order.

    Raises:
        ConfigError: the file is missing, is not TOML, or has a mistake.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}.") from error
    if not tables:
        raise ConfigError(f'{path}: declares no form. A form is [contact] and title = "Contact".')
    return {form_id: _form(form_id, table) for form_id, table in tables.items()}


def _form(form_id: str, table: Any) -> Form:
    if not _FORM_ID.fullmatch(form_id):
        raise ConfigError(
            f'[{form_id}]: a form\'s name has 1 to 64 of a-z, 0-9, "-" and "_", e.g. [contact].'
        )
    if not isinstance(table, dict):
        raise ConfigError(f"{form_id} = {table!r}: a form is a table: [{form_id}].")
    where = f"[{form_id}]"
    check_keys(where, table, _FORM_KEYS)
    fields = tuple(
        _field(f"{where} field {number}", entry)
        for number, entry in enumerate(table.get("fields", ()), start=1)
    )
    _check_fields_agree(where, fields, strict=table.get("strict", False))
    return Form(
        id=form_id,
        targets=tuple(
            _target(f"[{form_id}.notify.{name}]", name, settings)
            for name, settings in table.pop("notify", {}).items()
        ),
        spam=spam_rules(f"[{form_id}.spam]", table.pop("spam", {})),
        **{
            "title": _title_from(form_id),
            **table,
            "fields": fields,
            "allowed_origins": tuple(
                origin_of(origin) for origin in table.get("allowed_origins", ())
            ),
        },
    )


def _target(where: str, name: str, table: Any) -> Target:
    if not isinstance(table, dict) or not _FORM_ID.fullmatch(name):
        raise ConfigError(f"{where} = {table!r}: a target is a table, e.g. [contact.notify.email].")
    settings = {key: value for key, value in table.items() if key != "channel"}
    channel_name = table.get("channel", name)
    if channel_name not in channel_names():
        raise ConfigError(
            f"{where} channel = {channel_name!r}: allowed is one of {', '.join(channel_names())}."
        )
    known = channel(channel_name).SETTINGS
    check_keys(
        where,
        settings,
        {key: setting[:2] for key, setting in known.items()},
        # Where a reference belongs, somebody may have put the secret itself.
        unshown={key for key, setting in known.items() if setting.is_secret},
    )
    for key, setting in known.items():
        if setting.required and key not in settings:
            raise ConfigError(f"{where} {key}: is missing; it is {setting.allowed}.")
    return Target(name, channel_name, settings)


def _field(where: str, entry: Any) -> Field:
    if not isinstance(entry, dict):
        raise ConfigError(f'{where} = {entry!r}: a field is a table, e.g. {{ name = "email" }}.')
    where = f'{where} "{entry["name"]}"' if "name" in entry else where
    check_keys(where, entry, _FIELD_KEYS)
    if "name" not in entry:
        raise ConfigError(f"{where} name: is missing; it is {_FIELD_KEYS['name'][1]}.")
    field = Field(
        **{
            "label": _title_from(entry["name"]),
            **entry,
            "choices": tuple(entry.get("choices", ())),
        }
    )
    if field.name in CONTROL_NAMES:
        raise ConfigError(
            f"{where}: is a control field, which steers and is not stored; "
            "it works without being declared."
        )
    if field.type == "select" and not field.choices:
        raise ConfigError(f'{where}: a select needs choices, e.g. choices = ["Yes", "No"].')
    return field


def _title_from(name: str) -> str:
    """Return ``First name`` for ``first_name``."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def _check_fields_agree(where: str, fields: tuple[Field, ...], *, strict: bool) -> None:
    names = [field.name for field in fields]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f'{where} fields: "{name}" is declared twice; allowed is once.')
    if strict and not fields:
        raise ConfigError(
            f"{where} strict = true: it refuses undeclared fields, and fields declares none."
        )


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_origin_list(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(origin, str)
        and origin_of(origin) is not None
        and re.fullmatch(r"[a-z]+://[^/?#]+", origin, re.IGNORECASE) is not None
        for origin in value
    )


def _is_thanks_url(value: Any) -> bool:
    return isinstance(value, str) and (
        origin_of(value) is not None
        or re.fullmatch(r"/(?![/\\])[^\x00-\x20\\]*", value) is not None
    )


def _is_pattern(value: Any) -> bool:
    try:
        re.compile(value)
    except (re.error, TypeError):
        return False
    return isinstance(value, str)


_FLAG = (is_flag, "true or false")
_FORM_KEYS: dict[str, tuple[Check, str]] = {
    "title": (is_text, "a text that is not empty"),
    "fields": (_is_list, "a list of tables, each with a name"),
    "allowed_origins": (_is_origin_list, 'a list of origins, each like "https://example.com"'),
    "thanks_url": (_is_thanks_url, 'a path like "/thanks.html" or an http(s) URL'),
    "strict": _FLAG,
    "closed": _FLAG,
    "retention_days": (is_count, "a whole number of days from 1"),
    "max_body_bytes": (
        lambda value: is_count(value, most=MAX_BODY_BYTES),
        f"a whole number of bytes from 1 to {MAX_BODY_BYTES}",
    ),
    "notify": (lambda value: isinstance(value, dict), "a table for each target"),
    "hourly_limit": (
        lambda value: is_count(value, most=MAX_HOURLY_LIMIT),
        f"a whole number of submissions from 1 to {MAX_HOURLY_LIMIT}",
    ),
    "spam": (lambda value: isinstance(value, dict), "a table: [<form>.spam]"),
    "shards": (
        lambda value: is_count(value, most=MAX_SHARDS),
        f"a whole number from 1 to {MAX_SHARDS}",
    ),
}
_FIELD_KEYS: dict[str, tuple[Check, str]] = {
    "name": (is_text, "the name attribute of the input"),
    "label": (is_text, "a text that is not empty"),
    "type": (lambda value: value in FIELD_TYPES, "one of " + ", ".join(FIELD_TYPES)),
    "required": _FLAG,
    "max_length": (is_count, "a whole number of characters from 1"),
    "pattern": (_is_pattern, "a regular expression that the whole value matches"),
    "choices": (lambda value: is_text_list(value) and bool(value), "a list of texts"),
    "multiple": _FLAG,
}
