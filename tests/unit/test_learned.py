"""Words that stood in spam make spam likely, and words of real messages make it unlikely."""

from __future__ import annotations

import math
import random
import zlib
from typing import TYPE_CHECKING

import pytest

from chalicelib.learned import LEAST_POINTS, MOST_POINTS, SHOWN_WORDS, Learned, Score
from chalicelib.lesson_store import MAX_MODEL_BYTES
from chalicelib.reading import Reading
from tests.builders import a_submission

if TYPE_CHECKING:
    from collections.abc import Sequence

SPAM = "Play at the casino now and click to win free money from our casino"
REAL = "Hello, could you please send me the price of your engine for our school"
NOTHING = Score(0.0, ())


def reading(message: str) -> Reading:
    return Reading(a_submission(fields={"message": message}))


def unseen(count: int) -> str:
    """Return so many words that no mark has."""
    return " ".join(f"x{number}" for number in range(count))


def learned(spam: int, others: int, texts: Sequence[str] = (SPAM, REAL)) -> Learned:
    """Return what so many marks have taught."""
    it = Learned()
    for _ in range(spam):
        it.learn(reading(texts[0]), is_spam=True)
    for _ in range(others):
        it.learn(reading(texts[1]), is_spam=False)
    return it


def test_without_marks_nothing_is_said() -> None:
    assert Learned().score(reading(SPAM)) == NOTHING


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_a_text_without_words_says_nothing(text: str) -> None:
    assert learned(30, 30).score(reading(text)) == NOTHING


def test_points_are_a_sum_that_can_be_made_by_hand() -> None:
    """Three spam marks of "casino" and two others of "hello"; "casino one two" is judged.

    "casino": a share of 3 + 0.1 in the 3 + 100 words of spam against 0 + 0.1 in the 2 + 100 words
    of the others, trusted for 3 sightings. The others were never seen. The mean is over these
    three and ten more that say nothing, and 0.1 of it is not counted.
    """
    casino = (3.1 / 103) / (3.1 / 103 + 0.1 / 102)
    casino = (0.25 + 3 * casino) / (0.5 + 3)
    mean = math.log(casino / (1 - casino)) / (3 + 10)
    reach = 4 / (4 + 20)
    it = learned(3, 2, ("casino", "hello"))

    points = it.score(reading("casino one two")).points

    assert points == round((mean - 0.1) * 30 * reach, 1) == 0.4
    # What speaks for it is nearly as much as what speaks against it.
    assert it.score(reading("casino hello")) == NOTHING


def test_words_of_spam_give_points_and_are_named() -> None:
    score = learned(40, 40).score(reading("Our casino has free money: click!"))

    assert score.points > 5
    assert {"casino", "money", "click", "free"} <= set(score.words)


def test_words_of_real_messages_take_points_off_and_are_named() -> None:
    score = learned(40, 40).score(reading("What is the price of an engine for a school?"))

    assert score.points < -1.5
    assert {"price", "engine", "school"} <= set(score.words)
    assert "casino" not in score.words


def test_what_was_never_seen_says_nothing() -> None:
    assert learned(40, 40).score(reading("Unbekannte Wörter bedeuten wenig")) == NOTHING


def test_case_does_not_count() -> None:
    it = learned(40, 40)

    assert it.score(reading("casino")) == it.score(reading("cAsiNo"))


def test_who_writes_more_has_not_more_of_each_word() -> None:
    """Either kind has "engine" once, spam in a text that is twenty times as long."""
    it = learned(40, 40, (f"engine {' '.join(f'w{n}' for n in range(100))}", "engine one two"))

    assert it.score(reading("engine " * 3)).points < 0


def test_what_is_nearly_even_says_nothing_either_way() -> None:
    """The longer the text whose other words nobody has seen, the nearer to even it is."""
    for text, sign in ((SPAM, 1), (REAL, -1)):
        it = learned(10, 10)
        points = [it.score(reading(f"{text} {unseen(n)}")).points * sign for n in range(450)]

        assert points == sorted(points, reverse=True)
        assert points[0] > 0.9
        assert points[-1] == 0


@pytest.mark.parametrize(
    ("field", "spam", "real"),
    [
        ("email", "deals@sender.example", "ada@school.example"),
        ("subject", "casino", "engine"),
    ],
)
def test_who_writes_and_the_field_of_a_word_count(field: str, spam: str, real: str) -> None:
    """The text is the same, and so is each word of it in a field that nobody has marked."""
    said = {"message": "Please call me about what we said on the phone on Monday"}
    other = {"message": " ".join(f"w{number}" for number in range(20))}
    it = Learned()
    for _ in range(5):
        it.learn(Reading(a_submission(fields={**said, field: spam})), is_spam=True)
        it.learn(Reading(a_submission(fields={**said, field: real})), is_spam=False)

    def points(name: str, value: str) -> float:
        return it.score(Reading(a_submission(fields={**other, name: value}))).points

    assert points(field, spam) > points("note", spam)
    assert points(field, real) < 0


@pytest.mark.parametrize(
    ("spam", "real", "text"),
    [
        ("win now !!!", "win now .", "so much !!!"),
        ("WIN NOW", "win now", "GOT NOT"),
        ("娱乐城开户", "请报价", "新娱乐城"),
    ],
    ids=["punctuation", "capitals", "a script without blanks"],
)
def test_characters_count_as_well(spam: str, real: str, text: str) -> None:
    assert learned(40, 40, (spam, real)).score(reading(text)).points > 0


def test_few_marks_reach_no_threshold_and_many_do() -> None:
    points = [learned(n, n).score(reading(SPAM)).points for n in (1, 5, 24, 25, 100)]

    assert points == sorted(points)
    assert points[2] < 5 <= points[3]
    assert points[-1] <= MOST_POINTS


def test_alone_it_reaches_the_threshold_only_where_it_is_sure() -> None:
    """A text of spam with more and more words that nobody has seen, so the mean falls steadily.

    A mean of 0.3 is (0.3 - 0.1) * 30 = 6 points; of less, 4.9 count at most.
    """
    it = learned(2_000, 2_000)
    points = [it.score(reading(f"{SPAM} {unseen(count)}")).points for count in range(450)]

    assert points == sorted(points, reverse=True)
    assert {p for p in points if p > 4.9} == {p for p in points if p >= 5.9}
    assert {6.0, 4.9, 4.0} <= set(points)


def test_points_are_bounded_however_sure_it_is() -> None:
    it = learned(2_000, 2_000)

    assert MOST_POINTS - 0.1 <= it.score(reading(SPAM)).points <= MOST_POINTS
    assert LEAST_POINTS <= it.score(reading(REAL)).points <= LEAST_POINTS + 0.1


@pytest.mark.parametrize("word", ["padding", "a"])
def test_of_a_long_text_the_beginning_and_the_end_are_read(word: str) -> None:
    """So that a long one does not outweigh a hundred others."""
    it = learned(40, 40)
    padding = f" {word}" * 1_500
    beginning, middle, end = f"{SPAM}{padding}", f"{padding} {SPAM} {padding}", f"{padding} {SPAM}"

    assert "casino" in it.score(reading(beginning)).words
    assert "casino" in it.score(reading(end)).words
    assert it.score(reading(middle)) == NOTHING


@pytest.mark.parametrize(("spam", "others"), [(300, 0), (0, 300)])
def test_marks_of_one_kind_alone_weigh_a_point_at_most(spam: int, others: int) -> None:
    """They do not tell what is normal; what is like them is still named."""
    score = learned(spam, others).score(reading(SPAM if spam else REAL))

    assert 0.2 <= abs(score.points) <= 1
    assert (score.points > 0) == bool(spam)
    assert score.words


def test_no_more_words_are_named_than_can_be_read() -> None:
    score = learned(40, 40).score(reading(SPAM))

    assert len(score.words) == SHOWN_WORDS
    assert len(set(score.words)) == SHOWN_WORDS


def test_unlearning_is_the_inverse_of_learning() -> None:
    it = learned(5, 3)
    before = it.pack()

    it.learn(reading("Something else, not the casino"), is_spam=False)
    it.unlearn(reading("Something else, not the casino"), is_spam=False)

    assert it.pack() == before


def test_what_was_never_learned_cannot_be_counted_below_nothing() -> None:
    it = Learned()

    it.unlearn(reading(SPAM), is_spam=True)

    assert it.pack() == Learned().pack()


def test_a_count_stands_still_before_it_would_run_into_the_other() -> None:
    """Two counts of 16 bits in each of 131,072 places, all full."""
    full = zlib.compress(b"\xff" * 4 * 131_072, 6)
    it = Learned.unpack(b"65535 65535\n" + full)

    it.learn(reading(SPAM), is_spam=False)

    assert it.pack() == b"65535 65536\n" + full


def test_what_is_packed_comes_back() -> None:
    it = learned(300, 40)

    again = Learned.unpack(it.pack())

    assert (again.spam, again.others) == (300, 40)
    assert again.pack() == it.pack()
    assert again.score(reading(SPAM)) == it.score(reading(SPAM))


@pytest.mark.parametrize(
    "packed", [b"", b"1 2", b"1 2\n", b"1\n" + b"x" * 20, Learned().pack()[:-3], b"0 0\nnonsense"]
)
def test_what_is_none_of_ours_is_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Learned.unpack(packed)


def test_what_is_packed_fits_an_item_after_100_000_random_words() -> None:
    source = random.Random(7)  # noqa: S311  any words will do, the same each time
    it = Learned()
    for number in range(500):
        words = " ".join(f"{source.getrandbits(40):x}" for _ in range(200))
        it.learn(reading(words), is_spam=bool(number % 2))

    assert 50_000 < len(it.pack()) < MAX_MODEL_BYTES
