"""Turn raw pairs into clean answers, or say what is wrong with each field.

Follows what browsers check (WHATWG HTML, "Input types"), so that a page whose
inputs have the same types never meets a refusal that its browser did not announce.
"""

from __future__ import annotations

import math
import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.errors import InvalidSubmission
from chalicelib.model import FieldError, answers_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chalicelib.model import Answer, Field, FieldType, Form, Pair

# Source: https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
_EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@"
    r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
# RFC 5321 has no room for a longer one.
MAX_EMAIL_LENGTH = 254
# Source: https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#floating-point-numbers
_NUMBER = r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ABSOLUTE_URL = r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s\x00-\x1f]+"
# Browsers trim these types before they send; text is kept as it was typed.
_TRIMMED = frozenset({"email", "tel", "url", "number", "date"})


def validate(
    form: Form, pairs: Sequence[Pair], decoding_errors: Sequence[FieldError] = ()
) -> tuple[Answer, ...]:
    """Return the answers to store, in the order they were sent.

    Args:
        form: what is wanted.
        pairs: control fields taken out, text otherwise as decoded.
        decoding_errors: fields that could not be taken over as text.

    Raises:
        InvalidSubmission: with every error of every field: those of decoding, then in the
            form's order.
    """
    field_by_name = {field.name: field for field in form.fields}
    cleaned = [(name, _clean(value, field_by_name.get(name))) for name, value in pairs]
    answers = answers_from(cleaned)
    values_by_name = dict(answers)
    known_bad = {error.field for error in decoding_errors}

    errors = list(decoding_errors)
    for field in form.fields:
        if field.name not in known_bad:
            errors.extend(_field_errors(field, values_by_name.get(field.name, ())))
    if form.strict:
        errors.extend(_unknown_fields(answers, field_by_name))
    if not errors and not any(value.strip() for _, value in cleaned):
        # Without any name it is the page that is at fault, not its visitor.
        advice = "Please fill it in." if cleaned else "Make sure that every input has a name."
        errors.append(FieldError(None, "EMPTY", f"The form came empty. {advice}"))
    if errors:
        raise InvalidSubmission(errors)
    return answers


def is_email(text: str) -> bool:
    """Whether a browser's ``type=email`` would take this text."""
    return len(text) <= MAX_EMAIL_LENGTH and _EMAIL.fullmatch(text) is not None


def _clean(value: str, field: Field | None) -> str:
    # Forms are sent with CRLF whatever was typed; what was typed has plain newlines.
    text = value.replace("\r\n", "\n")
    return text.strip() if field and field.type in _TRIMMED else text


def _field_errors(field: Field, values: tuple[str, ...]) -> Iterator[FieldError]:
    filled = [value for value in values if value.strip()]
    if field.required and not filled:
        code = "REQUIRED_FIELD_EMPTY" if values else "REQUIRED_FIELD_MISSING"
        yield FieldError(field.name, code, f"{field.label} is required.")
    if len(filled) > 1 and not field.multiple:
        yield FieldError(field.name, "TOO_MANY_VALUES", f"{field.label} takes one answer.")
    for value in filled:
        error = _value_error(field, value)
        if error:
            yield error
            return  # One sentence a field is enough to act on.


def _value_error(field: Field, value: str) -> FieldError | None:
    if field.max_length is not None and len(value) > field.max_length:
        return FieldError(
            field.name,
            "TOO_LONG",
            f"{field.label} has {len(value):,} characters; at most {field.max_length:,} fit.",
        )
    if field.choices and value not in field.choices:
        return FieldError(field.name, "NOT_A_CHOICE", f"{field.label} is not one of the choices.")
    type_check = _TYPE_CHECKS.get(field.type)
    if type_check and not type_check.accepts(value):
        return FieldError(field.name, type_check.code, f"{field.label} {type_check.message}")
    if field.pattern is not None and re.fullmatch(field.pattern, value) is None:
        return FieldError(
            field.name, "PATTERN_MISMATCH", f"{field.label} does not have the expected form."
        )
    return None


def _unknown_fields(
    answers: Sequence[Answer], field_by_name: dict[str, Field]
) -> Iterator[FieldError]:
    for name, _ in answers:
        if name not in field_by_name:
            yield FieldError(name, "UNKNOWN_FIELD", f'The form has no field named "{name}".')


class _TypeCheck:
    """What one input type accepts, and what is said otherwise."""

    def __init__(self, code: str, message: str, accepts: Callable[[str], bool]) -> None:
        self.code = code
        self.message = message
        self.accepts = accepts


def _is_number(text: str) -> bool:
    return re.fullmatch(_NUMBER, text) is not None and math.isfinite(float(text))


def _is_date(text: str) -> bool:
    if re.fullmatch(_DATE, text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_url(text: str) -> bool:
    if re.fullmatch(_ABSOLUTE_URL, text) is None:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme not in ("http", "https") or bool(parts.hostname)


_TYPE_CHECKS: dict[FieldType, _TypeCheck] = {
    "email": _TypeCheck("TYPE_EMAIL", "should be an address such as name@example.com.", is_email),
    "number": _TypeCheck("TYPE_NUMERIC", "should be a number such as 12 or 1.5.", _is_number),
    "date": _TypeCheck("TYPE_DATE", "should be a date such as 2026-11-23.", _is_date),
    "url": _TypeCheck("TYPE_URL", "should be an address such as https://example.com.", _is_url),
}
