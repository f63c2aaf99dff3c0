"""From a visitor's form to the owner's mail, as deployed, under the policies of the repository.

The whole stage is one CloudFormation stack, from the package's SAM template and
.chalice/merge-template.json. What the emulator does otherwise than AWS: it runs
the functions with this Python, not on arm64; it does not convert request bodies
by binary types, and its answers to preflights have no headers: tests/packaged
and tests/functional have those. It does not show the sender of a raw mail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders import ADA

if TYPE_CHECKING:
    from tests.emulator.account import Account
    from tests.emulator.packaged import Packaged


def test_form_post_is_stored_and_mailed_to_the_owner(account: Account, packaged: Packaged) -> None:
    """Form, API, table, stream, relay, queue, deliver and SES."""
    account.deploy(packaged.template)

    status, receipt = account.post(**ADA)

    assert status == 201
    [submission] = account.stored
    assert submission.id == receipt["id"]
    assert {answer.name: answer.values for answer in submission.answers} == {
        name: (value,) for name, value in ADA.items()
    }
    account.wait_until_told(receipt["id"])
    [mail] = account.mails
    assert mail["To"] == ["owner@example.com"]
    assert mail["Subject"].startswith("Contact us: ")
    assert ADA["message"] in mail["BodyText"]


def test_repeated_post_is_stored_and_mailed_once(account: Account, packaged: Packaged) -> None:
    account.deploy(packaged.template)
    _, first = account.post(**ADA)
    account.wait_until_told(first["id"])

    status, repeat = account.post(**ADA)
    _, other = account.post(**{**ADA, "message": "Something else."})

    account.wait_until_told(other["id"])
    assert (status, repeat["id"]) == (200, first["id"])
    assert {submission.id for submission in account.stored} == {first["id"], other["id"]}
    assert len(account.mails) == 2
