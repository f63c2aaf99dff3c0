"""The address of the API in the pages of the site."""

from __future__ import annotations

from ops.site_files import with_api_address


def test_every_default_address_becomes_the_real_one() -> None:
    page = '<form action="http://localhost:8000/contact" data-api="http://localhost:8000">'

    assert with_api_address(page, r"https://forms.example\1") == (
        r'<form action="https://forms.example\1/contact" data-api="https://forms.example\1">'
    )


def test_default_address_stays_what_it_is() -> None:
    page = '<form action="http://localhost:8000/contact">'

    assert with_api_address(page, "http://localhost:8000") == page


def test_other_addresses_are_left_alone() -> None:
    page = '<a href="http://localhost:8080/"><a href="http://localhost:80001/">'

    assert with_api_address(page, "https://forms.example") == page
