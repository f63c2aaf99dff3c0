"""A submission that is stored is told about, once, or the owner sees why not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.config import PROJECT_DIR
from chalicelib.errors import DeliveryFailed, DeliveryRefused
from chalicelib.model import DeliveryState, Folder, Target
from chalicelib.notify import MAX_ATTEMPTS, Outbox, deliver, relay
from tests.builders import a_form, a_submission
from tests.fakes import Clock, MemoryDeliveries, RecordedOutbound, RecordedQueue

if TYPE_CHECKING:
    from chalicelib.model import Submission

OWNER = Target("email", "email", {"to": ["owner@example.com"], "from": "forms@example.com"})
COLLEAGUE = Target("team", "email", {"to": ["team@example.com"], "from": "forms@example.com"})


class Office:
    """An outbox whose collaborators can be looked at."""

    def __init__(self, *failures: Exception, targets: tuple[Target, ...] = (OWNER,)) -> None:
        self.store = MemoryDeliveries()
        self.queue = RecordedQueue()
        self.outbound = RecordedOutbound(*failures)
        self.log: list[Any] = []
        self.outbox = Outbox(
            forms={"contact": a_form(targets=targets)},
            store=self.store,
            queue=self.queue,
            outbound=self.outbound,
            now=Clock(),
            write_log=self.log.append,
        )

    def keep(self, **changes: Any) -> Submission:
        submission = a_submission(**changes)
        self.store.by_id[submission.form, submission.id] = submission
        return submission

    def relay(self, *submissions: Submission | None) -> None:
        relay([{"submission": submission} for submission in submissions], self.outbox)

    def deliver(self, submission: Submission, target: str = "email") -> None:
        deliver(submission.id, target, self.outbox)

    def state(self, submission: Submission, target: str = "email") -> DeliveryState:
        return self.store.deliveries[submission.id, target].state


def test_a_stored_submission_is_queued_for_every_target() -> None:
    office = Office(targets=(OWNER, COLLEAGUE))
    submission = office.keep()

    office.relay(submission)

    assert office.queue.tasks == [(submission.id, "email"), (submission.id, "team")]
    assert office.state(submission) == DeliveryState.PENDING


@pytest.mark.parametrize("folder", [Folder.SPAM, Folder.ARCHIVE])
def test_what_is_not_in_the_inbox_is_not_told_about(folder: Folder) -> None:
    office = Office()

    office.relay(office.keep(folder=folder))

    assert office.queue.tasks == []


def test_moved_out_of_spam_it_is_told_about() -> None:
    office = Office()
    office.relay(office.keep(folder=Folder.SPAM))

    office.relay(office.keep(folder=Folder.INBOX))

    assert len(office.queue.tasks) == 1


def test_other_items_of_the_table_are_passed_by() -> None:
    office = Office()

    office.relay(None)

    assert office.queue.tasks == []


def test_a_batch_that_comes_twice_is_told_once() -> None:
    office = Office()
    submission = office.keep()
    office.relay(submission)
    office.deliver(submission)

    office.relay(submission)

    assert len(office.queue.tasks) == 1
    assert len(office.outbound.mails) == 1


def test_a_batch_that_broke_off_before_the_queue_is_queued_again() -> None:
    """The delivery was opened, and the queue did not take the message."""
    office = Office()
    submission = office.keep()
    office.relay(submission)
    office.queue.tasks.clear()

    office.relay(submission)

    assert office.queue.tasks == [(submission.id, "email")]


def test_a_record_that_cannot_be_read_does_not_block_the_others() -> None:
    office = Office()
    submission = office.keep()

    relay([{}, {"submission": submission}], office.outbox)

    assert office.queue.tasks == [(submission.id, "email")]
    assert [line["outcome"] for line in office.log] == ["unreadable_record"]


def test_a_delivery_is_made_and_recorded() -> None:
    office = Office()
    submission = office.keep()
    office.relay(submission)

    office.deliver(submission)

    [(_, recipients)] = office.outbound.mails
    assert recipients == ["owner@example.com"]
    delivery = office.store.deliveries[submission.id, "email"]
    assert delivery.state == DeliveryState.DELIVERED
    assert [a.outcome for a in delivery.attempts] == ["accepted by the mail service as message-1"]


def test_what_is_delivered_is_never_sent_again() -> None:
    office = Office()
    submission = office.keep()
    office.relay(submission)
    office.deliver(submission)

    office.deliver(submission)

    assert len(office.outbound.mails) == 1


def test_a_failed_attempt_is_recorded_and_left_to_the_queue() -> None:
    office = Office(DeliveryFailed("SES said: slow down"))
    submission = office.keep()
    office.relay(submission)

    with pytest.raises(DeliveryFailed):
        office.deliver(submission)

    assert office.state(submission) == DeliveryState.PENDING
    office.deliver(submission)
    delivery = office.store.deliveries[submission.id, "email"]
    assert delivery.state == DeliveryState.DELIVERED
    assert [a.outcome for a in delivery.attempts] == [
        "SES said: slow down",
        "accepted by the mail service as message-1",
    ]


def test_the_last_attempt_ends_as_failed() -> None:
    office = Office(*[DeliveryFailed("no")] * 9)
    submission = office.keep()
    office.relay(submission)

    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(DeliveryFailed):
            office.deliver(submission)

    assert office.state(submission) == DeliveryState.FAILED
    office.deliver(submission)
    assert len(office.store.deliveries[submission.id, "email"].attempts) == MAX_ATTEMPTS


def test_the_queue_hands_a_message_out_as_often_as_it_is_tried() -> None:
    resources = json.loads((PROJECT_DIR / ".chalice" / "resources.json").read_text())["Resources"]
    redrives = [
        resource["Properties"]["RedrivePolicy"]["maxReceiveCount"]
        for resource in resources.values()
        if "RedrivePolicy" in resource.get("Properties", {})
    ]

    assert redrives == [MAX_ATTEMPTS]


def test_a_refusal_ends_it_at_once() -> None:
    office = Office(DeliveryRefused("not verified"))
    submission = office.keep()
    office.relay(submission)

    office.deliver(submission)

    assert office.state(submission) == DeliveryState.REFUSED


def test_an_erased_submission_is_not_told_about() -> None:
    office = Office()
    submission = office.keep()
    office.relay(submission)
    office.store.by_id.clear()

    office.deliver(submission)

    assert office.state(submission) == DeliveryState.REFUSED
    assert office.outbound.mails == []


def test_the_log_names_the_delivery_and_no_word_of_it() -> None:
    office = Office(DeliveryFailed("owner@example.com bounced"))
    submission = office.keep(fields={"email": "ada@example.com", "message": "private"})
    office.relay(submission)
    with pytest.raises(DeliveryFailed):
        office.deliver(submission)
    office.deliver(submission)

    assert [(line["outcome"], line["attempt"]) for line in office.log] == [
        ("pending", 1),
        ("delivered", 2),
    ]
    assert "@" not in repr(office.log)
    assert "private" not in repr(office.log)
