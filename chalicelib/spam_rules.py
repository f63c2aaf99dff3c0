"""Read and check how a form's spam is judged: its table ``[<form>.spam]``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.channels import is_secret_reference
from chalicelib.controls import CAPTCHA_NAMES
from chalicelib.errors import ConfigError
from chalicelib.model import Captcha, SpamRules
from chalicelib.spam import CHECKS
from chalicelib.spam.language import LANGUAGES
from chalicelib.toml_keys import check_keys, is_number, is_text_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.toml_keys import Check

# A higher one means "never"; 0 would put everything into the spam folder.
MIN_THRESHOLD, MAX_THRESHOLD = 0.5, 1_000.0
MAX_WEIGHT = 100.0
# All that the API's function may read: its policy says so, too.
_CAPTCHA_SECRETS = ("ssm:/formpost/captcha/", "secretsmanager:formpost/captcha/")


def spam_rules(where: str, table: Mapping[str, Any]) -> SpamRules:
    """Return a form's rules.

    Args:
        where: the table, as its reader finds it, e.g. ``[contact.spam]``.
        table: what is written there.

    Raises:
        ConfigError: a key is unknown, or its value is not one that is allowed.
    """
    check_keys(where, table, _KEYS)
    weights = table.get("weights", {})
    check_keys(f"{where} weights", weights, dict.fromkeys(CHECKS, _WEIGHT))
    captcha = table.get("captcha")
    if captcha is not None:
        _check_captcha(f"{where} captcha", captcha)
    return SpamRules(
        threshold=float(table.get("threshold", SpamRules().threshold)),
        weights={check: float(weight) for check, weight in weights.items()},
        blocked_words=tuple(table.get("blocked_words", ())),
        languages=tuple(table.get("languages", ())),
        captcha=Captcha(**captcha) if captcha else None,
    )


def _check_captcha(where: str, table: Mapping[str, Any]) -> None:
    check_keys(where, table, _CAPTCHA_KEYS, unshown={"secret"})
    for key, (_, allowed) in _CAPTCHA_KEYS.items():
        if key not in table:
            raise ConfigError(f"{where} {key}: is missing; it is {allowed}.")


_WEIGHT: tuple[Check, str] = (
    lambda value: is_number(value, least=0, most=MAX_WEIGHT),
    f"a number from 0, which turns the check off, to {MAX_WEIGHT:g}",
)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


_KEYS: dict[str, tuple[Check, str]] = {
    "threshold": (
        lambda value: is_number(value, least=MIN_THRESHOLD, most=MAX_THRESHOLD),
        f"a number of points from {MIN_THRESHOLD:g} to {MAX_THRESHOLD:g}",
    ),
    "weights": (_is_table, "a table of numbers, one a check, e.g. { links = 0.5 }"),
    "blocked_words": (is_text_list, "a list of words and phrases"),
    "languages": (
        lambda value: isinstance(value, list) and all(each in LANGUAGES for each in value),
        f"a list of {', '.join(LANGUAGES)}",
    ),
    "captcha": (_is_table, 'a table with "service" and "secret"'),
}
_CAPTCHA_KEYS: dict[str, tuple[Check, str]] = {
    "service": (lambda value: value in CAPTCHA_NAMES, f"one of {', '.join(CAPTCHA_NAMES)}"),
    "secret": (
        lambda value: is_secret_reference(value) and value.startswith(_CAPTCHA_SECRETS),
        'a reference below formpost/captcha/, e.g. "ssm:/formpost/captcha/contact"',
    ),
}
