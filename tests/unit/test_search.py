"""Words are found whatever their case and accents."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.search import folded, has_words, words
from tests.builders import a_submission


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("STRASSE", "straße"),
        ("Ångström", "ANGSTROM"),
        ("e\u0301", "\u00e9"),
        ("ﬁnd", "find"),
        ("ΟΔΟΣ", "οδος"),
        ("İstanbul", "istanbul"),
        ("\uff21\uff22", "ab"),
    ],
)
def test_these_are_the_same(text: str, same: str) -> None:
    assert folded(text) == folded(same)


def test_other_letters_stay_other_letters() -> None:
    assert folded("ø") != folded("o")
    assert folded("日本") == "日本"


@given(st.text())
def test_case_and_composition_do_not_count(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert folded(unicodedata.normalize(form, text)) == folded(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_ascii_is_the_same(text: str) -> None:
    assert folded(text) == text.casefold()


def test_every_word_must_stand_somewhere() -> None:
    submission = a_submission(
        seed=1_000_000,
        fields={"name": "Zoë Smith", "message": "the blue bird"},
        subject="Invoice",
        reply_to="zoe@example.com",
    )

    for query in ("bird", "BLUE zoe", "lue", "invoice smith", "zoe@example.com", "  ", ""):
        assert has_words(submission, words(query)), query
    for query in ("birds", "blue cat", "name", "message"):
        assert not has_words(submission, words(query)), query
    reference = f"{submission.id[-8:-4]}-{submission.id[-4:]}"
    assert has_words(submission, words(reference.lower()))
