"""Every error of Formpost, in one tree.

    FormpostError                     500
    ├── SubmissionRejected            400  the visitor's browser or page must change something
    │   ├── MalformedBody             400  the body is not what its content type says
    │   ├── InvalidIdempotencyKey     400
    │   ├── OriginNotAllowed          403
    │   ├── FormNotFound              404
    │   ├── FormClosed                410
    │   ├── SubmissionTooLarge        413
    │   ├── UnsupportedBody           415
    │   ├── InvalidSubmission         422  carries a list of field errors
    │   ├── IdempotencyKeyReused      422
    │   └── TooManySubmissions        429
    ├── NotSignedIn                   401  no token, or no right one
    ├── NotAllowed                    403  a right token, for reading only
    ├── TooManySignIns                429  too many wrong tokens from one address
    ├── InvalidRequest                422  carries a list of errors, one a parameter
    ├── PathNotFound                  404
    ├── MethodNotAllowed              405
    ├── InvalidCursor                 400
    ├── SubmissionNotFound            404
    ├── TargetNotFound                404
    ├── StoreUnavailable              503  try again with the same key; nothing is doubled
    ├── DeliveryFailed                502  a notice did not get out; another try may
    │   ├── DeliveryRefused           502  no other try will
    │   └── DeliverySkipped           502  there was no need to
    └── ConfigError                   500  forms.toml or a setting; at start-up

``status`` is the HTTP status, ``code`` is API (never renamed), ``title`` is the
same for every occurrence, and the message is a sentence for this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.model import FieldError

_SECONDS_A_MINUTE = 60


class FormpostError(Exception):
    """Something that the caller must act on."""

    status = 500
    code = "internal_error"
    title = "Something went wrong on our side"

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that belong to this answer."""
        return {}

    @property
    def field_errors(self) -> Sequence[FieldError]:
        """What is wrong field by field, if that is what is wrong."""
        return ()


class SubmissionRejected(FormpostError):
    """A submission that was not stored, and why."""

    status = 400
    code = "submission_rejected"
    title = "The form could not be accepted"


class MalformedBody(SubmissionRejected):
    """The request body breaks the rules of its own content type."""

    code = "malformed_body"
    title = "The form's data could not be read"


class InvalidIdempotencyKey(SubmissionRejected):
    """The key is empty, too long, or has blanks or letters beyond ASCII."""

    code = "invalid_idempotency_key"
    title = "The idempotency key is not usable"

    def __init__(self, *, max_length: int) -> None:
        super().__init__(
            f"An idempotency key has 1 to {max_length} printable ASCII characters and no "
            "blanks; a random UUID is a good one."
        )


class OriginNotAllowed(SubmissionRejected):
    """The form lists the sites that may post to it, and this one is not there."""

    status = 403
    code = "origin_not_allowed"
    title = "This page may not send this form"

    def __init__(self, *, form: str, origin: str) -> None:
        super().__init__(
            f'The form "{form}" does not accept posts from {origin}. If this is your site, '
            f'add "{origin}" to allowed_origins of [{form}] in chalicelib/forms.toml.'
        )


class FormNotFound(SubmissionRejected):
    """No form has this id."""

    status = 404
    code = "form_not_found"
    title = "There is no such form"

    def __init__(self) -> None:
        super().__init__(
            "No form has this address. Check the action of your form: it ends in the name "
            "that the form has in chalicelib/forms.toml."
        )


class FormClosed(SubmissionRejected):
    """The owner has closed the form."""

    status = 410
    code = "form_closed"
    title = "This form is closed"

    def __init__(self, *, title: str) -> None:
        super().__init__(f'"{title}" takes no more submissions.')


class SubmissionTooLarge(SubmissionRejected):
    """More than the form, or one record of the store, can hold."""

    status = 413
    code = "submission_too_large"
    title = "The form's content is too large"


class UnsupportedBody(SubmissionRejected):
    """A content type, charset or encoding that forms do not use."""

    status = 415
    code = "unsupported_body"
    title = "This kind of data is not accepted"


class InvalidSubmission(SubmissionRejected):
    """One or more fields are not as the form wants them."""

    status = 422
    code = "invalid_submission"
    title = "Some fields need attention"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self._errors = tuple(errors)

    @property
    def field_errors(self) -> Sequence[FieldError]:
        """At least one, in the order of the form."""
        return self._errors


class IdempotencyKeyReused(SubmissionRejected):
    """The same key came before with other fields."""

    status = 422
    code = "idempotency_key_reused"
    title = "This key belongs to another submission"

    def __init__(self) -> None:
        super().__init__(
            "The idempotency key was used before for other content. "
            "Make a new key for each submission; keep it only when sending the same again."
        )


class TooManySubmissions(SubmissionRejected):
    """One address sent more than the form's hourly limit."""

    status = 429
    code = "too_many_submissions"
    title = "Too many submissions"

    def __init__(self, *, limit: int, retry_after_seconds: int) -> None:
        submissions = "1 submission" if limit == 1 else f"{limit} submissions"
        super().__init__(
            f"This form accepts {submissions} an hour from one address. "
            f"Please try again in {_wait(retry_after_seconds)}."
        )
        self.retry_after_seconds = retry_after_seconds

    @property
    def headers(self) -> dict[str, str]:
        """When to come back."""
        return {"Retry-After": str(self.retry_after_seconds)}


class NotSignedIn(FormpostError):
    """No token came along, or none that opens: which of them is not told."""

    status = 401
    code = "not_signed_in"
    title = "Please sign in"

    def __init__(self) -> None:
        super().__init__(
            "This needs a token that is known here, and neither revoked nor expired. "
            "python -m ops tokens create makes one."
        )

    @property
    def headers(self) -> dict[str, str]:
        """How to sign in, as RFC 9110 wants it; API Gateway renames this header."""
        return {"WWW-Authenticate": 'Bearer realm="formpost"'}


class NotAllowed(FormpostError):
    """The token is right, and for reading only."""

    status = 403
    code = "not_allowed"
    title = "This token may not do this"

    def __init__(self) -> None:
        super().__init__(
            "The token is for reading. To change something, take one with the scope write: "
            "python -m ops tokens create NAME --scope write"
        )


class TooManySignIns(FormpostError):
    """One address tried too many wrong tokens."""

    status = 429
    code = "too_many_sign_ins"
    title = "Too many wrong tokens"

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__(
            "Too many wrong tokens came from this address. A right one works at once; "
            f"another try is counted again in {_wait(retry_after_seconds)}."
        )
        self.retry_after_seconds = retry_after_seconds

    @property
    def headers(self) -> dict[str, str]:
        """When to come back."""
        return {"Retry-After": str(self.retry_after_seconds)}


class InvalidRequest(FormpostError):
    """One or more parameters of an owner's request are not as they should be."""

    status = 422
    code = "invalid_request"
    title = "The request needs a change"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self._errors = tuple(errors)

    @property
    def field_errors(self) -> Sequence[FieldError]:
        """At least one; ``field`` is the parameter's name."""
        return self._errors


class PathNotFound(FormpostError):
    """No route has this path."""

    status = 404
    code = "path_not_found"
    title = "There is nothing at this address"

    def __init__(self) -> None:
        super().__init__("Forms are at /contact and at /f/ followed by the form's name.")


class MethodNotAllowed(FormpostError):
    """The path exists, but not for this method."""

    status = 405
    code = "method_not_allowed"
    title = "This address does not take this method"

    def __init__(self, *, method: str, allowed: Sequence[str]) -> None:
        self.allowed = ", ".join(sorted(allowed))
        super().__init__(f"{method} is not possible here; possible: {self.allowed}.")

    @property
    def headers(self) -> dict[str, str]:
        """The methods that are possible, as RFC 9110 wants them."""
        return {"Allow": self.allowed}


class InvalidCursor(FormpostError):
    """A cursor that this system did not give out."""

    status = 400
    code = "invalid_cursor"
    title = "The cursor is not usable"

    def __init__(self) -> None:
        super().__init__("Take next_cursor of the page before, or leave the cursor out.")


class SubmissionNotFound(FormpostError):
    """No submission has this id in this form."""

    status = 404
    code = "submission_not_found"
    title = "There is no such submission"

    def __init__(self) -> None:
        super().__init__("It may have been erased, or have reached the end of its retention.")


class TargetNotFound(FormpostError):
    """The form does not tell any target of this name."""

    status = 404
    code = "target_not_found"
    title = "There is no such target"

    def __init__(self) -> None:
        super().__init__("A target is one of [<form>.notify] in chalicelib/forms.toml.")


class StoreUnavailable(FormpostError):
    """The database did not answer in time, or refused for now."""

    status = 503
    code = "store_unavailable"
    title = "We could not save this just now"

    # Long enough for a throttle or a failover to pass, short enough for a person to wait.
    RETRY_AFTER_SECONDS = 5

    def __init__(self) -> None:
        super().__init__(
            "Nothing you typed is lost: please send it again in a few seconds. "
            "Sending twice does no harm."
        )

    @property
    def headers(self) -> dict[str, str]:
        """When to come back."""
        return {"Retry-After": str(self.RETRY_AFTER_SECONDS)}


class DeliveryFailed(FormpostError):
    """A notice did not get out; another try may.

    Args:
        message: what happened, for the owner; no address, secret or word of a visitor's.
        response_status: of the receiver's HTTP answer, if there was one.
        retry_after_seconds: how long the receiver asked to be left alone.
    """

    status = 502
    code = "delivery_failed"
    title = "The notice was not delivered"

    def __init__(
        self,
        message: str,
        *,
        response_status: int | None = None,
        retry_after_seconds: float = 0.0,
    ) -> None:
        super().__init__(message)
        self.response_status = response_status
        self.retry_after_seconds = retry_after_seconds


class DeliveryRefused(DeliveryFailed):
    """A notice was refused for good: trying again would change nothing."""

    code = "delivery_refused"


class DeliverySkipped(DeliveryFailed):
    """There is no need to send this notice, now or later."""

    code = "delivery_skipped"


class ConfigError(FormpostError):
    """A mistake in forms.toml or in a setting, told at start-up."""

    code = "config_error"
    title = "The configuration has a mistake"


def _wait(seconds: int) -> str:
    """Return a time as people count it, never too short: ``60 seconds``, then ``2 minutes``."""
    if seconds > _SECONDS_A_MINUTE:
        return f"{-(-seconds // _SECONDS_A_MINUTE)} minutes"
    return "1 second" if seconds == 1 else f"{seconds} seconds"
