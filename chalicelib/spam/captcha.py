"""The captcha on the form's page was not solved, or nobody can say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.model import CaptchaState, Signal

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# None is enough alone. Every captcha needs JavaScript, which some people do without; a token
# ends after some minutes, while somebody thinks; and a service that is down is no fault of theirs.
_SAID = {
    CaptchaState.MISSING: (3.0, "the captcha was not solved"),
    CaptchaState.REJECTED: (4.0, "the captcha's service does not accept the solution"),
    CaptchaState.UNANSWERED: (1.0, "the captcha's service could not be asked"),
}


def check(_submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Say what is wrong; a captcha that was solved, and a form without one, say nothing."""
    if context.captcha not in _SAID:
        return None
    points, reason = _SAID[context.captcha]
    return Signal("captcha", points, reason)
