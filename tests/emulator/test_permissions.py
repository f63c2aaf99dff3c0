"""The policies are enough, and every permission is needed.

Enough: test_end_to_end.py does all that a stage does. Needed: with one permission
taken out of the same template, the same act fails where that permission counts.

The emulator asks the policies of a function's role about the requests that the
function itself makes. It does for the functions what AWS does under their roles:
it writes their logs, reads the stream and the queue, and hands over what the
stream gives up. So it cannot show that those permissions are needed; they are
listed in NOT_ASKED_FOR, and that the list is true is tested as well. What it does
not ask at all is which resource a mail is sent with: see packaged.py.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest

from chalicelib import retries
from chalicelib.delivery import DeliveryState, Task
from tests.builders import ADA
from tests.emulator.deliveries import (
    a_refused_delivery,
    has_been_tried,
    is_told,
    one_try_before_the_end,
)
from tests.emulator.events import SCHEDULED, bounce, from_sns
from tests.emulator.permissions import ROLE_BY_HANDLER, Permission, without, written

if TYPE_CHECKING:
    from tests.emulator.account import Account
    from tests.emulator.packaged import Packaged
    from tests.emulator.receiver import Receiver

NEEDED_TO_STORE = [
    Permission("api", "StoreSubmissions", "dynamodb:GetItem"),
    Permission("api", "StoreSubmissions", "dynamodb:PutItem"),
    # Of the count of its sender's hour.
    Permission("api", "StoreSubmissions", "dynamodb:UpdateItem"),
]
# What the owner asks for that fails without it; {id} is a submission's.
NEEDED_BY_THE_OWNER = {
    Permission("api", "WorkForOwner", "dynamodb:BatchGetItem"): ("GET", "/forms", None),
    Permission("api", "WorkForOwner", "dynamodb:Query"): (
        "GET",
        "/forms/contact/submissions",
        None,
    ),
    Permission("api", "WorkForOwner", "dynamodb:DeleteItem"): (
        "DELETE",
        "/forms/contact/submissions/{id}",
        None,
    ),
    **{
        Permission("api", "SendAgain", action): (
            "POST",
            "/forms/contact/submissions/{id}/deliveries/email",
            None,
        )
        for action in ("sqs:GetQueueUrl", "sqs:SendMessage")
    },
}
NEEDED_TO_TELL = [
    Permission("relay", "OpenDeliveries", "dynamodb:PutItem"),
    Permission("relay", "QueueDeliveries", "sqs:GetQueueUrl"),
    Permission("relay", "QueueDeliveries", "sqs:SendMessage"),
    Permission("deliver", "RecordAttempts", "dynamodb:GetItem"),
    Permission("deliver", "RecordAttempts", "dynamodb:PutItem"),
]
NEEDED_TO_LEARN = [
    Permission("relay", "Learn", "dynamodb:GetItem"),
    Permission("relay", "Learn", "dynamodb:UpdateItem"),
]
NEEDED_TO_MAIL = [Permission("deliver", "SendMail", "ses:SendEmail")]
NEEDED_FOR_SECRETS = [
    Permission("deliver", "ReadParameters", "ssm:GetParameter"),
    Permission("deliver", "ReadSecrets", "secretsmanager:GetSecretValue"),
]
# By permission: the form that needs it, and what is said of its secret, which is not there.
NEEDED_FOR_CAPTCHAS = {
    Permission("api", "ReadCaptchaParameters", "ssm:GetParameter"): (
        "captcha-ssm",
        "ParameterNotFound",
    ),
    Permission("api", "ReadCaptchaSecrets", "secretsmanager:GetSecretValue"): (
        "captcha-secretsmanager",
        "ResourceNotFoundException",
    ),
}
NEEDED_TO_TRY_AGAIN = [
    Permission("deliver", "QueueRetries", "sqs:GetQueueUrl"),
    Permission("deliver", "QueueRetries", "sqs:SendMessage"),
]
NEEDED_TO_GIVE_UP = [
    Permission("deliver", "BuryWhatFailed", "sqs:GetQueueUrl"),
    Permission("deliver", "BuryWhatFailed", "sqs:SendMessage"),
]
NEEDED_FOR_FEEDBACK = [
    Permission("feedback", "RecordFeedback", "dynamodb:GetItem"),
    Permission("feedback", "RecordFeedback", "dynamodb:PutItem"),
]
NEEDED_TO_SUM_UP = [
    Permission("summarize", "ListFailures", "dynamodb:Query"),
    Permission("summarize", "NoteSummary", "dynamodb:GetItem"),
    Permission("summarize", "NoteSummary", "dynamodb:PutItem"),
    Permission("summarize", "SendMail", "ses:SendEmail"),
]
NOT_ASKED_FOR = [
    # Lambda writes the functions' logs.
    *(
        Permission(handler, "WriteOwnLogs", action)
        for handler in ROLE_BY_HANDLER
        for action in ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
    ),
    # Lambda reads the stream for relay, and hands over what it gives up.
    Permission("relay", "ReadStream", "dynamodb:DescribeStream"),
    Permission("relay", "ReadStream", "dynamodb:GetRecords"),
    Permission("relay", "ReadStream", "dynamodb:GetShardIterator"),
    Permission("relay", "ListStreams", "dynamodb:ListStreams"),
    Permission("relay", "HandOverWhatFails", "sqs:SendMessage"),
    # Lambda reads the queue for deliver.
    Permission("deliver", "TakeDeliveries", "sqs:ChangeMessageVisibility"),
    Permission("deliver", "TakeDeliveries", "sqs:DeleteMessage"),
    Permission("deliver", "TakeDeliveries", "sqs:GetQueueAttributes"),
    Permission("deliver", "TakeDeliveries", "sqs:ReceiveMessage"),
    # AWS asks for it when SendEmail is given raw mail; the emulator knows one action only.
    # Source: https://github.com/anymail/django-anymail/issues/384
    Permission("deliver", "SendMail", "ses:SendRawEmail"),
    Permission("summarize", "SendMail", "ses:SendRawEmail"),
]


def test_every_permission_of_the_policies_is_accounted_for() -> None:
    listed = [
        *NEEDED_TO_STORE,
        *NEEDED_BY_THE_OWNER,
        *NEEDED_TO_TELL,
        *NEEDED_TO_LEARN,
        *NEEDED_TO_MAIL,
        *NEEDED_FOR_SECRETS,
        *NEEDED_FOR_CAPTCHAS,
        *NEEDED_TO_TRY_AGAIN,
        *NEEDED_TO_GIVE_UP,
        *NEEDED_FOR_FEEDBACK,
        *NEEDED_TO_SUM_UP,
        *NOT_ASKED_FOR,
    ]

    assert len(listed) == len(set(listed))
    assert written() == set(listed)


@pytest.mark.parametrize("gone", NEEDED_BY_THE_OWNER, ids=str)
def test_the_owner_is_not_served_without_a_permission_of_the_api(
    account: Account, packaged: Packaged, gone: Permission
) -> None:
    account.deploy(without(packaged.template, [gone]))
    token = account.owner_token()
    _, receipt = account.post(**ADA)
    account.wait_until(receipt["id"], "email", is_told)
    method, path, body = NEEDED_BY_THE_OWNER[gone]

    def ask() -> int:
        return account.ask_as_owner(method, path.format(id=receipt["id"]), token, body)[0]

    assert ask() in {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE}
    account.deploy(packaged.template)
    assert ask() < HTTPStatus.MULTIPLE_CHOICES


@pytest.mark.parametrize("gone", NEEDED_TO_STORE, ids=str)
def test_post_fails_without_a_permission_of_the_api(
    account: Account, packaged: Packaged, gone: Permission
) -> None:
    """The visitor is told so and can send again; with the permission, the same post is stored."""
    account.deploy(without(packaged.template, [gone]))

    status, problem = account.post(**ADA)

    assert (status, problem["type"]) == (503, "urn:formpost:store_unavailable")
    assert account.stored == []
    account.deploy(packaged.template)
    status, receipt = account.post(**ADA)
    assert status == 201
    assert [submission.id for submission in account.stored] == [receipt["id"]]


@pytest.mark.parametrize("gone", NEEDED_TO_TELL, ids=str)
def test_owner_is_not_told_without_a_permission_of_relay_or_deliver(
    account: Account, packaged: Packaged, gone: Permission
) -> None:
    """The post is stored all the same, and what failed is made up for with the permission."""
    account.deploy(without(packaged.template, [gone]))
    account.retry_soon()

    status, receipt = account.post(**ADA)

    assert status == 201
    account.wait_until_failed(gone.handler)
    assert not is_told(account.deliveries.get(receipt["id"], "email"))
    account.deploy(packaged.template)
    account.wait_until(receipt["id"], "email", is_told)
    assert [submission.id for submission in account.stored] == [receipt["id"]]
    assert account.mails


@pytest.mark.parametrize("gone", NEEDED_TO_LEARN, ids=str)
def test_nothing_is_learned_without_a_permission_of_relay_and_owners_are_told(
    account: Account, packaged: Packaged, gone: Permission
) -> None:
    account.deploy(without(packaged.template, [gone]))
    token = account.owner_token()
    _, receipt = account.post(**ADA)
    account.wait_until(receipt["id"], "email", is_told)
    path = f"/forms/contact/submissions/{receipt['id']}"

    account.ask_as_owner("PATCH", path, token, {"folder": "spam"})

    assert account.wait_for_lesson_that_failed() == "StoreUnavailable"
    assert account.marks("contact") == (0, 0)
    account.deploy(packaged.template)
    # To move it where it is already changes nothing, so the stream would not tell.
    account.ask_as_owner("PATCH", path, token, {"folder": "archive"})
    account.wait_for_marks("contact", 0, 1)


@pytest.mark.parametrize("gone", NEEDED_TO_MAIL, ids=str)
def test_mail_that_may_not_be_sent_is_tried_again(
    account: Account, packaged: Packaged, gone: Permission
) -> None:
    account.deploy(without(packaged.template, [gone]))

    _, receipt = account.post(**ADA)

    [attempt] = account.wait_until(receipt["id"], "email", has_been_tried).attempts
    assert "AWS does not let this function send mail" in attempt.outcome
    assert attempt.next_try_at is not None
    assert account.mails == []


@pytest.mark.parametrize("gone", NEEDED_FOR_SECRETS, ids=str)
def test_webhook_whose_secret_may_not_be_read_is_tried_again(
    account: Account, packaged: Packaged, receiver: Receiver, gone: Permission
) -> None:
    account.deploy(without(packaged.template, [gone]))

    _, receipt = account.post("hooks", **ADA)

    [attempt] = account.wait_until(receipt["id"], "webhook", has_been_tried).attempts
    assert "cannot be read: AccessDenied" in attempt.outcome
    assert attempt.next_try_at is not None
    assert receiver.received == []


@pytest.mark.parametrize("gone", NEEDED_FOR_CAPTCHAS, ids=str)
def test_captcha_whose_secret_may_not_be_read_keeps_no_post_out(
    account: Account, packaged: Packaged, gone: Permission
) -> None:
    form, not_there = NEEDED_FOR_CAPTCHAS[gone]
    for template in (without(packaged.template, [gone]), packaged.template):
        account.deploy(template)
        status, _ = account.post(form, **ADA, **{"cf-turnstile-response": "token"})
        assert status in {HTTPStatus.CREATED, HTTPStatus.OK}

    refused, allowed = account.captcha_outcomes()
    assert "cannot be read: AccessDenied" in refused
    assert f"cannot be read: {not_there}." in allowed


@pytest.mark.parametrize("gone", NEEDED_TO_TRY_AGAIN, ids=str)
def test_attempt_that_cannot_be_queued_again_is_not_recorded_as_made(
    account: Account, packaged: Packaged, receiver: Receiver, gone: Permission
) -> None:
    """So the queue hands it out again, and at last counts it as a crash."""
    account.deploy(without(packaged.template, [gone]))
    receiver.statuses = [500]

    _, receipt = account.post("hooks", **ADA)

    account.wait_until_failed("deliver")
    delivery = account.deliveries.get(receipt["id"], "webhook")
    assert delivery is not None
    assert (delivery.sent, delivery.attempts) == (DeliveryState.PENDING, ())


@pytest.mark.parametrize("gone", NEEDED_TO_GIVE_UP, ids=str)
def test_last_attempt_that_cannot_be_buried_is_not_recorded_as_made(
    account: Account, packaged: Packaged, receiver: Receiver, gone: Permission
) -> None:
    account.deploy(without(packaged.template, [gone]))
    _, receipt = account.post("hooks", **ADA)
    account.wait_until(receipt["id"], "webhook", is_told)
    before = one_try_before_the_end(receipt["id"])
    account.deliveries.save(before)
    receiver.statuses = [500]

    account.queue(Task(receipt["id"], "webhook", retries.MAX_ATTEMPTS - 1))

    account.wait_until_failed("deliver")
    assert account.deliveries.get(receipt["id"], "webhook") == before
    assert account.dead_letters == []


@pytest.mark.parametrize("gone", NEEDED_FOR_FEEDBACK, ids=str)
def test_feedback_fails_without_a_permission_so_that_it_is_called_again(
    account: Account, packaged: Packaged, gone: Permission
) -> None:
    account.deploy(without(packaged.template, [gone]))
    delivery = account.deliveries.open(a_refused_delivery())

    raised = account.invoke("feedback", from_sns(bounce(delivery.submission_id, "email")))

    assert raised is not None
    assert "Nothing you typed is lost" in raised
    assert account.deliveries.get(delivery.submission_id, "email") == delivery


@pytest.mark.parametrize("gone", NEEDED_TO_SUM_UP, ids=str)
def test_owner_gets_no_summary_without_a_permission(
    account: Account, packaged: Packaged, gone: Permission
) -> None:
    account.deploy(without(packaged.template, [gone]))
    account.deliveries.open(a_refused_delivery())

    raised = account.invoke("summarize", SCHEDULED)

    # What SES does not take is in the log; what the store does not do is tried again.
    assert (raised is None) == (gone.action == "ses:SendEmail")
    assert account.mails == []


def test_list_of_what_the_emulator_does_not_ask_for_is_true(
    account: Account, packaged: Packaged
) -> None:
    """Who finds this failing can move permissions to the lists of those that are needed."""
    account.deploy(without(packaged.template, NOT_ASKED_FOR))

    status, receipt = account.post(**ADA)

    assert status == 201
    account.wait_until(receipt["id"], "email", is_told)
    assert account.invoke("feedback", from_sns(bounce(receipt["id"], "email"))) is None
    assert account.invoke("summarize", SCHEDULED) is None
    assert len(account.mails) == 2
