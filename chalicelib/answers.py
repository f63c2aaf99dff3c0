"""The answers of each route and of every error, as plain values; no Chalice in here.

A person's browser gets a page, a program gets JSON; see Exchange.wants_page.
The pages are imported where they are used: a form post that is answered with
JSON or a redirect never pays for them.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib import bodies, controls, proofs
from chalicelib.errors import (
    FormNotFound,
    FormpostError,
    IdempotencyKeyReused,
    InvalidSubmission,
    StoreUnavailable,
    TooManySubmissions,
)
from chalicelib.intake import next_url, open_form
from chalicelib.model import reference, timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.exchange import Exchange
    from chalicelib.intake import Intake
    from chalicelib.model import FieldError, Form, Pair, Receipt

# What was typed is given back in a page only up to here: escaped, it must still
# fit the 6 MB that Lambda can answer.
MAX_ECHO_BYTES = 1_000_000
# A form sent again unchanged, or mended, can succeed after these.
_RESENDABLE = (InvalidSubmission, IdempotencyKeyReused, StoreUnavailable, TooManySubmissions)
_REFERENCE = r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"


class Answer(NamedTuple):
    """What is sent back: JSON, or a text under the content type that its headers name."""

    body: Any
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = {}


def receipt_answer(receipt: Receipt, exchange: Exchange) -> Answer:
    """Tell the visitor that it is stored: a redirect for a page, else JSON."""
    exchange.outcome = _outcome(receipt)
    thanks_url = receipt.next_url or (
        f"{exchange.base_url}/f/{receipt.form}/thanks?reference={reference(receipt.submission_id)}"
    )
    if exchange.wants_page:
        headers = {"Location": thanks_url, "Content-Type": "text/plain; charset=utf-8"}
        return Answer("", HTTPStatus.SEE_OTHER, headers)
    return Answer(
        {
            "id": receipt.submission_id,
            "form": receipt.form,
            "received_at": timestamp(receipt.received_at),
            "next": thanks_url,
        },
        HTTPStatus.OK if receipt.is_repeat else HTTPStatus.CREATED,
    )


def _outcome(receipt: Receipt) -> str:
    if receipt.is_repeat:
        return "repeat"
    return "spam" if receipt.is_spam else "accepted"


def teaching_answer(form_id: str, intake: Intake, exchange: Exchange) -> Answer:
    """Show how to send to a form.

    Raises:
        FormNotFound: no form has this id.
    """
    from chalicelib import pages

    form = _known_form(form_id, intake)
    path = "/contact" if exchange.route == "/contact" else f"/f/{form_id}"
    action = exchange.base_url + path
    if exchange.preference == "json":
        snippet = pages.snippet(form, action)
        return Answer(
            {
                "form": form.id,
                "title": form.title,
                "action": action,
                "closed": form.closed,
                "snippet": snippet,
            }
        )
    return _page(pages.teaching_page(form, action))


def thanks_answer(form_id: str, intake: Intake, exchange: Exchange) -> Answer:
    """Thank the visitor; the reference is shown only if it can be one of ours.

    Raises:
        FormNotFound: no form has this id.
    """
    from chalicelib import pages

    form = _known_form(form_id, intake)
    quoted = exchange.query.get("reference", "")
    shown = quoted if re.fullmatch(_REFERENCE, quoted) else None
    if exchange.preference == "json":
        return Answer({"form": form.id, "title": form.title, "reference": shown})
    return _page(pages.thanks_page(form, shown))


def challenge_answer(form_id: str, intake: Intake) -> Answer:
    """Ask for a proof of work, to be sent along with one post to the form.

    Raises:
        FormNotFound: no form has this id.
        FormClosed: its owner has closed it.
        StoreUnavailable: the stage's key cannot be read.
    """
    form = open_form(form_id, intake)
    secret = intake.store.signing_key()
    return Answer(proofs.challenge(form.id, intake.now(), secret, intake.random_bytes))


def home_answer(exchange: Exchange) -> Answer:
    """Say what runs here."""
    if exchange.wants_page:
        from chalicelib import pages

        return _page(pages.home_page())
    return Answer({"name": "Formpost", "detail": "Formpost receives and keeps form posts here."})


def _known_form(form_id: str, intake: Intake) -> Form:
    form = intake.forms.get(form_id)
    if form is None:
        raise FormNotFound
    return form


def problem_page(problem: FormpostError, exchange: Exchange, intake: Intake) -> Answer:
    """Return an error as a page that keeps what the visitor typed."""
    from chalicelib import pages

    shown = pages.Problem(
        problem.status, problem.code, problem.title, str(problem), exchange.request_id
    )
    pairs = typed_pairs(exchange) or []
    form = intake.forms.get(exchange.form_id or "")
    if pairs and form and isinstance(problem, _RESENDABLE):
        url = _site_url(form, pairs, exchange, intake)
        html = pages.resend_page(shown, form, pairs, problem.field_errors, url)
    else:
        html = pages.problem_page(shown, pairs)
    return _page(html, problem.status, problem.headers)


def problem_json(problem: FormpostError, exchange: Exchange) -> Answer:
    """Return RFC 9457 problem details, with the list of errors that Formspree's clients read."""
    body = {
        "type": f"urn:formpost:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": str(problem),
        "request_id": exchange.request_id,
        "errors": [_error_entry(error) for error in problem.field_errors]
        or [{"field": None, "code": problem.code.upper(), "message": str(problem)}],
    }
    headers = {"Content-Type": "application/problem+json", **problem.headers}
    return Answer(body, problem.status, headers)


def typed_pairs(exchange: Exchange) -> list[Pair] | None:
    """Return what a form post says, as far as it can be read; None where it cannot."""
    if exchange.method != "POST":
        return []
    try:
        body = exchange.body()
        content_type = exchange.headers.get("content-type")
        return bodies.decode(body, content_type, max_bytes=MAX_ECHO_BYTES).pairs if body else []
    except FormpostError:
        return None


def _site_url(form: Form, pairs: Sequence[Pair], exchange: Exchange, intake: Intake) -> str | None:
    """Return where the visitor goes after success, in full.

    From the page that is shown now, a path would lead elsewhere.
    """
    requested = controls.split(pairs)[0].redirect
    url = next_url(exchange.post(form.id), form, requested, intake)
    return url if url and not url.startswith("/") else None


def _error_entry(error: FieldError) -> dict[str, str | None]:
    return {"field": error.field, "code": error.code, "message": error.message}


def _page(
    html: str, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Answer:
    from chalicelib import pages

    page_headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": pages.content_security_policy(),
        # Our own origin must go along when the form is sent again from here.
        "Referrer-Policy": "same-origin",
    }
    return Answer(html, status, {**page_headers, **(headers or {})})
