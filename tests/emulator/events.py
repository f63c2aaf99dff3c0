"""What AWS's services send to the functions, where the emulator's do not by themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

# SES's own; Chalice's event takes no message without one.
# Source: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
SUBJECT = "Amazon SES Email Event Notification"
# Of EventBridge's rule.
# Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
SCHEDULED: dict[str, Any] = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-11-23T12:00:00Z",
    "region": "eu-west-1",
    "resources": ["arn:aws:events:eu-west-1:123456789012:rule/formpost-prod-summarize-event"],
    "detail": {},
}


def bounce(submission_id: str, target: str) -> str:
    """Return what SES publishes of a mail that comes back now.

    Source: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
    """
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps(
        {
            "eventType": "Bounce",
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [
                    {
                        "emailAddress": "owner@example.com",
                        "action": "failed",
                        "status": "5.1.1",
                        "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                    }
                ],
                "timestamp": now,
                "feedbackId": "0100000000000000-00000000-0000-0000-0000-000000000000-000000",
                "reportingMTA": "dsn; mta.example.com",
            },
            "mail": {
                "timestamp": now,
                "source": "Forms <forms@example.com>",
                "messageId": "0100000000000000-11111111-1111-1111-1111-111111111111-000000",
                "destination": ["owner@example.com"],
                "tags": {
                    "ses:configuration-set": ["formpost-prod"],
                    "form": ["contact"],
                    "submission": [submission_id],
                    "target": [target],
                },
            },
        }
    )


def from_sns(message: str) -> dict[str, Any]:
    """Return what SNS calls a function with.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    """
    topic_arn = "arn:aws:sns:eu-west-1:123456789012:formpost-prod-mail-events"
    return {
        "Records": [
            {
                "EventVersion": "1.0",
                "EventSource": "aws:sns",
                "EventSubscriptionArn": f"{topic_arn}:21be56ed-a058-49f5-8c98-aedd2564c486",
                "Sns": {
                    "Type": "Notification",
                    "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
                    "TopicArn": topic_arn,
                    "Subject": SUBJECT,
                    "Message": message,
                    "Timestamp": "2026-11-23T12:00:06.000Z",
                    "MessageAttributes": {},
                },
            }
        ]
    }
