"""People's messages stay out of the spam folder, programs' mostly do not."""

from __future__ import annotations

import pytest

from chalicelib.model import SpamRules
from chalicelib.spam import CHECKS
from tests.builders import a_form
from tests.language_samples import SAMPLES
from tests.real_messages import REAL_MESSAGES, SUSPECT_BUT_REAL
from tests.spam_messages import SPAM_MESSAGES
from tests.unit.spam.judging import WITHHELD, verdict

SALES_TALK = {"message": "casino, viagra, mortgage, earn up to, act now, click here"}
# What is known of a visitor beside the text.
_NOT_OF_THE_TEXT = {"captcha", "honeypot", "learned", "page_origin", "proof_of_work", "too_fast"}


@pytest.mark.parametrize("fields", REAL_MESSAGES, ids=lambda fields: next(iter(fields.values())))
def test_what_people_write_has_no_signal_in_its_text(fields: dict[str, str]) -> None:
    found = {signal.check for signal in verdict(fields).signals}

    assert found - _NOT_OF_THE_TEXT == set()


@pytest.mark.parametrize("fields", SUSPECT_BUT_REAL, ids=lambda fields: fields["name"])
def test_a_sign_or_two_are_not_enough_even_without_javascript(fields: dict[str, str]) -> None:
    found = verdict(fields)

    assert {signal.check for signal in found.signals} - _NOT_OF_THE_TEXT
    assert not found.is_spam, found.reasons


def test_there_are_several_dozens_of_them() -> None:
    assert len(REAL_MESSAGES) >= 50
    assert len(SUSPECT_BUT_REAL) >= 6


def test_no_two_weak_signs_of_the_text_are_enough() -> None:
    """The weak ones are those that people give, too, each at what it gives them at most."""
    weak = {
        "links": {"message": " ".join(f"https://homes.example/{n}" for n in range(9))},
        "shorteners": {"message": "https://bit.ly/a"},
        "throwaway": {"email": "ada@mailinator.com"},
        "misspelt_domain": {"email": "ada@gmial.com"},
        "markup": {"message": "<script>"},
        "sales_talk": SALES_TALK,
        "language": {"message": SAMPLES["ru"]},
    }
    german = a_form(spam=SpamRules(languages=("de",)))
    points = {check: verdict(fields, german).points for check, fields in weak.items()}
    js_off = verdict({"message": "hi"}, german).points

    heaviest, second = sorted((each - js_off for each in points.values()), reverse=True)[:2]
    assert set(weak) <= set(CHECKS)
    assert 0 < heaviest + second < 5


def test_sales_talk_is_spam_from_a_program_and_not_from_a_person() -> None:
    """A program that only knows the form's address sends neither origin nor proof of work."""
    assert verdict(SALES_TALK, sender=WITHHELD).is_spam
    assert not verdict(SALES_TALK).is_spam


@pytest.mark.parametrize("fields", REAL_MESSAGES, ids=lambda fields: next(iter(fields.values())))
def test_who_withholds_everything_is_not_spam(fields: dict[str, str]) -> None:
    assert not verdict(fields, sender=WITHHELD).is_spam


@pytest.mark.parametrize(
    ("kind", "fields"),
    [(kind, fields) for kind, messages in SPAM_MESSAGES.items() for fields in messages],
)
def test_what_programs_write_is_spam_without_proof_of_work(
    kind: str, fields: dict[str, str]
) -> None:
    known = ("content",) if kind == "offer that goes round" else ()

    found = verdict(fields, None, *known, sender=WITHHELD)

    assert found.is_spam, found.reasons


@pytest.mark.parametrize("fields", [*REAL_MESSAGES, *SUSPECT_BUT_REAL])
def test_every_sentence_is_one_short_line(fields: dict[str, str]) -> None:
    for signal in verdict(fields, sender=WITHHELD).signals:
        assert "\n" not in signal.reason
        assert len(signal.reason) <= 200
