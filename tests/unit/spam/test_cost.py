"""What a text costs grows as its length does, and not beyond what is read of it."""

from __future__ import annotations

import re
import time
import tracemalloc
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib import spam
from chalicelib.model import SpamRules, Target
from chalicelib.reading import HEAD_LENGTH, TAIL_LENGTH, Reading
from chalicelib.spam import Context, judge
from tests.builders import a_form, a_submission
from tests.hostile_texts import REPEATED, hostile
from tests.unit.spam.patterns import faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.model import Submission

READ = HEAD_LENGTH + TAIL_LENGTH
# Every check has something to look for.
FORM = a_form(
    spam=SpamRules(blocked_words=("casino", "free money", "赌场"), languages=("en", "de")),
    allowed_origins=("https://site.example",),
    targets=(Target("email", "email", {"to": ["ada@engines.example"], "from": "f@x.example"}),),
)
# Modules beside the checks whose patterns read what visitors sent. That of mail addresses in
# validation.py is not among them: it is asked for at most 254 characters.
READERS = ("field_names", "learned", "reading", "search", "texts", "written_in")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    checks = [f"chalicelib.spam.{module.name}" for module in iter_modules(spam.__path__)]
    for name in [*checks, *(f"chalicelib.{reader}" for reader in READERS)]:
        for key, value in vars(import_module(name)).items():
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, re.Pattern):
                    yield f"{name}.{key}", each
            # Made on first use, since it takes long.
            if getattr(value, "__annotations__", {}).get("return") == "re.Pattern[str]":
                yield f"{name}.{key}", value()


def a_hostile_submission(kind: str, length: int) -> Submission:
    """Return one whose every field is hostile."""
    text = hostile(kind, length)
    return a_submission(
        subject=text, fields={"name": text, "email": f"{text[:200]}@x.example", "message": text}
    )


def cpu_seconds(work: Callable[[], Any]) -> float:
    """Return the least of some runs: whatever else the machine does only adds."""
    least = float("inf")
    for _ in range(3):
        started = time.process_time()
        work()
        least = min(least, time.process_time() - started)
    return least


def grows_with_its_square(work: Callable[[int], Callable[[], Any]]) -> bool:
    """Whether four times as much takes far more than four times as long; a square is sixteen."""
    a_quarter, whole = cpu_seconds(work(READ // 4)), cpu_seconds(work(READ))
    # What is as quick as the clock is not told apart.
    return whole > 9 * a_quarter + 0.002


def test_no_pattern_goes_back() -> None:
    found = [(name, fault) for name, pattern in patterns() for fault in faults(pattern)]

    assert found == []
    assert len(list(patterns())) >= 8


@pytest.mark.parametrize(
    "slow", [r"\w+@", r"(a+)+$", r"(a|a)*b", r"\s*x", r".*bcc", r"(?:ab{1,9}){2,9}x"]
)
def test_a_pattern_that_goes_back_would_be_found(slow: str) -> None:
    assert faults(re.compile(slow)) != []


def test_one_that_costs_a_square_would_be_found() -> None:
    slow = re.compile(r"\w+@")

    assert grows_with_its_square(lambda length: lambda: slow.search("a" * length))


@pytest.mark.parametrize("kind", REPEATED)
def test_what_a_check_costs_grows_as_the_text_does(kind: str) -> None:
    def judging(length: int) -> Callable[[], Any]:
        submission = a_hostile_submission(kind, length)
        return lambda: judge(submission, FORM, Context(Reading(submission)))

    assert not grows_with_its_square(judging)


@pytest.mark.parametrize("kind", REPEATED)
def test_what_is_not_read_costs_next_to_nothing(kind: str) -> None:
    """Twenty times as much as is read: only to look at its length and at its ends."""
    short, long = (a_hostile_submission(kind, length) for length in (READ, 20 * READ))

    def judging(submission: Submission) -> Callable[[], Any]:
        return lambda: judge(submission, FORM, Context(Reading(submission)))

    assert cpu_seconds(judging(long)) < 4 * cpu_seconds(judging(short)) + 0.005


@pytest.mark.parametrize("kind", ["words", "marks", "ligature", "schemes", "random", "emoji"])
def test_the_memory_that_it_takes_is_bounded(kind: str) -> None:
    submission = a_hostile_submission(kind, 400_000 // 3)
    judge(submission, FORM, Context(Reading(submission)))

    tracemalloc.start()
    judge(submission, FORM, Context(Reading(submission)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # Its own text is as large, in four bytes a character.
    assert peak < 4_000_000


def test_what_many_fields_cost_grows_as_their_number_does() -> None:
    """A thousand is the most that a request can have."""

    def judging(length: int) -> Callable[[], Any]:
        many = 1_000 * length // READ
        fields = {f"name{n} {'x' * 50}": "a\n%0a@b.example http://x.example" for n in range(many)}
        submission = a_submission(fields=fields)
        return lambda: judge(submission, FORM, Context(Reading(submission)))

    assert not grows_with_its_square(judging)
