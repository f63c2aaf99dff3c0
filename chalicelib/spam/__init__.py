"""Judge a submission: add up the signals of every check in this folder.

One check a file, found by name: each module here has a pure function
``check(submission, form, context) -> Signal | None``. Adding a check is adding
a file. Spam is a verdict, never an error: it is stored, and the visitor sees success.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chalicelib.model import NO_PROOF, Verdict
from chalicelib.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.learned import Learned
    from chalicelib.model import CaptchaState, Form, Proof, Signal, Submission
    from chalicelib.reading import Reading


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the submission itself; none of it is stored.

    Attributes:
        reading: the submission's text, prepared once for all checks.
        decoys: names of the honeypot fields that were filled in.
        proof: the proof of work that came along.
        captcha: what its service says; None where the form has no captcha.
        known: kinds of novelties that have come before: ``proof``, ``content``.
        learned: what the owner's moves have taught; None where they have not.
    """

    reading: Reading
    decoys: tuple[str, ...] = ()
    proof: Proof = NO_PROOF
    captcha: CaptchaState | None = None
    known: frozenset[str] = frozenset()
    learned: Learned | None = None


class Check(Protocol):
    """One reason to suspect a submission, or to trust it."""

    def __call__(self, submission: Submission, form: Form, context: Context, /) -> Signal | None:
        """Return a signal, or None where there is nothing to say."""


def judge(submission: Submission, form: Form, context: Context) -> Verdict:
    """Return the sum of what every check has to say, as the form weighs it."""
    return Verdict(tuple(_signals(submission, form, context)), form.spam.threshold)


def _signals(submission: Submission, form: Form, context: Context) -> Iterable[Signal]:
    for name, check in CHECKS.items():
        weight = form.spam.weights.get(name, 1.0)
        if weight and (signal := check(submission, form, context)):
            yield signal if weight == 1 else signal._replace(points=signal.points * weight)


def _find_checks() -> dict[str, Check]:
    """Return every check by module name, e.g. ``{"honeypot": check}``."""
    # Not by pkgutil, which each cold start would import for this alone; sources ship.
    sources = (path for path in Path(__path__[0]).iterdir() if path.suffix == ".py")
    names = sorted({path.stem for path in sources} - {"__init__"})
    return {name: import_module(f"{__name__}.{name}").check for name in names}


CHECKS = _find_checks()
