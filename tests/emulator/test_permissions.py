"""The policies are enough, and every permission is needed.

Enough: test_end_to_end.py does all that a stage does. Needed: with one permission
taken out of the same template, the same post fails where that permission counts.

The emulator asks the policies of a function's role about the requests that the
function itself makes. It does for the functions what AWS does under their roles:
it writes their logs, reads the stream and the queue, and hands over what the
stream gives up. So it cannot show that those permissions are needed; they are
listed in NOT_ASKED_FOR, and that the list is true is tested as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders import ADA
from tests.emulator.permissions import ROLE_BY_HANDLER, Permission, without, written

if TYPE_CHECKING:
    from tests.emulator.account import Account
    from tests.emulator.packaged import Packaged

NEEDED_TO_STORE = [
    Permission("api", "StoreSubmissions", "dynamodb:GetItem"),
    Permission("api", "StoreSubmissions", "dynamodb:PutItem"),
]
NEEDED_TO_TELL = [
    Permission("relay", "OpenDeliveries", "dynamodb:PutItem"),
    Permission("relay", "QueueDeliveries", "sqs:GetQueueUrl"),
    Permission("relay", "QueueDeliveries", "sqs:SendMessage"),
    Permission("deliver", "RecordAttempts", "dynamodb:GetItem"),
    Permission("deliver", "RecordAttempts", "dynamodb:PutItem"),
    Permission("deliver", "SendMail", "ses:SendEmail"),
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
]


def test_every_permission_of_the_policies_is_accounted_for() -> None:
    listed = [*NEEDED_TO_STORE, *NEEDED_TO_TELL, *NOT_ASKED_FOR]

    assert len(listed) == len(set(listed))
    assert written() == set(listed)


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
    assert not account.is_told(receipt["id"])
    account.deploy(packaged.template)
    account.wait_until_told(receipt["id"])
    assert [submission.id for submission in account.stored] == [receipt["id"]]
    assert account.mails


def test_list_of_what_the_emulator_does_not_ask_for_is_true(
    account: Account, packaged: Packaged
) -> None:
    """Who finds this failing can move permissions to the lists of those that are needed."""
    account.deploy(without(packaged.template, NOT_ASKED_FOR))

    status, receipt = account.post(**ADA)

    assert status == 201
    account.wait_until_told(receipt["id"])
