"""What one look at a Formpost has shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from ops.deploying.problems import StepProblem, sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable

Seen = tuple[bool, str]
"""Whether it is as it should be, and what was found."""


class Finding(NamedTuple):
    """One line of the doctor's report.

    Attributes:
        check: what was looked at, e.g. ``CORS on 404``.
        healthy: whether it is as it should be.
        seen: what was found.
        advice: what to do if it is not.
    """

    check: str
    healthy: bool
    seen: str
    advice: str


def find(check: str, look: Callable[[], Seen], advice: str) -> Finding:
    """Return what a look at the account shows; that AWS refuses it is a finding as well."""
    try:
        healthy, seen = look()
    except StepProblem as problem:
        healthy, seen = False, str(problem)
    except ClientError as error:
        healthy, seen = False, sentence_of(error)
    except BotoCoreError as error:
        healthy, seen = False, f"AWS could not be asked: {error}"
    return Finding(check, healthy, seen, advice)
