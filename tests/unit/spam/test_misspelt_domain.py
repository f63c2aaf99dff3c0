"""A slip in a well-known domain is told, and weighs next to nothing."""

from __future__ import annotations

import pytest

from chalicelib.mail_providers import PROVIDERS
from chalicelib.model import Signal
from tests.unit.spam.judging import signal


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.comm", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("HOTMAL.COM", "hotmail.com"),
        ("ahoo.com", "yahoo.com"),
        ("yahho.co.uk", "yahoo.co.uk"),
        ("outlok.fr", "outlook.fr"),
        ("t-onlin.de", "t-online.de"),
        ("iclould.com", "icloud.com"),
    ],
)
def test_one_slip_is_seen(typed: str, meant: str) -> None:
    assert signal("misspelt_domain", {"email": f"ada@{typed}"}) == Signal(
        "misspelt_domain",
        0.5,
        f"{typed.lower()} looks like {meant} misspelt, so an answer may not arrive",
    )


@pytest.mark.parametrize(
    "domain",
    [
        *sorted(PROVIDERS),
        "example.com",
        "cloud.com",
        "mail.example",
        # Two slips may be anything.
        "gmeil.co",
        "yaho.co",
        "outlook.example",
        "gmail.de",
    ],
)
def test_these_are_not_misspelt(domain: str) -> None:
    assert signal("misspelt_domain", {"email": f"ada@{domain}"}) is None
