"""Owners are told once a day at most what was not delivered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.delivery import Attempt, Delivery, DeliveryState, Feedback
from chalicelib.errors import DeliveryFailed
from chalicelib.model import Target
from chalicelib.summary import summarize
from tests.builders import NOON, a_form, a_submission
from tests.unit.test_notify import Office

MAIL = Target("email", "email", {"to": ["Ada <ada@owner.example>"], "from": "f@owner.example"})
HOOK = Target("webhook", "webhook", {"url": "https://hooks.example", "secrets": []})


class Evening(Office):
    """An office with deliveries that were tried at noon, looked at some hours later."""

    def __init__(self, *failures: Exception, hours: float = 6) -> None:
        super().__init__(*failures, targets=(MAIL, HOOK))
        self.clock.advance(hours=hours)

    def tried(self, state: DeliveryState, *, seed: int = 0, **changes: Any) -> Delivery:
        submission_id = a_submission(seed=seed).id
        opened = self.deliveries.open(Delivery("contact", submission_id, "webhook"))
        attempt = Attempt(NOON, "hooks.example answered 500", 90, 500)
        self.deliveries.save(replace(opened, sent=state, attempts=(attempt,), **changes))
        return opened

    def summarize(self) -> list[str]:
        """Return the subjects of the mails that went out."""
        before = len(self.outbound.mails)
        summarize(self.outbox)
        return [str(mail.message["Subject"]) for mail in self.outbound.mails[before:]]


def test_what_failed_is_told_in_one_mail() -> None:
    office = Evening()
    office.tried(DeliveryState.FAILED, seed=1)
    office.tried(DeliveryState.REFUSED, seed=2)
    bounced = Feedback(NOON, DeliveryState.BOUNCED, "550 no such user")
    office.tried(DeliveryState.DELIVERED, seed=3, feedback=bounced)

    assert office.summarize() == ["3 notices were not delivered"]
    [mail] = office.outbound.mails
    assert mail.recipients == ["ada@owner.example"]
    text = mail.message.get_body(("plain",))
    assert text is not None
    assert "hooks.example answered 500" in text.get_content()
    assert "550 no such user" in text.get_content()


def test_an_owner_of_two_forms_gets_one_mail_about_both() -> None:
    office = Evening()
    forms = {name: a_form(name, title=name, targets=(MAIL,)) for name in ("contact", "jobs")}
    office.outbox = replace(office.outbox, forms=forms)
    attempt = Attempt(NOON, "hooks.example answered 500", 90, 500)
    for seed, name in enumerate(forms):
        opened = office.deliveries.open(Delivery(name, a_submission(seed=seed).id, "webhook"))
        office.deliveries.save(replace(opened, sent=DeliveryState.FAILED, attempts=(attempt,)))

    assert office.summarize() == ["2 notices were not delivered"]


def test_what_went_well_or_still_goes_on_is_not_told() -> None:
    office = Evening()
    for seed, state in enumerate(
        [DeliveryState.PENDING, DeliveryState.DELIVERED, DeliveryState.SKIPPED]
    ):
        office.tried(state, seed=seed)

    assert office.summarize() == []


def test_there_is_one_summary_a_day_and_none_about_the_same() -> None:
    office = Evening()
    office.tried(DeliveryState.FAILED)
    assert len(office.summarize()) == 1

    assert office.summarize() == []
    office.clock.advance(days=1)
    assert office.summarize() == []


def test_what_fails_after_a_summary_is_in_the_next_one() -> None:
    office = Evening()
    office.tried(DeliveryState.FAILED, seed=1)
    office.summarize()
    later = Attempt(NOON + timedelta(hours=10), "hooks.example answered 500", 90, 500)
    failed = office.tried(DeliveryState.FAILED, seed=2)
    office.deliveries.save(replace(failed, sent=DeliveryState.FAILED, attempts=(later,)))

    office.clock.advance(hours=10)
    assert office.summarize() == []
    office.clock.advance(hours=14)
    assert office.summarize() == ["1 notice was not delivered"]


def test_what_failed_long_before_the_first_summary_is_not_news() -> None:
    office = Evening(hours=25)
    office.tried(DeliveryState.FAILED)

    assert office.summarize() == []


def test_a_form_that_tells_nobody_by_mail_sends_none() -> None:
    office = Evening()
    office.tried(DeliveryState.FAILED)
    office.outbox = replace(office.outbox, forms={"contact": a_form(targets=(HOOK,))})

    assert office.summarize() == []
    assert office.deliveries.last_summary() is None


def test_a_summary_that_is_not_taken_is_logged() -> None:
    office = Evening(DeliveryFailed("The mail service answered Throttling."))
    office.tried(DeliveryState.FAILED)

    assert office.summarize() == []
    [line] = office.log
    assert (line["level"], line["event"], line["failures"]) == ("error", "summarize", 1)
    assert "@" not in repr(office.log)
