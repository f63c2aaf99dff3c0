"""Judge a submission: add up the signals of every check in this folder.

One check a file, found by name: each module here has a pure function
``check(submission, form, evidence) -> Signal | None``. Adding a check is adding
a file. Spam is a verdict, never an error: it is stored, and the visitor sees success.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, NamedTuple, Protocol

from chalicelib.model import Verdict

if TYPE_CHECKING:
    from chalicelib.model import Form, Signal, Submission

# A filled honeypot alone reaches it; a browser that withholds its origin does not.
DEFAULT_THRESHOLD = 5.0


class Evidence(NamedTuple):
    """What the request tells beside the submission itself; none of it is stored.

    Attributes:
        decoys: names of the honeypot fields that were filled in.
        page_origin: origin of the page that sent the form; None when withheld.
    """

    decoys: tuple[str, ...]
    page_origin: str | None


class Check(Protocol):
    """One reason to suspect a submission."""

    def __call__(self, submission: Submission, form: Form, evidence: Evidence, /) -> Signal | None:
        """Return a signal, or None where there is nothing to say."""


def judge(submission: Submission, form: Form, evidence: Evidence) -> Verdict:
    """Return the sum of what every check has to say."""
    signals = (check(submission, form, evidence) for check in CHECKS.values())
    return Verdict(tuple(signal for signal in signals if signal), DEFAULT_THRESHOLD)


def _find_checks() -> dict[str, Check]:
    """Return every check by module name, e.g. ``{"honeypot": check}``."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").check for name in names}


CHECKS = _find_checks()
