"""What comes in, as it is stored; what does not, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.errors import (
    FormClosed,
    FormNotFound,
    IdempotencyKeyReused,
    InvalidSubmission,
    OriginNotAllowed,
    StoreUnavailable,
    SubmissionTooLarge,
    TooManySubmissions,
)
from chalicelib.intake import Intake, accept_submission
from chalicelib.model import Answer, Folder
from tests.builders import ADA, NOON, a_form, a_post
from tests.fakes import Clock, MemorySubmissions, StoreThatLosesAnswers, UnavailableStore

if TYPE_CHECKING:
    from chalicelib.model import Form, Receipt, Submission

SITE = "https://site.example"


class Desk:
    """An intake with a store in memory and a clock that stands still."""

    def __init__(
        self, *forms: Form, store: MemorySubmissions | None = None, origins: tuple[str, ...] = ()
    ) -> None:
        self.store = store or MemorySubmissions()
        self.clock = Clock()
        self._drawn = 0
        self._intake = Intake(
            forms={form.id: form for form in forms or (a_form(),)},
            allowed_origins=origins,
            store=self.store,
            now=self.clock,
            random_bytes=self._draw,
        )

    def accept(self, fields: dict[str, Any] | None = None, **changes: Any) -> Receipt:
        return accept_submission(a_post(fields, **changes), self._intake)

    @property
    def stored(self) -> list[Submission]:
        return list(self.store.by_id.values())

    def _draw(self, count: int) -> bytes:
        self._drawn += 1
        return self._drawn.to_bytes(count)


def test_everything_that_was_sent_is_stored() -> None:
    desk = Desk()

    receipt = desk.accept(ADA)

    [submission] = desk.stored
    assert dict(submission.answers) == {name: (value,) for name, value in ADA.items()}
    assert (submission.form, submission.folder) == ("contact", Folder.INBOX)
    assert (submission.received_at, submission.sender.origin) == (NOON, SITE)
    assert (receipt.submission_id, receipt.received_at) == (submission.id, NOON)


def test_the_sender_s_address_is_not_stored() -> None:
    desk = Desk()

    desk.accept(ip="203.0.113.77")

    assert "203.0.113.77" not in repr(desk.stored)


def test_one_address_has_one_hash() -> None:
    desk = Desk()
    for number, ip in enumerate(["203.0.113.77", "203.0.113.77", "203.0.113.78"]):
        desk.accept({"n": number}, ip=ip)

    first, second, other = (submission.sender.ip_hash for submission in desk.stored)

    assert first == second != other


def test_control_fields_are_not_stored_as_answers() -> None:
    desk = Desk()

    desk.accept({"a": "1", "_subject": "Hi", "_replyto": "ada@example.com", "_next": "/x"})

    [submission] = desk.stored
    assert submission.answers == (Answer("a", ("1",)),)
    assert (submission.subject, submission.reply_to) == ("Hi", "ada@example.com")


def test_a_second_submission_from_the_same_address_is_a_second_record() -> None:
    desk = Desk()
    desk.accept({**ADA, "message": "one"})
    desk.accept({**ADA, "message": "two"})

    assert [dict(s.answers)["message"] for s in desk.stored] == [("one",), ("two",)]


def test_retention_gives_the_submission_an_end() -> None:
    desk = Desk(a_form(retention_days=30))
    desk.accept()

    # 30 days of 86,400 s after 2026-11-23T12:00:00Z.
    assert desk.stored[0].expires_at == 1_795_435_200 + 2_592_000


def test_an_unknown_form_is_not_found_whatever_was_sent() -> None:
    with pytest.raises(FormNotFound):
        Desk().accept(form="nope", content_type="x/y")


def test_a_closed_form_says_so() -> None:
    with pytest.raises(FormClosed):
        Desk(a_form(closed=True)).accept()


def test_the_body_has_the_form_s_limit() -> None:
    with pytest.raises(SubmissionTooLarge):
        Desk(a_form(max_body_bytes=10)).accept({"a": "x" * 9})


class TestOrigin:
    def test_a_page_that_is_not_listed_is_told_how_to_be(self) -> None:
        desk = Desk(a_form(allowed_origins=("https://mine.example",)))

        with pytest.raises(OriginNotAllowed, match=r"allowed_origins of \[contact\]"):
            desk.accept(origin="https://mine.example.evil.example")

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://mine.example"},
            {"origin": "https://staged.example"},
            {"origin": None, "referer": "https://mine.example/page?x"},
            {"origin": "https://api.example"},
            {"origin": None},
            {"origin": "null"},
        ],
        ids=[
            "listed",
            "listed for the stage",
            "told by Referer",
            "our own error page",
            "no header",
            "a page that withholds it",
        ],
    )
    def test_others_may_post(self, headers: dict[str, Any]) -> None:
        desk = Desk(
            a_form(allowed_origins=("https://mine.example",)), origins=("https://staged.example",)
        )

        assert not desk.accept(**headers).is_repeat

    def test_any_page_may_post_to_a_form_that_lists_none(self) -> None:
        assert not Desk().accept(origin="https://anywhere.example").is_repeat


class TestSpam:
    def test_a_filled_honeypot_goes_to_spam_and_the_sender_sees_success(self) -> None:
        """A bot must not learn that it was caught."""
        desk = Desk()

        caught = desk.accept({"a": "Buy now", "_gotcha": "x"})

        [submission] = desk.stored
        assert submission.folder == Folder.SPAM
        assert "honeypot: _gotcha was filled in" in submission.verdict.reasons
        assert caught.next_url is None
        assert caught.submission_id == submission.id

    def test_a_withheld_origin_is_a_weak_signal(self) -> None:
        desk = Desk()
        desk.accept(origin=None)

        [submission] = desk.stored
        assert submission.folder == Folder.INBOX
        assert "page_origin" in {signal.check for signal in submission.verdict.signals}


class TestRepeats:
    def test_a_double_click_is_stored_once_and_answered_the_same(self) -> None:
        desk = Desk()
        first = desk.accept()
        desk.clock.advance(seconds=1)

        second = desk.accept()

        assert len(desk.stored) == 1
        assert second.is_repeat
        assert (second.submission_id, second.received_at) == (first.submission_id, NOON)

    @pytest.mark.parametrize("second", range(0, 600, 37))
    def test_no_window_has_an_edge_that_a_double_click_falls_over(self, second: int) -> None:
        desk = Desk()
        desk.clock.advance(seconds=second)
        desk.accept()
        desk.clock.advance(seconds=1)
        desk.accept()

        assert len(desk.stored) == 1

    def test_the_same_words_an_hour_later_are_meant(self) -> None:
        desk = Desk()
        desk.accept()
        desk.clock.advance(hours=1)
        desk.accept()

        assert len(desk.stored) == 2

    def test_ten_minutes_are_the_limit(self) -> None:
        desk = Desk()
        desk.accept()
        desk.clock.advance(minutes=10)
        desk.accept()

        assert len(desk.stored) == 2

    @pytest.mark.parametrize(
        "change",
        [{"ip": "203.0.113.9"}, {"user_agent": "Safari"}, {"fields": {"a": "2"}}],
        ids=["from another address", "from another browser", "with other words"],
    )
    def test_what_differs_is_another_submission(self, change: dict[str, Any]) -> None:
        desk = Desk()
        desk.accept({"a": "1"})
        desk.accept(**{"fields": {"a": "1"}, **change})

        assert len(desk.stored) == 2

    def test_one_key_stores_one_from_wherever_it_comes(self) -> None:
        """A phone changes its network between two tries."""
        desk = Desk()
        first = desk.accept(idempotency_key="k")
        desk.clock.advance(hours=20)
        second = desk.accept(idempotency_key="k", ip="203.0.113.9")

        assert (first.submission_id, second.is_repeat) == (second.submission_id, True)
        assert len(desk.stored) == 1

    def test_the_key_can_be_a_field(self) -> None:
        desk = Desk()
        desk.accept({"a": "1", "_idempotency_key": "k"})
        desk.accept({"a": "1"}, idempotency_key="k")

        assert len(desk.stored) == 1

    def test_two_keys_store_two_of_the_same_words(self) -> None:
        desk = Desk()
        desk.accept(idempotency_key="k")
        desk.accept(idempotency_key="l")

        assert len(desk.stored) == 2

    def test_a_key_with_other_words_is_refused(self) -> None:
        desk = Desk()
        desk.accept({"a": "1"}, idempotency_key="k")

        with pytest.raises(IdempotencyKeyReused):
            desk.accept({"a": "2"}, idempotency_key="k")

    def test_a_key_belongs_to_its_form(self) -> None:
        desk = Desk(a_form(), a_form("other"))
        desk.accept({"a": "1"}, idempotency_key="k")
        desk.accept({"a": "1"}, form="other", idempotency_key="k")

        assert len(desk.stored) == 2

    def test_a_refused_post_does_not_use_up_its_key(self) -> None:
        desk = Desk()
        with pytest.raises(InvalidSubmission):
            desk.accept({"a": ""}, idempotency_key="k")

        assert not desk.accept({"a": "mended"}, idempotency_key="k").is_repeat

    def test_a_repeat_after_an_unavailable_store_stores_one(self) -> None:
        desk = Desk(store=UnavailableStore())
        with pytest.raises(StoreUnavailable):
            desk.accept(idempotency_key="k")

        assert desk.stored == []

    @pytest.mark.parametrize("key", ["k", None])
    def test_a_store_that_fails_after_writing_stores_one(self, key: str | None) -> None:
        desk = Desk(store=StoreThatLosesAnswers(2))
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                desk.accept(idempotency_key=key)

        receipt = desk.accept(idempotency_key=key)

        assert [s.id for s in desk.stored] == [receipt.submission_id]


class TestNextUrl:
    def test_a_path_is_on_the_page_s_site(self) -> None:
        assert Desk().accept({"a": "1", "_next": "/thanks"}).next_url == f"{SITE}/thanks"

    def test_a_stranger_s_site_is_not_followed(self) -> None:
        assert Desk().accept({"a": "1", "_next": "https://evil.example/"}).next_url is None

    def test_the_form_s_own_page_comes_after_what_the_request_asks(self) -> None:
        desk = Desk(a_form(thanks_url="https://thanks.example/"))

        assert desk.accept({"a": "1"}).next_url == "https://thanks.example/"
        assert desk.accept({"a": "2", "_next": "/x"}).next_url == f"{SITE}/x"
        assert desk.accept({"a": "3", "_next": "//evil"}).next_url == "https://thanks.example/"

    def test_a_form_s_path_is_on_the_page_s_site(self) -> None:
        assert Desk(a_form(thanks_url="/ok")).accept().next_url == f"{SITE}/ok"

    @pytest.mark.parametrize("origin", ["null", "https://api.example"])
    def test_a_path_is_not_followed_where_the_site_is_unknown(self, origin: str) -> None:
        assert Desk().accept({"a": "1", "_next": "/thanks"}, origin=origin).next_url is None

    def test_an_allowed_origin_is_followed_from_our_own_error_page(self) -> None:
        desk = Desk(origins=(SITE,))

        receipt = desk.accept({"a": "1", "_next": f"{SITE}/x"}, origin="https://api.example")

        assert receipt.next_url == f"{SITE}/x"


def test_an_address_that_sends_more_than_its_hour_holds_is_told_when_to_come_back() -> None:
    desk = Desk(a_form(hourly_limit=2))
    for number in range(2):
        desk.accept({"n": number})

    with pytest.raises(TooManySubmissions) as refused:
        desk.accept({"n": 3})

    desk.accept({"n": 3}, ip="192.0.2.99")
    desk.clock.advance(seconds=float(refused.value.headers["Retry-After"]))
    desk.accept({"n": 3})
    assert len(desk.stored) == 4


def test_a_double_click_uses_up_one_of_the_hour() -> None:
    desk = Desk(a_form(hourly_limit=1))

    first, second = desk.accept(ADA), desk.accept(ADA)

    assert (first.submission_id, second.is_repeat) == (second.submission_id, True)


ADVERTISEMENT = {"message": "We bring your site to the first page of every search engine. " * 2}


def test_a_text_that_came_before_from_elsewhere_is_judged_once_more_and_stored() -> None:
    desk = Desk()
    desk.accept({"email": "a@example.com", **ADVERTISEMENT}, ip="192.0.2.1")
    desk.accept({"email": "b@example.com", **ADVERTISEMENT}, ip="192.0.2.2")
    desk.accept({"email": "c@example.com", **ADVERTISEMENT}, ip="192.0.2.1")

    seen = [{signal.check for signal in each.verdict.signals} for each in desk.stored]

    assert [("repeated" in checks) for checks in seen] == [False, True, False]


def test_json_is_stored_like_a_form() -> None:
    desk = Desk()
    desk.accept(body=json.dumps({"a": ["x", 1.5, True]}).encode(), content_type="application/json")

    assert desk.stored[0].answers == (Answer("a", ("x", "1.5", "true")),)
