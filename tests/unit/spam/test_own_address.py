"""Who writes with the owner's own address is a program, or the owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.model import Signal, Target
from tests.builders import a_form
from tests.unit.spam.judging import signal

if TYPE_CHECKING:
    from chalicelib.model import Form


def a_form_of_ada() -> Form:
    """Mail goes to a company's address and a private one; the page is on the company's site."""
    mail = {"to": ["Ada <ada@engines.example>", "ada@gmail.com"], "from": "Forms <f@mail.example>"}
    answer = {
        "from": "f@mail.example",
        "reply_to": "desk@desk.example",
        "subject": "Hi",
        "text": "x",
    }
    return a_form(
        allowed_origins=("https://www.shop.example", "http://localhost:8080"),
        targets=(
            Target("email", "email", mail),
            Target("autoresponse", "autoresponse", answer),
            Target("hook", "webhook", {"url": "https://hooks.example", "secret": "whsec_x"}),
        ),
    )


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ADA@engines.example", "ada@engines.example is an address of the owner's"),
        ("ada@gmail.com", "ada@gmail.com is an address of the owner's"),
        ("desk@desk.example", "desk@desk.example is an address of the owner's"),
        ("info@engines.example", "engines.example is a domain of the owner's"),
        ("noreply@mail.example", "mail.example is a domain of the owner's"),
        ("info@shop.example", "shop.example is a domain of the owner's"),
        ("info@www.shop.example", "www.shop.example is a domain of the owner's"),
    ],
)
def test_it_is_told_and_weighs_little(address: str, reason: str) -> None:
    found = signal("own_address", {"email": address}, a_form_of_ada())

    assert found == Signal("own_address", 1.0, reason)


@pytest.mark.parametrize(
    "address",
    ["eve@gmail.com", "eve@example", "eve@example.com", "eve@other.shop.example.com", "eve@shop"],
)
def test_others_are_not_told(address: str) -> None:
    assert signal("own_address", {"email": address}, a_form_of_ada()) is None


def test_a_form_that_names_nobody_has_no_owner_s_address() -> None:
    assert signal("own_address", {"email": "ada@engines.example"}) is None


def test_an_address_in_the_message_is_what_people_write_about() -> None:
    fields = {"message": "I wrote to ada@engines.example last week."}

    assert signal("own_address", fields, a_form_of_ada()) is None
