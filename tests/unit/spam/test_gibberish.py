"""Random letters are told from names and words of people, in whatever language."""

# ruff: noqa: RUF001  People are called with all letters there are.

from __future__ import annotations

import random
import string

import pytest

from chalicelib.model import Signal
from tests.unit.spam.judging import signal

_NAMES = """
    Krzysztof Brzęczyszczykiewicz Szczepan Grzegorz Wszebor Zdzisław Pszczyna Bydgoszcz Żdżarski
    Brzeczyszczykiewicz Szczebrzeszyn Grzegrzolka Wawrzyszczuk Chrzaszczyzewoszyce Trzcianka
    Čtvrtník Zmrzlík Vrchlický Krchleby Ctvrtnik Smrcka Skrzeszewski Strč Vlk Krk Hrdlička Stvrtecky
    Gwenllian Llywelyn Myfanwy Rhydderch Llwyngwril Cwmystwyth Ysbyty Ystwyth Ynysddu Bwlchgwyn
    Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Angharad Tryfan Pwllheli Cwmbran
    Rechtsschutzversicherungsgesellschaft Donaudampfschifffahrtsgesellschaftskapitän Angstschweiß
    Straßenverkehrsordnung Kraftfahrzeughaftpflichtversicherung Jungfrauenjochbahn Schwartzkopff
    Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz Knightsbridge Wolfgangschmidt
    Mkrtich Mkrtchyan Hovhannisyan Mchedlishvili Gvprtskvni Mtskheta Dzhugashvili Tskhinvali
    Khrushchev Yevgeniy Shcherbakov Rzhevskiy Vsevolod Zhdanovskiy Vzglyad Khmelnytskyi Zhytomyr
    Ljungqvist Almqvist Lundqvist Sjögren Björkqvist Hammarskjöld Kvistgaard Skjærvø Fjeldskov
    Xochitl Tlacaélel Tlaxcala Huitzilopochtli Quetzalcoatl Popocatépetl Nezahualcóyotl Tzintzuntzan
    Qëndrim Xhaferi Hoxha Gjergj Skënderbeu Nqobile Gcwensa Nxumalo Mqhayi Ngqawana Xhantilomzi
    Etxeberria Goikoetxea Urdangarin Xabier Aizkorreta Nguyễn Quỳnh Nguyenhuynh Phuongthao Thuytrang
    Abdulqadir Haqqani Siddiqui Mohammedzai Qutbuddin Bakhtiyar Ahmadinejad Iqbalzada Sheikhzadeh
    Xiangzhong Zhangxueliang Ouyangxiu Tsz Hwang Krungthep Suvarnabhumi Phetchaburi Ngwenyama
    Venkataraghavan Krishnamurthy Thiruvananthapuram Visvesvaraya Bhattacharjee Jayawardhanapura
    Björnsdóttir Hjörleifur Eyjafjallajökull Þórðarson Szörényi Székesfehérvár Hódmezővásárhely
    Papadimitrakopoulos Anagnostopoulos Stylianopoulou Yıldırımoğlu Kahramanmaraş Şükrüoğlu
    O'Shaughnessy Featherstonehaugh Cholmondeley Schwarzenegger MacDonald McDonald DeAndre LaShawn
    FitzGerald VanDerBerg DiCaprio LeBron JPMorgan Hjelmqvist Vijfhuizen Ijzerloo Hoogheemraadschap
"""
_WORDS = """
    getElementById addEventListener XMLHttpRequest innerHTML onMouseOver JavaScript TypeScript
    WordPress GitHub PostgreSQL MacBook YouTube LinkedIn OpenStreetMap HTTPSConnectionPool LaTeX
    kubernetes nginx systemctl stdout rhythms strengths twelfths backgrounds catchphrase watchstrap
    ABCDEFGH HGFDSAQW NATOPSXY WXYZLTDGB qwerty asdf xxx XXVIIIth hmmmmmmmm aaaaaaaaa hahahahaha
    AKIAIOSFODNN7EXAMPLE JD014600003828291749 DE89370400440532013000 dQw4w9WgXcQ 9f86d081884c7d65
    x1Qk9ZpLm INV20260042 BWV1007 EUR1200 Rhabarberbarbara Weltschmerz Borschtsch Tschtsch
"""
NAMES, WORDS = _NAMES.split(), _WORDS.split()


def test_no_name_is_gibberish() -> None:
    found = [name for name in NAMES if signal("gibberish", {"name": name})]

    assert found == []
    assert len(NAMES) > 150


def test_no_word_code_or_number_is_gibberish() -> None:
    assert [word for word in WORDS if signal("gibberish", {"answer": word})] == []


@pytest.mark.parametrize(
    "value",
    [
        "My licence key is xKjHgTrEwQ, and it does not work.",
        "Coupon: xKjHgTrEwQ, but no discount",
        "xkjhgtrewq@gmail.com",
        "https://example.com/xKjHgTrEwQ",
        " ".join(NAMES[:20]),
        "日本語日本語日本語",
        "",
    ],
)
def test_letters_among_words_are_not_gibberish(value: str) -> None:
    assert signal("gibberish", {"message": value}) is None


@pytest.mark.parametrize(
    "value",
    [
        "xKjHgTrEwQ",
        "nMhYxKpQzRt",
        "WqcQYvNTrE",
        "vjkqxzhgfw",
        "hgfjkqwzxv pqzvkjwxgh wqkjzxbvfg",
        " OgZvAJPLsWqcQYvNTrE. ",
    ],
)
def test_one_random_value_is_told(value: str) -> None:
    assert signal("gibberish", {"name": value}) == Signal(
        "gibberish", 3.0, f'random letters: "{value.strip()}"'
    )


def test_two_random_values_weigh_more() -> None:
    fields = {"name": "xKjHgTrEwQ", "email": "a@example.com", "message": "nMhYxKpQzRt"}

    assert signal("gibberish", fields) == Signal(
        "gibberish", 4.0, 'random letters: "xKjHgTrEwQ" and "nMhYxKpQzRt"'
    )


def test_most_of_what_a_random_generator_makes_is_told() -> None:
    """A form has several fields, and one is enough."""
    letters = random.Random(6)  # noqa: S311  The same in every run; nobody has to guess it.

    def made(length: int) -> str:
        return "".join(letters.choices(string.ascii_letters, k=length))

    told = [
        signal("gibberish", {"first": made(12), "last": made(10), "message": made(18)})
        for _ in range(500)
    ]
    assert sum(found is not None for found in told) >= 475
    assert sum(found is not None and found.points == 4 for found in told) >= 400
