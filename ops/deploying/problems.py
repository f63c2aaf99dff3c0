"""What may go wrong on the way to AWS, as sentences that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

_ADVICE_BY_CODE = {
    "AccessDenied": "Allow it to the user or role whose credentials these are.",
    "AccessDeniedException": "Allow it to the user or role whose credentials these are.",
    "ExpiredToken": "Sign in again.",
    "ExpiredTokenException": "Sign in again.",
    "UnrecognizedClientException": "Check the credentials.",
    "TooManyRequestsException": "Wait a minute.",
    "ThrottlingException": "Wait a minute.",
}


class StepProblem(Exception):
    """A step cannot go on; the message says what to do."""


class StepFailed(click.ClickException):
    """A step stopped the command."""

    def __init__(self, title: str, sentence: str) -> None:
        super().__init__(
            f"{title}: {sentence}\n"
            "What was deployed before still works. When this is mended, run the same command again."
        )


def sentence_of(error: ClientError) -> str:
    """Return which call AWS refused, why, and what helps."""
    details = error.response["Error"]
    code = details.get("Code", "")
    told = f"AWS refused {error.operation_name}: {code}: {details.get('Message', '')}".rstrip(".")
    return " ".join(filter(None, (f"{told}.", _ADVICE_BY_CODE.get(code))))
