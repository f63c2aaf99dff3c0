"""One question is none; a bit of everything that people say who sell, is."""

from __future__ import annotations

import pytest

from chalicelib.model import Signal
from chalicelib.reading import words
from chalicelib.sales_phrases import TOPICS
from chalicelib.spam.sales_talk import MOST_POINTS
from tests.unit.spam.judging import points, signal

PHRASES = {topic.name: topic.phrases.split("|") for topic in TOPICS}


@pytest.mark.parametrize(
    "message",
    [
        "Could you do SEO for our shop?",
        "What are your interest rates?",
        "I would like to unsubscribe, please take me off your list. How do I opt out?",
        "My late father was a customer of yours. Do you need his death certificate?",
        "Do you have a free trial, and can I get my money back?",
        "Is the casino next to your hotel open on Sunday?",
        "Suchmaschinenoptimierung: was kostet das bei Ihnen?",
        "Quisiera un préstamo para mi coche.",
    ],
)
def test_one_question_weighs_nothing(message: str) -> None:
    assert points("sales_talk", message) == 0


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        # 2 and 2, less the 2 that are free, at 0.7 points each.
        ("viagra and cialis", 1.4),
        # One topic weighs 4 at most.
        ("viagra, cialis, levitra, tramadol and xanax", 1.4),
        # And 2 of another one.
        ("viagra, cialis and act now", 2.1),
        # The same phrase again is nothing new.
        ("viagra cialis viagra cialis", 1.4),
        # Plain phrases weigh 1.
        ("Act now! Click here, risk free", 0.7),
        # Sums, shares and three exclamation marks weigh 1 each, and 2 at most.
        ("Act now! Click here! Risk free! $5, 50 %", 2.1),
        ("$ 5, 50 % !!!", 0),
    ],
)
def test_points_are_a_sum_that_can_be_made_by_hand(message: str, expected: float) -> None:
    assert points("sales_talk", message) == expected


@pytest.mark.parametrize(
    "message",
    [
        "Work from home and be your own boss! Earn up to $5,000, act now! 100% risk free!",
        "Dear Sir, I am the bank manager in Lagos, Nigeria. No next of kin of 12 million dollars!",
        "Hello dear owner, backlinks and SEO services, more traffic. Free audit! Buy now! 50%!",
        "Jetzt Geld verdienen: passives Einkommen, Kredit ohne Schufa, Casino, garantiert 100 %.",
        "Gana dinero extra con bitcoin: ingresos pasivos, sin riesgo, haz clic. 100% garantizado.",
        "Заработок в интернете без вложений, казино, займ и биткоин. Жмите сюда, бесплатно!!!",
    ],
    ids=["easy money", "advance fee", "visitors", "German", "Spanish", "Russian"],
)
def test_a_bit_of_everything_weighs_as_much_as_it_can(message: str) -> None:
    assert points("sales_talk", message) == MOST_POINTS


def test_who_says_all_of_it_gets_no_more_than_that() -> None:
    message = " ".join(phrases[0] for phrases in PHRASES.values())

    assert points("sales_talk", message) == MOST_POINTS == 2.8


def test_the_sentence_names_some_and_counts_the_rest() -> None:
    found = signal("sales_talk", {"message": "Viagra! Cialis! Casino! Poker! Act now!"})

    assert found == Signal(
        "sales_talk", 2.8, 'sales talk: "act now", "casino", "cialis", "poker" and 1 more'
    )


def test_a_phrase_is_whole_words_and_whatever_stands_between_them() -> None:
    assert points("sales_talk", "casinos, viagra: act—now") == 2.1
    assert points("sales_talk", "mycasinos viagraland compact nowhere") == 0


def test_of_a_long_text_the_beginning_and_the_end_are_read() -> None:
    padding = "something else " * 500

    assert points("sales_talk", f"viagra {padding} casino") == 1.4
    assert points("sales_talk", f"{padding} viagra casino {padding}") == 0


@pytest.mark.parametrize("topic", PHRASES)
def test_phrases_are_as_words_are_read_and_count_once(topic: str) -> None:
    phrases = PHRASES[topic]

    assert [" ".join(words(phrase.casefold())) for phrase in phrases] == phrases
    assert len(set(phrases)) == len(phrases)
    within = [
        (short, long)
        for short in phrases
        for long in phrases
        if short != long and f" {short} " in f" {long} "
    ]
    assert within == []


def test_no_phrase_is_of_two_topics() -> None:
    every = [phrase for phrases in PHRASES.values() for phrase in phrases]

    assert len(set(every)) == len(every)
