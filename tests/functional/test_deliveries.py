"""Every way that a delivery can go, through the table, its stream, the queue, mail and secrets."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

from chalicelib import notify
from chalicelib.channels import Sent
from chalicelib.delivery import DeliveryState, Task
from chalicelib.errors import DeliveryFailed, DeliveryRefused
from chalicelib.model import Folder, Target
from tests.functional.stage import SENDER, stage

if TYPE_CHECKING:
    from collections.abc import Mapping

MAIL = Target("email", "email", {"to": ["ada@owner.example"], "from": SENDER})
STRANGER = Target("email", "email", {"to": ["ada@owner.example"], "from": "x@stranger.example"})
ANSWER = Target(
    "autoresponse",
    "autoresponse",
    {"from": SENDER, "subject": "Thank you", "text": "We answer within a day."},
)
WEBHOOK = Target(
    "webhook",
    "webhook",
    {"url": "https://hooks.example/in", "secrets": ["ssm:/formpost/test/webhook"]},
)
WEBHOOK_KEY = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


class Receiver:
    """Takes the place of https: answers as it is told, and then with 200."""

    def __init__(self, *failures: Exception) -> None:
        self.posts: list[Mapping[str, str]] = []
        self._failures = list(failures)

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Sent:
        self.posts.append(headers)
        if self._failures:
            raise self._failures.pop(0)
        return Sent("answered 200", 200)


def down(times: int) -> Any:
    return Receiver(*[DeliveryFailed("hooks.example answered 500", response_status=500)] * times)


def test_from_the_table_to_the_owner() -> None:
    with stage(MAIL, ANSWER) as it:
        submission = it.store(fields={"email": "visitor@example.com", "message": "Hello"})

        it.relay()
        it.deliver_until_settled()

        mails = [message_from_bytes(mail, policy=default) for mail in it.mails]
        assert [mail["To"] for mail in mails] == ["ada@owner.example", "visitor@example.com"]
        states = [delivery.state for delivery in it.deliveries.of_submission(submission.id)]
        assert states == [DeliveryState.DELIVERED, DeliveryState.DELIVERED]


def test_pending_then_delivered_after_a_failure() -> None:
    receiver = down(1)
    with stage(WEBHOOK, https_post=receiver) as it:
        it.keep_secret("/formpost/test/webhook", WEBHOOK_KEY)
        submission = it.store()
        it.relay()

        it.deliver()
        waiting = it.delivery(submission, "webhook")
        it.deliver()

        assert (waiting.state, waiting.attempts[0].status) == (DeliveryState.PENDING, 500)
        assert waiting.next_try_at is not None
        delivered = it.delivery(submission, "webhook")
        assert delivered.state == DeliveryState.DELIVERED
        assert [attempt.status for attempt in delivered.attempts] == [500, 200]
        assert len({post["webhook-id"] for post in receiver.posts}) == 1


def test_failed_after_a_day_then_dead_letter_then_the_owner_s_retry() -> None:
    """28,800 s are 32 messages of 15 minutes; each early one is put back, no attempt made."""
    receiver = down(10)
    with stage(WEBHOOK, https_post=receiver) as it:
        it.keep_secret("/formpost/test/webhook", WEBHOOK_KEY)
        submission = it.store()
        started = it.clock()
        it.relay()

        for _ in range(200):
            if it.delivery(submission, "webhook").state == DeliveryState.FAILED:
                break
            it.deliver()

        failed = it.delivery(submission, "webhook")
        assert failed.state == DeliveryState.FAILED
        assert len(failed.attempts) == 10
        assert 23.5 < (it.clock() - started).total_seconds() / 3600 < 24
        assert it.dead_letters() == [Task(submission.id, "webhook", 10)._asdict()]

        notify.retry(failed, it.deliveries, it.queue)
        assert it.delivery(submission, "webhook").state == DeliveryState.PENDING
        it.deliver()
        assert it.delivery(submission, "webhook").state == DeliveryState.DELIVERED


def test_refused_by_a_receiver_that_is_gone() -> None:
    gone: Any = Receiver(DeliveryRefused("hooks.example answered 410", response_status=410))
    with stage(WEBHOOK, https_post=gone) as it:
        it.keep_secret("/formpost/test/webhook", WEBHOOK_KEY)
        submission = it.store()
        it.relay()
        it.deliver()

        refused = it.delivery(submission, "webhook")
        assert (refused.state, refused.attempts[0].status) == (DeliveryState.REFUSED, 410)
        assert it.sqs.delays == []


def test_refused_by_a_mail_service_that_does_not_know_the_sender() -> None:
    with stage(STRANGER) as it:
        submission = it.store()
        it.relay()
        it.deliver()

        refused = it.delivery(submission, "email")
        assert refused.state == DeliveryState.REFUSED
        assert refused.attempts[0].outcome.startswith("The mail service rejects")


def test_skipped_when_the_submission_was_erased() -> None:
    with stage(MAIL) as it:
        submission = it.store()
        it.relay()
        it.submissions.delete(it.form, submission.id)
        it.deliver()

        assert it.delivery(submission, "email").state == DeliveryState.SKIPPED
        assert it.mails == []


def test_skipped_when_the_visitor_was_answered_today() -> None:
    """A stranger's address, typed into the form again and again, gets one mail a day."""
    with stage(ANSWER) as it:
        spellings = ["Ada@Example.com", "ada+1@example.com", "ada+2@example.com"]
        sent = [
            it.store(seed=seed, fields={"email": email}) for seed, email in enumerate(spellings)
        ]
        it.relay()
        it.deliver_until_settled()

        states = [it.delivery(submission, "autoresponse").state for submission in sent]
        assert states == [DeliveryState.DELIVERED, DeliveryState.SKIPPED, DeliveryState.SKIPPED]
        assert len(it.mails) == 1
        it.clock.advance(days=1)
        it.store(seed=9, minutes=24 * 60, fields={"email": "ada@example.com"})
        it.relay()
        it.deliver_until_settled()
        assert len(it.mails) == 2


def test_delivered_then_bounced_then_sent_again() -> None:
    with stage(MAIL) as it:
        submission = it.store()
        it.relay()
        it.deliver()

        it.bounce(submission, "email")

        bounced = it.delivery(submission, "email")
        assert bounced.state == DeliveryState.BOUNCED
        notify.retry(bounced, it.deliveries, it.queue)
        it.deliver()
        assert it.delivery(submission, "email").state == DeliveryState.DELIVERED
        assert len(it.mails) == 2


def test_spam_is_told_when_the_owner_moves_it_to_the_inbox() -> None:
    with stage(MAIL) as it:
        submission = it.store(folder=Folder.SPAM)
        it.relay()
        assert it.sqs.delays == []

        it.submissions.move(it.form, submission.id, Folder.INBOX)
        it.relay()
        it.deliver()

        assert len(it.mails) == 1


def test_the_same_batch_twice_is_one_mail() -> None:
    with stage(MAIL) as it:
        it.store()
        batch = it.stream_event()
        it.relay(batch)
        it.relay(batch)
        it.deliver_until_settled()
        it.relay(batch)

        assert it.sqs.delays == []
        assert len(it.mails) == 1


def test_an_unreadable_record_does_not_hold_up_its_batch() -> None:
    with stage(MAIL) as it:
        submission = it.store()
        batch = it.stream_event()
        broken = {"dynamodb": {"NewImage": {"pk": {"S": "FORM#contact#0"}, "sk": {"S": "SUB#x"}}}}

        it.relay({"Records": [broken, *batch["Records"]]})
        it.deliver()

        assert it.delivery(submission, "email").state == DeliveryState.DELIVERED
        assert [line["outcome"] for line in it.log] == ["unreadable_record", "delivered"]
