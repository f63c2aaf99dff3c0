"""Nobody is told of what was imported, nor of what is only kept for longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib import inbox as verbs
from chalicelib.bulk_store import BulkStore
from chalicelib.delivery import DeliveryState
from chalicelib.inbox import Inbox
from chalicelib.model import Folder, Target
from chalicelib.owner_store import OwnerStore
from tests.builders import a_form, a_submission
from tests.functional.stage import SENDER, TABLE, stage
from tests.inbox_fakes import Stopwatch

if TYPE_CHECKING:
    from tests.functional.stage import Stage

MAIL = Target("email", "email", {"to": ["ada@owner.example"], "from": SENDER})
UNTIL = 2_000_000_000


def bulk_store(it: Stage) -> BulkStore:
    return BulkStore(
        lambda: it.submissions.client, table=TABLE, pause=lambda _seconds: pytest.fail("paused")
    )


def an_inbox(it: Stage) -> Inbox:
    return Inbox(
        forms={"contact": it.form},
        submissions=it.submissions,
        store=OwnerStore(lambda: it.submissions.client, table=TABLE),
        deliveries=it.deliveries,
        queue=it.queue,
        now=it.clock,
        seconds=Stopwatch(),
    )


def test_what_is_imported_is_not_told_about_however_it_is_moved() -> None:
    """Nor does an undo tell anybody, or answer a visitor after years."""
    with stage(MAIL) as it:
        submission = a_submission()
        bulk_store(it).add_missing([submission], it.form)
        it.relay()
        for folder in (Folder.SPAM, Folder.INBOX):
            it.submissions.move(it.form, submission.id, folder)
            it.relay()
        bulk_store(it).keep(next(bulk_store(it).kept(it.form)), UNTIL)
        it.relay()

        assert it.take() is None
        assert it.deliveries.of_submission(submission.id) == ()


def test_its_owner_can_still_send_it() -> None:
    with stage(MAIL) as it:
        submission = a_submission()
        bulk_store(it).add_missing([submission], it.form)

        verbs.send_again(it.form, submission.id, "email", an_inbox(it))
        it.deliver_until_settled()

        assert it.delivery(submission, "email").state == DeliveryState.DELIVERED
        assert len(it.mails) == 1


def test_a_target_that_is_newer_is_not_told_of_what_is_only_kept_for_longer() -> None:
    with stage(MAIL) as it:
        it.outbox.forms["contact"] = a_form()  # type: ignore[index]
        submission = it.store()
        it.relay()
        it.outbox.forms["contact"] = it.form  # type: ignore[index]

        bulk_store(it).keep(next(bulk_store(it).kept(it.form)), UNTIL)
        it.relay()

        assert it.take() is None
        assert it.deliveries.of_submission(submission.id) == ()


def test_what_was_told_stays_told_when_it_is_kept_for_longer() -> None:
    with stage(MAIL) as it:
        submission = it.store()
        it.relay()
        it.deliver_until_settled()

        bulk_store(it).keep(next(bulk_store(it).kept(it.form)), UNTIL)
        it.relay()

        assert it.take() is None
        assert len(it.mails) == 1
        assert it.delivery(submission, "email").expires_at == UNTIL


def test_a_submission_whose_retention_changes_before_relay_saw_it_is_told_about() -> None:
    """Each record of the stream has the item as it was then."""
    with stage(MAIL) as it:
        submission = it.store()
        bulk_store(it).keep(next(bulk_store(it).kept(it.form)), UNTIL)

        it.relay()
        it.deliver_until_settled()

        assert it.delivery(submission, "email").state == DeliveryState.DELIVERED
