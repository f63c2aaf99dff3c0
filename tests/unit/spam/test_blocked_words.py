"""What the owner blocks is found as whole words, whatever case and accents."""

from __future__ import annotations

import pytest

from chalicelib.model import Signal, SpamRules
from tests.builders import a_form
from tests.unit.spam.judging import points, signal, verdict


def blocking(*words: str) -> SpamRules:
    return SpamRules(blocked_words=words)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("casino", "The best CASINO in town"),
        ("casino", "casino"),
        ("casino", "(casino)!"),
        ("Café", "at the CAFE"),
        ("cafe", "im Café\u0301"),
        ("straße", "STRASSE"),
        ("free money", "Get FREE\n  money today"),
        ("free-money", "free-money"),
        ("c++", "I know C++ and C"),
        ("$$$", "earn $$$ now"),
        ("100%", "it is 100% legal"),
        ("казино", "Лучшее КАЗИНО."),
        # Nothing stands between words in these.
        ("赌场", "最好的赌场在这里"),
        ("카지노", "최고의 카지노를 소개"),
        ("カジノ", "最高のカジノです"),
        ("คาสิโน", "เว็บคาสิโนออนไลน์"),
    ],
)
def test_they_are_found(word: str, message: str) -> None:
    form = a_form(spam=blocking("other", word))

    assert signal("blocked_words", {"message": message}, form) == Signal(
        "blocked_words", 5.0, f'blocked by the owner: "{word}"'
    )


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("casino", "casinos, occasino, casino2"),
        ("ass", "class assistance pass"),
        ("free money", "free the money, freemoney"),
        ("c++", "c+ c"),
        ("casino", "cas ino"),
    ],
)
def test_parts_of_words_are_not(word: str, message: str) -> None:
    assert points("blocked_words", message, a_form(spam=blocking(word))) == 0


def test_without_a_list_nothing_is_said() -> None:
    assert points("blocked_words", "casino") == 0


def test_subject_and_other_fields_are_looked_at() -> None:
    form = a_form(spam=blocking("casino"))

    assert signal("blocked_words", {"name": "Casino King"}, form) is not None
    assert signal("blocked_words", {"name": "Ada"}, form, subject="Casino!") is not None


def test_the_owner_s_word_is_enough_alone() -> None:
    form = a_form(spam=blocking("casino"))

    assert verdict({"message": "casino"}, form).is_spam


def test_the_sentence_stays_short() -> None:
    words = [f"word{number}" for number in range(9)]
    found = signal("blocked_words", {"message": " ".join(words)}, a_form(spam=blocking(*words)))

    assert found is not None
    assert found.reason == 'blocked by the owner: "word0", "word1", "word2" and 6 more'
