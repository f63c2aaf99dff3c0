"""The pages that people see: home, teaching, thanks, and every error.

Jinja2 is imported on the first page, so that a post answered with JSON or a redirect
never pays for it.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.controls import CONTROL_NAMES, DECOY_NAMES, REDIRECT_NAMES
from chalicelib.model import answers_from
from chalicelib.templating import render
from chalicelib.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.model import Field, FieldError, Form, Pair

_STYLE = Path(__file__).parent / "templates" / "style.css"
# A text that may be longer than this gets several lines to be typed in.
ONE_LINE_CHARACTERS = 300
_LABELS = {"_replyto": "E-mail address", "_subject": "Subject"}


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as a person reads it."""

    status: int
    code: str
    title: str
    detail: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Input:
    """One control of the form that is shown again, with what was sent in it."""

    id: str
    name: str
    label: str
    type: str
    values: tuple[str, ...]
    errors: tuple[str, ...]
    choices: tuple[str, ...] = ()
    multiple: bool = False
    required: bool = False
    max_length: int | None = None
    pattern: str | None = None


def home_page() -> str:
    """Say what runs here."""
    return _render("home.html")


def teaching_page(form: Form, action: str) -> str:
    """Show how a page sends to this form."""
    from markupsafe import Markup

    # Quotes stay as they are, so that the snippet can be copied from the page's source, too.
    text = Markup(escape(snippet(form, action), quote=False))  # noqa: S704  it is escaped
    return _render("teach.html", form=form, action=action, snippet=text)


def thanks_page(form: Form, reference: str | None) -> str:
    """Thank the visitor, with what to quote when asking back."""
    return _render("thanks.html", form=form, reference=reference)


def resend_page(
    problem: Problem,
    form: Form,
    pairs: Sequence[Pair],
    errors: Sequence[FieldError],
    next_url: str | None,
) -> str:
    """Show the form filled in as it was sent, to be mended and sent again."""
    messages_by_name: dict[str | None, list[str]] = {}
    for error in errors:
        messages_by_name.setdefault(error.field, []).append(error.message)
    inputs = tuple(_inputs(form, pairs, messages_by_name))
    shown = {each.name for each in inputs}
    return _render(
        "resend.html",
        problem=problem,
        form=form,
        inputs=inputs,
        hidden=_hidden(pairs, shown, problem, next_url),
        form_errors=[error.message for error in errors if error.field not in shown],
    )


def problem_page(problem: Problem, pairs: Sequence[Pair]) -> str:
    """Say what went wrong, and give back what was typed, to copy."""
    typed = [
        (_label(name), value)
        for name, value in pairs
        if value.strip() and (name not in CONTROL_NAMES or name in _LABELS)
    ]
    return _render("problem.html", problem=problem, typed=typed)


def snippet(form: Form, action: str) -> str:
    """Return the HTML of a plain form that sends here, ready to be pasted."""
    inputs = list(_inputs(form, (), {})) or [_EXAMPLE_EMAIL, _EXAMPLE_MESSAGE]
    return render("snippet.html", {"action": action, "inputs": inputs})


def content_security_policy() -> str:
    """Return the policy of every page: nothing but its own style sheet."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    # No form-action: browsers apply it to the redirect after a post, too, and that
    # goes to the owner's site.
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"
    )


def _inputs(
    form: Form, pairs: Sequence[Pair], messages_by_name: dict[str | None, list[str]]
) -> Iterable[Input]:
    """Yield the declared fields in the form's order, then all else that was sent."""
    values_by_name = dict(answers_from(pairs))
    for number, field in enumerate(form.fields, start=1):
        yield _declared(
            f"field-{number}",
            field,
            values_by_name.pop(field.name, ()),
            tuple(messages_by_name.get(field.name, ())),
        )
    for number, (name, values) in enumerate(values_by_name.items(), start=1):
        messages = tuple(messages_by_name.get(name, ()))
        if name not in CONTROL_NAMES or messages:
            yield Input(
                id=f"other-{number}",
                name=name,
                label=_label(name),
                type="textarea" if _have_lines(values) else "text",
                values=values,
                errors=messages,
            )


def _declared(
    input_id: str, field: Field, values: tuple[str, ...], errors: tuple[str, ...]
) -> Input:
    may_have_lines = (field.max_length or 0) > ONE_LINE_CHARACTERS or _have_lines(values)
    has_lines = field.type == "text" and not field.choices and may_have_lines
    return Input(
        id=input_id,
        name=field.name,
        label=field.label,
        type="textarea" if has_lines else field.type,
        values=values,
        errors=errors,
        choices=_as_sent(field.choices, values),
        multiple=field.multiple,
        required=field.required,
        max_length=field.max_length,
        pattern=field.pattern,
    )


def _as_sent(choices: tuple[str, ...], values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the choices, the chosen ones among them in the order in which they were sent.

    The browser sends them in the order of our page, and it must be the same content.
    """
    chosen = iter([value for value in dict.fromkeys(values) if value in choices])
    return tuple(next(chosen) if choice in values else choice for choice in choices)


def _have_lines(values: tuple[str, ...]) -> bool:
    return any("\n" in value or len(value) > ONE_LINE_CHARACTERS for value in values)


def _hidden(
    pairs: Sequence[Pair], shown: set[str], problem: Problem, next_url: str | None
) -> list[Pair]:
    """Return the control fields that go along when the form is sent again."""
    dropped = {*REDIRECT_NAMES, *DECOY_NAMES, *shown, "_charset_"}
    if problem.code == "idempotency_key_reused":
        dropped.add("_idempotency_key")
    hidden = [
        (name, value)
        for name, value in pairs
        if name in CONTROL_NAMES and name not in dropped and value.strip()
    ]
    return [*hidden, ("_next", next_url)] if next_url else hidden


def _label(name: str) -> str:
    return _LABELS.get(name) or name.replace("_", " ").strip().capitalize() or "Without a name"


_EXAMPLE_EMAIL = Input("email", "email", "E-mail", "email", (), (), required=True)
_EXAMPLE_MESSAGE = Input("message", "message", "Message", "textarea", (), ())


def _render(template: str, **context: Any) -> str:
    from markupsafe import Markup

    style = Markup(_style())  # noqa: S704  our own file, and the policy names its hash
    return render(template, {"style": style, **context})


@cache
def _style() -> str:
    return _STYLE.read_text("utf-8")
