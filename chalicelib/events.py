"""Read the events of stream, queue and mail service as plain values; no Chalice in here."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.delivery import DeliveryState, Feedback, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# A receiving server's answer is a line or two; a record must not grow by more.
_MAX_OUTCOME_LENGTH = 500


def written_images(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield each item that was written, in wire types; what was deleted has none."""
    for record in event["Records"]:
        image = record.get("dynamodb", {}).get("NewImage")
        if image is not None:
            yield image


def delivery_task(event: Mapping[str, Any]) -> Task:
    """Return what the one message asks for.

    Raises:
        ValueError, KeyError, TypeError: the message is none of ours; the queue
            keeps it as a dead letter.
    """
    [record] = event["Records"]
    task = json.loads(record["body"])
    return Task(str(task["submission_id"]), str(task["target"]), int(task.get("attempts", 0)))


def mail_feedback(event: Mapping[str, Any]) -> Iterator[tuple[Feedback, str, str]]:
    """Yield each bounce and complaint, with the submission and the target it is about.

    What else the mail service tells, and mails that are none of ours, are passed by.

    Source: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
    """
    for record in event["Records"]:
        told = json.loads(record["Sns"]["Message"])
        tags = told.get("mail", {}).get("tags", {})
        if told.get("eventType") in _READERS and "submission" in tags and "target" in tags:
            feedback = _READERS[told["eventType"]](told)
            yield feedback, tags["submission"][0], tags["target"][0]


def _bounce(told: Mapping[str, Any]) -> Feedback:
    bounce = told["bounce"]
    words = f"{bounce['bounceType']}, {bounce['bounceSubType']}"
    answers = [
        f"{each['emailAddress']}: {each.get('diagnosticCode') or each.get('status') or 'no reason'}"
        for each in bounce.get("bouncedRecipients", ())
    ]
    return Feedback(
        datetime.fromisoformat(bounce["timestamp"]),
        DeliveryState.BOUNCED,
        _shortened(f"The mail came back ({words}). {' '.join(answers)}"),
    )


def _complaint(told: Mapping[str, Any]) -> Feedback:
    complaint = told["complaint"]
    who = ", ".join(each["emailAddress"] for each in complaint.get("complainedRecipients", ()))
    kind = complaint.get("complaintFeedbackType") or "no reason given"
    return Feedback(
        datetime.fromisoformat(complaint["timestamp"]),
        DeliveryState.COMPLAINED,
        _shortened(f"The mail was reported as spam ({kind}) by {who}"),
    )


def _reject(told: Mapping[str, Any]) -> Feedback:
    reason = told["reject"].get("reason", "no reason given")
    return Feedback(
        datetime.fromisoformat(told["mail"]["timestamp"]),
        DeliveryState.BOUNCED,
        _shortened(f"The mail service did not send the mail: {reason}"),
    )


def _shortened(words: str) -> str:
    return " ".join(words.split())[:_MAX_OUTCOME_LENGTH]


_READERS = {"Bounce": _bounce, "Complaint": _complaint, "Reject": _reject}
