"""The events of the stream and the queue, as AWS documents them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.delivery import DeliveryState, Task
from chalicelib.events import delivery_task, mail_feedback, written_images


def test_what_was_written_is_read_and_what_was_deleted_is_passed_by() -> None:
    event = {
        "Records": [
            {"eventName": "INSERT", "dynamodb": {"NewImage": {"pk": {"S": "a"}}}},
            {"eventName": "REMOVE", "dynamodb": {"Keys": {"pk": {"S": "b"}}}},
            {},
        ]
    }

    assert list(written_images(event)) == [{"pk": {"S": "a"}}]


def test_a_message_names_a_delivery() -> None:
    body = '{"submission_id": "s", "target": "email", "attempts": 2}'

    assert delivery_task({"Records": [{"body": body}]}) == Task("s", "email", 2)


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", '"x"'])
def test_any_other_message_is_left_to_the_dead_letters(body: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        delivery_task({"Records": [{"body": body}]})


def sns_event(told: Any) -> dict[str, Any]:
    return {"Records": [{"Sns": {"Message": json.dumps(told)}}]}


def ses_event(kind: str, **told: Any) -> dict[str, Any]:
    """Return an event as SES publishes it.

    Source: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
    """
    return {
        "eventType": kind,
        "mail": {
            "timestamp": "2017-08-05T00:40:02.012Z",
            "source": "Sender Name <sender@example.com>",
            "messageId": "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000",
            "destination": ["recipient@example.com"],
            "tags": {
                "ses:configuration-set": ["ConfigSet"],
                "submission": ["01M83QVA5WS38ENTNS9E5CX93W"],
                "target": ["email"],
            },
        },
        **told,
    }


BOUNCE = ses_event(
    "Bounce",
    bounce={
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [
            {
                "emailAddress": "recipient@example.com",
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 user unknown",
            }
        ],
        "timestamp": "2017-08-05T00:41:02.669Z",
    },
)
COMPLAINT = ses_event(
    "Complaint",
    complaint={
        "complainedRecipients": [{"emailAddress": "recipient@example.com"}],
        "timestamp": "2017-08-05T00:41:02.669Z",
        "complaintFeedbackType": "abuse",
    },
)
REJECT = ses_event("Reject", reject={"reason": "Bad content"})


@pytest.mark.parametrize(
    ("told", "state", "words"),
    [
        (
            BOUNCE,
            DeliveryState.BOUNCED,
            (
                "The mail came back (Permanent, General). "
                "recipient@example.com: smtp; 550 5.1.1 user unknown"
            ),
        ),
        (
            COMPLAINT,
            DeliveryState.COMPLAINED,
            "The mail was reported as spam (abuse) by recipient@example.com",
        ),
        (REJECT, DeliveryState.BOUNCED, "The mail service did not send the mail: Bad content"),
    ],
    ids=["bounce", "complaint", "reject"],
)
def test_what_the_mail_service_tells_names_the_delivery(
    told: Any, state: DeliveryState, words: str
) -> None:
    [(feedback, submission_id, target)] = mail_feedback(sns_event(told))

    assert (submission_id, target) == ("01M83QVA5WS38ENTNS9E5CX93W", "email")
    assert (feedback.state, feedback.outcome) == (state, words)
    second = 40 if state == DeliveryState.BOUNCED and told is REJECT else 41
    assert feedback.at.replace(microsecond=0) == datetime(2017, 8, 5, 0, second, 2, tzinfo=UTC)


def test_a_long_answer_of_a_mail_server_is_cut_and_in_one_line() -> None:
    told = json.loads(json.dumps(BOUNCE))
    told["bounce"]["bouncedRecipients"][0]["diagnosticCode"] = "550\r\n" + "no " * 1000

    [(feedback, _, _)] = mail_feedback(sns_event(told))

    assert len(feedback.outcome) == 500
    assert "\n" not in feedback.outcome


@pytest.mark.parametrize(
    "told",
    [
        ses_event("Delivery", delivery={}),
        {"eventType": "Bounce", "mail": {"tags": {}}},
        {"notificationType": "AmazonSnsSubscriptionSucceeded"},
    ],
)
def test_what_is_none_of_ours_is_passed_by(told: Any) -> None:
    assert list(mail_feedback(sns_event(told))) == []
