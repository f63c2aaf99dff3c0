"""One form's submission is not there below another form, whatever id or cursor is asked for."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

import pytest

from chalicelib.items import cursor_at
from chalicelib.model import Target
from tests.builders import a_form
from tests.functional.owner import owner
from tests.functional.stage import SENDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.owner import Owner

MAIL = Target("email", "email", {"to": ["ada@owner.example"], "from": SENDER})
OTHER = a_form("other", targets=(MAIL,))


@pytest.fixture
def it() -> Iterator[Owner]:
    with owner(MAIL, forms=(OTHER,)) as signed_in:
        yield signed_in


@pytest.mark.parametrize(
    ("method", "end"),
    [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/deliveries/email")],
)
def test_an_id_is_found_below_its_own_form_only(it: Owner, method: str, end: str) -> None:
    submission = it.store()
    before = it.items()

    answer = it.ask(method, f"/forms/other/submissions/{submission.id}{end}", {"is_read": True})

    assert (answer.status, answer.json["type"]) == (404, "urn:formpost:submission_not_found")
    assert it.items() == before


def test_of_many_ids_those_of_another_form_are_missing(it: Owner) -> None:
    submission = it.store()

    answer = it.ask("PATCH", "/forms/other/submissions", {"ids": [submission.id], "is_read": True})

    assert answer.json == {"changed": [], "missing": [submission.id]}


def test_a_cursor_of_another_form_is_a_place_in_the_form_that_is_asked(it: Owner) -> None:
    """A cursor says where to go on and nothing else; not whose, and not in which folder."""
    foreign = it.store(seed=9, minutes=5)
    own = it.store("other", seed=1)

    path = f"/forms/other/submissions?cursor={cursor_at(foreign.id)}"
    listed = it.ask("GET", path).json["submissions"]

    assert [entry["id"] for entry in listed] == [own.id]


@pytest.mark.parametrize(
    "place",
    [
        "SUB#01M83QT9NTZX9KFJP58TKMWT7C",
        "FORM#contact#0",
        "../../../../../../../../..",
        "01M83QT9NTZX9KFJP58TKMWT7C\n",
        "01m83qt9ntzx9kfjp58tkmwt7c",
        "~" * 26,
        "",
    ],
)
def test_a_cursor_that_was_made_by_hand_is_refused(it: Owner, place: str) -> None:
    cursor = urlsafe_b64encode(place.encode()).decode().rstrip("=") or "="

    answer = it.ask("GET", f"/forms/contact/submissions?cursor={cursor}")

    assert (answer.status, answer.json["type"]) == (400, "urn:formpost:invalid_cursor")
