"""A thousand posts from one address: the limit holds, and nobody else notices."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from chalicelib.errors import TooManySubmissions
from tests.functional.flood import flood, post_from
from tests.functional.owner import owner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.owner import Owner

# Source: RFC 5737, addresses for examples.
EVE, ADA = "203.0.113.66", "192.0.2.1"
LIMIT = 60


@pytest.fixture
def it() -> Iterator[Owner]:
    with owner() as signed_in:
        yield signed_in


def test_a_thousand_posts_from_one_address_store_the_limit_and_no_more(it: Owner) -> None:
    found = flood(it, EVE, range(1_000))

    assert found.statuses == {201: LIMIT, 429: 1_000 - LIMIT}
    assert len(it.ask("GET", "/forms/contact/submissions?limit=200").json["submissions"]) == LIMIT


def test_other_addresses_are_untouched(it: Owner) -> None:
    flood(it, EVE, range(LIMIT + 10))

    assert flood(it, ADA, range(100, 100 + LIMIT)).statuses == {201: LIMIT}


def test_a_refused_post_costs_one_request_and_never_more_than_an_accepted_one(it: Owner) -> None:
    found = flood(it, EVE, range(LIMIT + 100))

    assert found.accepted_requests == Counter(TransactWriteItems=LIMIT)
    # What the store has refused once is remembered; from then on a read is enough.
    assert found.refused_requests == Counter(TransactWriteItems=1, GetItem=99)


def test_an_hour_across_two_windows_holds_twice_the_limit_at_most(it: Owner) -> None:
    """The stated error, at its worst: just before and just after the end of a window."""
    wait_seconds = flood(it, EVE, range(LIMIT + 1)).retry_after_seconds
    it.stage.clock.advance(seconds=wait_seconds - 1)
    assert flood(it, EVE, range(100, 110)).statuses == {429: 10}

    it.stage.clock.advance(seconds=1)

    assert flood(it, EVE, range(200, 300)).statuses == {201: LIMIT, 429: 100 - LIMIT}


def test_a_person_gets_the_form_back_with_what_was_typed(it: Owner) -> None:
    wait_seconds = flood(it, ADA, range(LIMIT + 1)).retry_after_seconds

    # The address of whoever posts through this gateway is Ada's.
    page = it.gateway.post_form("/f/contact", {"message": "Please call me."})

    assert (page.status, page.headers["Retry-After"]) == (429, str(wait_seconds))
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Please call me." in page.text
    assert str(TooManySubmissions(limit=60, retry_after_seconds=wait_seconds)) in page.text


@pytest.mark.parametrize(
    ("limit", "seconds", "words"),
    [
        (60, 3600, "60 submissions an hour from one address. Please try again in 60 minutes."),
        # Never too early: 20.65 minutes.
        (60, 1239, "60 submissions an hour from one address. Please try again in 21 minutes."),
        (2, 61, "2 submissions an hour from one address. Please try again in 2 minutes."),
        (2, 60, "2 submissions an hour from one address. Please try again in 60 seconds."),
        (1, 1, "1 submission an hour from one address. Please try again in 1 second."),
    ],
)
def test_a_person_is_told_the_wait_as_people_count_it(limit: int, seconds: int, words: str) -> None:
    error = TooManySubmissions(limit=limit, retry_after_seconds=seconds)

    assert str(error) == f"This form accepts {words}"
    assert error.headers == {"Retry-After": str(seconds)}


def test_the_limit_leaves_no_address_behind(it: Owner) -> None:
    post_from(it, EVE, 1)

    assert EVE not in repr(it.items())
    assert EVE not in repr(it.log)
