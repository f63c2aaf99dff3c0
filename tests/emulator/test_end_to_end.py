"""From a visitor's form to the owner, as deployed, under the policies of the repository.

The whole stage is one CloudFormation stack, from the package's SAM template and
.chalice/merge-template.json. What the emulator does otherwise than AWS: it runs
the functions with this Python, not on arm64; it does not convert request bodies
by binary types, and its answers to preflights have no headers: tests/packaged
and tests/functional have those. It does not show the sender of a raw mail, its SES
does not tell the topic of bounces, and no day passes for the schedule: a test does both.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib import retries
from chalicelib.delivery import DeliveryState, Task
from tests.builders import ADA
from tests.emulator.account import OLD_SECRET, SECRET
from tests.emulator.deliveries import (
    REFUSAL,
    a_refused_delivery,
    has_been_tried,
    is_told,
    one_try_before_the_end,
)
from tests.emulator.events import SCHEDULED, bounce
from tests.standard_webhooks import verify_with_npm, verify_with_pypi

if TYPE_CHECKING:
    from tests.emulator.account import Account
    from tests.emulator.packaged import Packaged
    from tests.emulator.receiver import Receiver


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
    account.wait_until(receipt["id"], "email", is_told)
    [mail] = account.mails
    assert mail["To"] == ["owner@example.com"]
    assert mail["Subject"].startswith("Contact us: ")
    assert ADA["message"] in mail["BodyText"]


def test_repeated_post_is_stored_and_mailed_once(account: Account, packaged: Packaged) -> None:
    account.deploy(packaged.template)
    _, first = account.post(**ADA)
    account.wait_until(first["id"], "email", is_told)

    status, repeat = account.post(**ADA)
    _, other = account.post(**{**ADA, "message": "Something else."})

    account.wait_until(other["id"], "email", is_told)
    assert (status, repeat["id"]) == (200, first["id"])
    assert {submission.id for submission in account.stored} == {first["id"], other["id"]}
    assert len(account.mails) == 2
    # Not with their claims and deliveries: of each post, the submission alone.
    assert account.records_relayed == 2


def test_move_to_spam_and_back_teaches_the_form(account: Account, packaged: Packaged) -> None:
    account.deploy(packaged.template)
    token = account.owner_token()
    _, receipt = account.post(**ADA)
    path = f"/forms/contact/submissions/{receipt['id']}"

    account.ask_as_owner("PATCH", path, token, {"folder": "spam"})
    account.wait_for_marks("contact", 1, 0)
    account.ask_as_owner("PATCH", path, token, {"folder": "inbox"})
    account.wait_for_marks("contact", 0, 1)


def test_webhook_that_fails_is_tried_again_with_the_same_id_and_signed_by_every_secret(
    account: Account, packaged: Packaged, receiver: Receiver
) -> None:
    """The receiver's libraries are the judges of the signatures."""
    account.deploy(packaged.template)
    receiver.statuses = [500]

    _, receipt = account.post("hooks", **ADA)

    delivery = account.wait_until(receipt["id"], "webhook", has_been_tried)
    [failed] = delivery.attempts
    assert (delivery.sent, failed.status) == (DeliveryState.PENDING, 500)
    assert failed.next_try_at is not None
    assert failed.next_try_at - failed.at >= timedelta(seconds=retries.WAIT_SECONDS[0])
    delivery = account.wait_until(receipt["id"], "webhook", is_told)
    assert [attempt.status for attempt in delivery.attempts] == [500, 204]
    first, second = receiver.received
    assert second.at >= failed.next_try_at
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert json.loads(second.body)["data"]["id"] == receipt["id"]
    for received in receiver.received:
        for secret in (OLD_SECRET, SECRET):
            assert verify_with_npm(received.headers, received.body, secret)
            assert verify_with_pypi(received.headers, received.body, secret)


def test_what_fails_for_the_last_time_is_a_dead_letter(
    account: Account, packaged: Packaged, receiver: Receiver
) -> None:
    account.deploy(packaged.template)
    _, receipt = account.post("hooks", **ADA)
    account.wait_until(receipt["id"], "webhook", is_told)
    account.deliveries.save(one_try_before_the_end(receipt["id"]))
    receiver.statuses = [500]

    account.queue(Task(receipt["id"], "webhook", retries.MAX_ATTEMPTS - 1))

    account.wait_until(receipt["id"], "webhook", lambda found: found.state == DeliveryState.FAILED)
    [dead] = account.dead_letters
    assert (dead["submission_id"], dead["target"]) == (receipt["id"], "webhook")


def test_mail_that_came_back_and_mail_that_was_refused_are_summed_up_once(
    account: Account, packaged: Packaged
) -> None:
    """Topic, feedback, schedule and summarize."""
    account.deploy(packaged.template)
    _, receipt = account.post(**ADA)
    account.wait_until(receipt["id"], "email", is_told)

    account.publish_mail_event(bounce(receipt["id"], "email"))

    delivery = account.wait_until(receipt["id"], "email", lambda found: bool(found.feedback))
    assert delivery.state == DeliveryState.BOUNCED
    account.deliveries.open(a_refused_delivery())
    for _ in range(2):
        assert account.invoke("summarize", SCHEDULED) is None
    [_, summary] = account.mails
    assert summary["To"] == ["owner@example.com"]
    assert "550 5.1.1 user unknown" in summary["BodyText"]
    assert REFUSAL in summary["BodyText"]
