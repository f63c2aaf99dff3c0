"""A language that the form does not expect is told, where there is text enough to be sure."""

# ruff: noqa: RUF001  Letters that look like others are what this is about.

from __future__ import annotations

import pytest

from chalicelib.languages import BY_CODE
from chalicelib.model import Signal, SpamRules
from chalicelib.spam.language import LANGUAGES
from tests.builders import a_form
from tests.language_samples import SAMPLES
from tests.real_messages import REAL_MESSAGES
from tests.unit.spam.judging import signal

# Who counts words cannot always tell these from each other.
NEIGHBOURS = (
    {"bg", "mk", "ru", "sr", "uk"},
    {"cs", "sk"},
    {"da", "no", "sv"},
    {"hr", "sl", "pl", "sk", "cs"},
    {"es", "pt", "it", "fr", "ro"},
)


def said(text: str, *languages: str) -> str | None:
    form = a_form(spam=SpamRules(languages=languages))
    found = signal("language", {"name": "Ada", "message": text}, form)
    return found.reason if found else None


def test_every_language_that_can_be_named_has_a_sample() -> None:
    assert set(LANGUAGES) == SAMPLES.keys()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_that_is_expected_says_nothing(code: str) -> None:
    assert said(SAMPLES[code], code) is None
    assert said(SAMPLES[code], "en", "ja", code) is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_that_is_not_expected_is_named(code: str) -> None:
    """Where a neighbour is expected, nothing is said rather than something wrong."""
    near = {code}.union(*(group for group in NEIGHBOURS if code in group))
    for other in LANGUAGES:
        reason = said(SAMPLES[code], other)

        if other not in near:
            assert reason is not None, other
        if reason is not None:
            assert BY_CODE[code].name in reason, other


def test_the_signal_is_not_enough_alone() -> None:
    form = a_form(spam=SpamRules(languages=("en", "de")))

    assert signal("language", {"message": SAMPLES["ru"]}, form) == Signal(
        "language", 2.1, "written in Russian"
    )


def test_neighbours_that_are_alike_are_both_named() -> None:
    assert said(SAMPLES["no"], "en") == "written in Danish or Norwegian"


def test_letters_are_named_where_the_language_is_not_known() -> None:
    macedonian = "Здраво, сакам соба еден викенд, двајца гости, едно куче. Поздрав, Горан Петровски"

    assert said(macedonian, "en") == "written in Cyrillic letters"


def test_a_japanese_text_may_be_mostly_chinese_characters() -> None:
    text = "株式会社山田製作所 東京営業所 御見積書送付の件 至急御連絡お願い致します 部品番号確認済"

    assert said(text, "zh") == "written in Japanese"
    assert said(text, "ja") is None


def test_a_form_that_expects_nothing_hears_nothing() -> None:
    assert said(SAMPLES["ru"]) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Guten Tag!",
        "Владимир Владимирович",
        "王小明",
        "Rue de la Paix 12, 75002 Paris; Plaza del Sol 3, Madrid; Via della Pace 4, Roma",
        "Kraków, Łódź, Gdańsk, Szczecin, Bydgoszcz, Lublin, Katowice, Gdynia, Radom, Toruń",
        "def f(x): return {k: v for k, v in x.items() if k not in (1, 2, 3, 4, 5)} # 200 OK null",
        "1234567890 " * 50,
        "a" * 2_000,
        # As much of one as of the other.
        f"{SAMPLES['en'][:150]} {SAMPLES['fr'][:150]}",
        # Two thirds are another language.
        f"{SAMPLES['en'][:100]} {SAMPLES['fr'][:200]}",
        # Half of the letters are of each.
        "Moscow office, офис Москва, Tverskaya, улица Тверская, Gorky, парк имени Горького, этаж 2",
        # A language that is not known here, in letters that are.
        "Góðan dag, hvenær opnar safnið og hvað kostar að fara inn fyrir tvo fullorðna og barn?",
    ],
)
def test_what_is_not_sure_is_not_said(text: str) -> None:
    assert said(text, "en") is None


def test_english_messages_are_english() -> None:
    english = [said(fields["message"], "en") for fields in REAL_MESSAGES[:8]]

    assert english == [None] * 8
