"""Add a submission where the test knows that nothing about it has come before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.model import Stored

if TYPE_CHECKING:
    from chalicelib.intake import SubmissionStore
    from chalicelib.model import Claim, Form, Submission


def add(store: SubmissionStore, submission: Submission, form: Form, claim: Claim) -> Stored:
    """Return what was stored, or what the claim refers to."""
    stored = store.add(submission, form, claim)
    assert isinstance(stored, Stored)
    return stored
