"""A submission that is stored is told about, once, or the owner sees why not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib import retries
from chalicelib.delivery import DeliveryState, Feedback, Task
from chalicelib.errors import (
    DeliveryFailed,
    DeliveryRefused,
    DeliverySkipped,
    StoreUnavailable,
)
from chalicelib.model import Folder, Target
from chalicelib.notify import deliver, relay, retry, take_feedback
from chalicelib.outbox import Outbox
from tests.builders import NOON, a_form, a_submission
from tests.fakes import (
    Clock,
    MemoryDeliveries,
    MemoryNotices,
    RecordedOutbound,
    RecordedQueue,
)

if TYPE_CHECKING:
    from chalicelib.delivery import Delivery
    from chalicelib.model import Submission

OWNER = Target("email", "email", {"to": ["owner@example.com"], "from": "forms@example.com"})
COLLEAGUE = Target("team", "email", {"to": ["team@example.com"], "from": "forms@example.com"})
WEBHOOK = Target(
    "webhook",
    "webhook",
    {"url": "https://hooks.example/in", "secrets": ["ssm:/formpost/test/webhook"]},
)
# 32 bytes, as Standard Webhooks wants them.
WEBHOOK_SECRET = "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
DOWN = "hooks.example answered 500"


class Office:
    """An outbox whose collaborators can be looked at."""

    def __init__(self, *failures: Exception, targets: tuple[Target, ...] = (OWNER,)) -> None:
        self.submissions = MemoryNotices()
        self.deliveries = MemoryDeliveries()
        self.queue = RecordedQueue()
        self.outbound = RecordedOutbound(*failures)
        self.clock = Clock()
        self.log: list[Any] = []
        self.outbox = Outbox(
            forms={"contact": a_form(targets=targets)},
            submissions=self.submissions,
            deliveries=self.deliveries,
            queue=self.queue,
            outbound=self.outbound,
            read_secret={"ssm:/formpost/test/webhook": WEBHOOK_SECRET}.__getitem__,
            now=self.clock,
            jitter=lambda: 0.0,
            inbox_url="https://site.example/inbox.html",
            write_log=self.log.append,
        )

    def keep(self, **changes: Any) -> Submission:
        submission = a_submission(**changes)
        self.submissions.by_id[submission.form, submission.id] = submission
        return submission

    def relay(self, *submissions: Submission | None) -> None:
        relay([{"submission": submission} for submission in submissions], self.outbox)

    def relayed(self, **changes: Any) -> Submission:
        """Return a submission that waits to be told about."""
        submission = self.keep(**changes)
        self.relay(submission)
        return submission

    def deliver_next(self) -> None:
        """Do what was put into the queue last, when its time has come."""
        task, delay_seconds = self.queue.puts[-1]
        self.clock.advance(seconds=delay_seconds)
        deliver(task, self.outbox)

    def deliver(self, submission: Submission, target: str = "email", *, attempts: int = 0) -> None:
        deliver(Task(submission.id, target, attempts), self.outbox)

    def retry(self, submission: Submission) -> None:
        retry(self.delivery(submission), self.deliveries, self.queue)

    def delivery(self, submission: Submission, target: str = "email") -> Delivery:
        return self.deliveries.by_key[submission.id, target]

    def state(self, submission: Submission, target: str = "email") -> DeliveryState:
        return self.delivery(submission, target).state


def test_a_stored_submission_is_queued_for_every_target() -> None:
    office = Office(targets=(OWNER, COLLEAGUE))

    submission = office.relayed()

    assert office.queue.tasks == [Task(submission.id, "email"), Task(submission.id, "team")]
    assert office.state(submission) == DeliveryState.PENDING


@pytest.mark.parametrize("folder", [Folder.SPAM, Folder.ARCHIVE])
def test_what_is_not_in_the_inbox_is_not_told_about(folder: Folder) -> None:
    office = Office()

    office.relayed(folder=folder)

    assert office.queue.tasks == []


def test_moved_out_of_spam_it_is_told_about() -> None:
    office = Office()
    office.relayed(folder=Folder.SPAM)

    office.relayed(folder=Folder.INBOX)

    assert len(office.queue.tasks) == 1


def test_other_items_of_the_table_are_passed_by() -> None:
    office = Office()

    office.relay(None)

    assert office.queue.tasks == []


def test_a_batch_that_comes_twice_is_told_once() -> None:
    office = Office()
    submission = office.relayed()
    office.deliver(submission)

    office.relay(submission)

    assert len(office.queue.tasks) == 1
    assert len(office.outbound.mails) == 1


def test_a_batch_that_the_queue_did_not_take_is_queued_again() -> None:
    """The delivery was opened, and the queue did not take the message."""
    office = Office()
    office.queue.failures.append(DeliveryFailed("The delivery queue did not answer."))
    submission = office.keep()
    with pytest.raises(DeliveryFailed):
        office.relay(submission)

    office.relay(submission)

    assert office.queue.tasks == [Task(submission.id, "email")]


def test_two_messages_for_one_delivery_are_one_mail() -> None:
    office = Office()
    submission = office.relayed()
    office.relay(submission)
    assert len(office.queue.tasks) == 2

    for task in office.queue.tasks:
        deliver(task, office.outbox)

    assert len(office.outbound.mails) == 1


def test_a_message_from_before_the_last_attempt_makes_no_other() -> None:
    """SQS can hand out a message twice; the attempt that it asks for was made."""
    office = Office(*[DeliveryFailed(DOWN)] * 2)
    submission = office.relayed()
    office.deliver(submission)
    office.clock.advance(hours=1)

    office.deliver(submission, attempts=0)

    assert len(office.delivery(submission).attempts) == 1
    assert office.queue.tasks == [Task(submission.id, "email"), Task(submission.id, "email", 1)]


def test_a_record_that_cannot_be_read_does_not_block_the_others() -> None:
    office = Office()
    submission = office.keep()

    relay([{}, {"submission": submission}], office.outbox)

    assert office.queue.tasks == [Task(submission.id, "email")]
    assert [line["outcome"] for line in office.log] == ["unreadable_record"]


def test_a_delivery_is_made_and_recorded() -> None:
    office = Office()
    submission = office.relayed()

    office.deliver(submission)

    [mail] = office.outbound.mails
    assert mail.recipients == ["owner@example.com"]
    assert mail.tags == {"form": "contact", "submission": submission.id, "target": "email"}
    delivery = office.delivery(submission)
    assert delivery.state == DeliveryState.DELIVERED
    [attempt] = delivery.attempts
    assert (attempt.at, attempt.outcome) == (NOON, "accepted by the mail service as message-1")
    assert attempt.next_try_at is None


def test_what_is_delivered_is_never_sent_again() -> None:
    office = Office()
    submission = office.relayed()
    office.deliver(submission)

    office.deliver(submission)
    office.deliver(submission, attempts=1)

    assert len(office.outbound.mails) == 1


def test_a_secret_is_in_the_place_of_its_reference() -> None:
    office = Office(targets=(WEBHOOK,))
    submission = office.relayed()

    office.deliver(submission, "webhook")

    [post] = office.outbound.posts
    assert post.url == "https://hooks.example/in"
    assert post.headers["webhook-signature"].startswith("v1,")
    assert office.delivery(submission, "webhook").attempts[0].status == 200


def test_a_failure_is_tried_again_over_about_a_day() -> None:
    """Ten attempts; 10 s + 60 + 300 + 1,800 + 3,600 + 7,200 + 14,400 + 2 x 28,800 = 84,970 s."""
    failures = [DeliveryFailed(DOWN, response_status=500)] * 10
    office = Office(*failures, targets=(WEBHOOK,))
    submission = office.relayed()

    for _ in failures:
        assert office.state(submission, "webhook") == DeliveryState.PENDING
        office.deliver_next()

    delivery = office.delivery(submission, "webhook")
    assert delivery.state == DeliveryState.FAILED
    assert [attempt.status for attempt in delivery.attempts] == [500] * 10
    assert delivery.attempts[-1].at - NOON == timedelta(seconds=84_970)
    assert delivery.attempts[-1].next_try_at is None
    assert office.queue.buried == [Task(submission.id, "webhook", 10)]


def test_each_attempt_says_when_the_next_one_is() -> None:
    office = Office(DeliveryFailed(DOWN))
    submission = office.relayed()

    office.deliver_next()
    first = office.delivery(submission).attempts[0]
    office.deliver_next()

    assert (first.outcome, first.next_try_at) == (DOWN, NOON + timedelta(seconds=10))
    assert office.delivery(submission).attempts[1].at == NOON + timedelta(seconds=10)
    assert office.state(submission) == DeliveryState.DELIVERED


def test_a_message_that_comes_early_waits_for_its_time() -> None:
    """SQS delays by 15 minutes at most, and a wait can have hours."""
    office = Office(DeliveryFailed(DOWN, retry_after_seconds=3600))
    submission = office.relayed()
    office.deliver_next()

    office.clock.advance(minutes=15)
    office.deliver(submission, attempts=1)

    assert office.queue.puts[-1] == (Task(submission.id, "email", 1), 45 * 60)
    assert len(office.delivery(submission).attempts) == 1


@pytest.mark.parametrize(
    ("asked_seconds", "waited_seconds"),
    [(0, 10), (5, 10), (120, 120), (7 * 24 * 3600, 24 * 3600)],
)
def test_a_receiver_that_asks_for_time_gets_it(asked_seconds: float, waited_seconds: float) -> None:
    """At least what the schedule says, and at most a day."""
    failure = DeliveryFailed("busy", response_status=429, retry_after_seconds=asked_seconds)
    office = Office(failure, targets=(WEBHOOK,))
    submission = office.relayed()

    office.deliver_next()

    assert office.queue.puts[-1] == (Task(submission.id, "webhook", 1), waited_seconds)
    next_try_at = office.delivery(submission, "webhook").next_try_at
    assert next_try_at == NOON + timedelta(seconds=waited_seconds)


def test_what_failed_together_does_not_come_back_together() -> None:
    office = Office()
    delivery = office.delivery(office.relayed())

    waits = {retries.wait_seconds(delivery, 0, jitter) for jitter in (0.0, 0.5, 1.0)}

    assert waits == {10, 10.5, 11}


def test_a_crash_before_the_record_makes_one_attempt_more_and_none_less() -> None:
    """The queue was told, the record was not written, and the old message comes back."""
    office = Office(DeliveryFailed(DOWN))
    submission = office.relayed()
    before = office.delivery(submission)
    office.deliver(submission)
    office.deliveries.save(before)

    office.deliver(submission)

    assert len(office.outbound.mails) == 1
    assert office.state(submission) == DeliveryState.DELIVERED
    office.deliver(submission, attempts=1)
    assert len(office.outbound.mails) == 1


def test_a_crash_between_sending_and_recording_sends_the_same_again() -> None:
    office = Office()
    submission = office.relayed()
    before = office.delivery(submission)
    office.deliver(submission)
    office.deliveries.save(before)

    office.deliver(submission)

    ids = {mail.message["X-Formpost-Submission"] for mail in office.outbound.mails}
    assert (len(office.outbound.mails), ids) == (2, {submission.id})


def test_a_dead_letter_that_is_moved_back_is_tried_once_more() -> None:
    """As the SQS console does it."""
    office = Office(*[DeliveryFailed(DOWN)] * 11)
    submission = office.relayed()
    for _ in range(10):
        office.deliver_next()
    [dead_letter] = office.queue.buried

    deliver(dead_letter, office.outbox)

    assert office.state(submission) == DeliveryState.FAILED
    deliver(office.queue.buried[-1], office.outbox)
    assert office.state(submission) == DeliveryState.DELIVERED
    deliver(dead_letter, office.outbox)
    assert len(office.outbound.mails) == 1


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (DeliveryRefused("not verified"), DeliveryState.REFUSED),
        (DeliverySkipped("answered today"), DeliveryState.SKIPPED),
    ],
)
def test_what_no_other_try_would_change_ends_at_once(
    error: DeliveryFailed, state: DeliveryState
) -> None:
    office = Office(error)
    submission = office.relayed()

    office.deliver(submission)

    delivery = office.delivery(submission)
    assert (delivery.state, delivery.attempts[0].outcome) == (state, str(error))
    assert len(office.queue.tasks) == 1
    assert office.queue.buried == []


def test_an_erased_submission_is_not_told_about() -> None:
    office = Office()
    submission = office.relayed()
    office.submissions.by_id.clear()

    office.deliver(submission)

    assert office.state(submission) == DeliveryState.SKIPPED
    assert office.outbound.mails == []


def test_an_erased_delivery_stays_erased() -> None:
    office = Office()
    submission = office.relayed()
    office.deliveries.by_key.clear()

    office.deliver(submission)

    assert office.deliveries.by_key == {}
    assert office.outbound.mails == []


def test_a_target_that_is_gone_is_not_told() -> None:
    office = Office()
    submission = office.relayed()
    gone = Office(targets=())
    gone.deliveries.by_key = office.deliveries.by_key

    gone.deliver(submission)

    assert office.state(submission) == DeliveryState.SKIPPED


def test_a_fault_of_our_own_is_an_attempt_and_tells_no_word() -> None:
    """What a channel stumbles over could quote what a visitor sent."""
    office = Office(KeyError("ada@example.com wrote: private"))
    submission = office.relayed()

    office.deliver(submission)

    [attempt] = office.delivery(submission).attempts
    assert attempt.outcome == "A fault of Formpost's own (KeyError)."
    assert attempt.next_try_at is not None
    [fault, _] = office.log
    assert fault["error"]["type"] == "KeyError"
    assert any("fakes.py" in frame for frame in fault["error"]["stack"])
    assert "private" not in repr(office.log)


def test_a_store_that_does_not_answer_is_no_attempt() -> None:
    office = Office()
    submission = office.relayed()

    class Down(MemoryNotices):
        def get(self, *_: Any, **__: Any) -> Submission:
            raise StoreUnavailable

    office.outbox = Outbox(**{**_fields(office.outbox), "submissions": Down()})
    with pytest.raises(StoreUnavailable):
        office.deliver(submission)

    assert office.delivery(submission).attempts == ()


def _fields(outbox: Outbox) -> dict[str, Any]:
    return {name: getattr(outbox, name) for name in Outbox.__slots__}


@pytest.mark.parametrize("state", [DeliveryState.BOUNCED, DeliveryState.COMPLAINED])
def test_what_the_mail_service_says_later_marks_the_delivery(state: DeliveryState) -> None:
    office = Office()
    submission = office.relayed()
    office.deliver(submission)

    take_feedback(
        [(Feedback(NOON, state, "The mail came back."), submission.id, "email")], office.outbox
    )

    delivery = office.delivery(submission)
    assert (delivery.state, delivery.sent) == (state, DeliveryState.DELIVERED)
    office.deliver(submission, attempts=1)
    assert len(office.outbound.mails) == 1


def test_feedback_waits_until_the_sending_is_recorded() -> None:
    office = Office()
    submission = office.relayed()
    bounced = Feedback(NOON, DeliveryState.BOUNCED, "The mail came back.")

    with pytest.raises(DeliveryFailed):
        take_feedback([(bounced, submission.id, "email")], office.outbox)

    assert office.state(submission) == DeliveryState.PENDING


def test_a_bounce_that_comes_while_it_is_sent_again_is_of_the_earlier_mail() -> None:
    office = Office()
    submission = office.relayed()
    office.deliver(submission)
    office.retry(submission)
    bounced = Feedback(NOON, DeliveryState.BOUNCED, "mailbox full")

    take_feedback([(bounced, submission.id, "email")], office.outbox)
    assert office.state(submission) == DeliveryState.BOUNCED
    office.deliver_next()

    assert office.state(submission) == DeliveryState.DELIVERED


def test_feedback_on_what_was_erased_is_passed_by() -> None:
    office = Office()

    take_feedback(
        [(Feedback(NOON, DeliveryState.BOUNCED, "gone"), "sub-1", "email")], office.outbox
    )

    assert office.deliveries.by_key == {}


def test_the_owner_s_retry_has_all_its_tries_again_and_keeps_the_history() -> None:
    office = Office(*[DeliveryFailed(DOWN)] * 11)
    submission = office.relayed()
    for _ in range(10):
        office.deliver_next()

    office.retry(submission)
    assert office.state(submission) == DeliveryState.PENDING
    office.deliver_next()
    office.deliver_next()

    assert office.state(submission) == DeliveryState.DELIVERED
    assert len(office.delivery(submission).attempts) == 12


def test_a_retry_does_not_wait_for_the_schedule() -> None:
    office = Office(DeliveryFailed(DOWN, retry_after_seconds=3600))
    submission = office.relayed()
    office.deliver_next()

    office.retry(submission)
    deliver(office.queue.tasks[-1], office.outbox)

    assert office.state(submission) == DeliveryState.DELIVERED
    deliver(Task(submission.id, "email", 1), office.outbox)
    assert len(office.outbound.mails) == 1


def test_a_retry_after_a_bounce_sends_again() -> None:
    office = Office()
    submission = office.relayed()
    office.deliver(submission)
    bounced = Feedback(NOON, DeliveryState.BOUNCED, "mailbox full")
    take_feedback([(bounced, submission.id, "email")], office.outbox)

    office.retry(submission)
    office.deliver_next()

    assert office.state(submission) == DeliveryState.DELIVERED
    assert len(office.outbound.mails) == 2


def test_the_log_names_the_delivery_and_no_word_of_it() -> None:
    office = Office(DeliveryFailed("owner@example.com bounced"))
    office.relayed(fields={"email": "ada@example.com", "message": "private"})
    office.deliver_next()
    office.deliver_next()

    assert [(line["outcome"], line["attempt"]) for line in office.log] == [
        ("pending", 1),
        ("delivered", 2),
    ]
    assert office.log[0]["next_try_at"] == "2026-11-23T12:00:10.000Z"
    assert "@" not in repr(office.log)
    assert "private" not in repr(office.log)
