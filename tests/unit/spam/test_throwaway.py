"""Addresses to throw away are known by their domain."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chalicelib.config import PROJECT_DIR
from chalicelib.mail_providers import PROVIDERS
from chalicelib.model import Signal
from tests.unit.spam.judging import signal


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ada@mailinator.com", "mailinator.com"),
        ("ADA@YOPMAIL.COM", "yopmail.com"),
        (" ada@inbox.guerrillamail.com ", "guerrillamail.com"),
    ],
)
def test_they_are_named(address: str, domain: str) -> None:
    assert signal("throwaway", {"your-email": address}) == Signal(
        "throwaway", 2.0, f"{domain} gives addresses to throw away"
    )


def test_the_address_to_reply_to_counts() -> None:
    assert signal("throwaway", {"message": "hi"}, reply_to="a@mailinator.com") is not None


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.com",
        "ada@gmail.com",
        # Forwarded for good: an answer arrives.
        "x@privaterelay.appleid.com",
        "ada@mozmail.com",
        "ada@duck.com",
        "ada@posteo.de",
        # Such a service has it, and it is a slip.
        "ada@gmial.com",
        "mailinator.com",
    ],
)
def test_these_are_none(address: str) -> None:
    assert signal("throwaway", {"email": address}) is None


def test_one_in_the_message_is_not_the_visitors() -> None:
    assert signal("throwaway", {"message": "Your list has no x@mailinator.com, add it"}) is None


def test_no_well_known_provider_is_one() -> None:
    for domain in PROVIDERS:
        assert signal("throwaway", {"email": f"ada@{domain}"}) is None


def test_the_list_is_loaded_for_an_address_that_needs_it_only() -> None:
    """Cold start and most visitors do not pay for it."""
    script = (
        "import sys\n"
        "from tests.unit.spam.judging import verdict\n"
        "verdict({'email': 'ada@gmail.com', 'message': 'hi'})\n"
        "print('disposable_email_domains' in sys.modules)\n"
        "verdict({'email': 'ada@engines.example'})\n"
        "print('disposable_email_domains' in sys.modules)\n"
    )

    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )

    assert ran.stdout.split() == ["False", "True"]
