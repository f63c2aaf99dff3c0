"""Each move of the owner's teaches once; whatever fails, nobody waits for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.learned import Learned
from chalicelib.lessons import ATTEMPTS, MAX_REMEMBERED, Lessons, Model, Teacher, teach
from chalicelib.model import Folder
from chalicelib.reading import Reading
from tests.builders import NOON, a_form, a_submission
from tests.fakes import Clock
from tests.lesson_fakes import BusyLessons, MemoryLessons

if TYPE_CHECKING:
    from chalicelib.model import Submission

FORM = a_form()
SPAM, INBOX, ARCHIVE = Folder.SPAM, Folder.INBOX, Folder.ARCHIVE


class School:
    """A form that learns."""

    def __init__(self, store: MemoryLessons | None = None) -> None:
        self.store = store or MemoryLessons()
        self.pauses: list[float] = []
        self.log: list[Any] = []
        self.teacher = Teacher(
            {"contact": FORM}, self.store, Clock(), self.pauses.append, self.log.append
        )

    def moved(self, folder: Folder, seed: int = 0, **changes: Any) -> dict[str, Any]:
        """Move a submission, and return what the stream shows."""
        fields = {"message": f"word{seed}"}
        return self.store.moved(a_submission(seed=seed, folder=folder, fields=fields, **changes))

    def teach(self, *images: dict[str, Any]) -> None:
        teach(images, self.teacher)

    @property
    def marks(self) -> tuple[int, int]:
        """How many were marked as spam, and as none."""
        learned = kept(self.store)
        return (learned.spam, learned.others) if learned else (0, 0)


def kept(store: MemoryLessons) -> Learned | None:
    packed = store.read("contact").packed
    return Learned.unpack(packed) if packed else None


def test_a_move_to_spam_teaches_spam_and_any_other_that_it_is_none() -> None:
    school = School()

    school.teach(school.moved(SPAM, 1), school.moved(INBOX, 2), school.moved(ARCHIVE, 3))

    assert school.marks == (1, 2)
    assert school.store.taught == {
        a_submission(seed=seed).id: is_spam for seed, is_spam in ((1, True), (2, False), (3, False))
    }


def test_what_is_no_move_teaches_nothing() -> None:
    school = School()

    school.teach({"submission": None})

    assert school.store.reads == 0


def test_moving_back_unlearns() -> None:
    school, undone = School(), School()
    school.teach(school.moved(SPAM))
    school.teach(school.moved(INBOX))
    undone.teach(undone.moved(INBOX))

    assert school.store.models["contact"].packed == undone.store.models["contact"].packed


def test_moving_within_what_is_no_spam_teaches_nothing_more() -> None:
    school = School()
    for folder in (ARCHIVE, INBOX, ARCHIVE):
        school.teach(school.moved(folder))

    assert school.marks == (0, 1)
    assert len(school.store.writes) == 1


def test_the_last_move_in_a_batch_counts() -> None:
    school = School()

    school.teach(school.moved(SPAM), school.moved(INBOX), school.moved(SPAM))

    assert school.marks == (1, 0)


def test_a_batch_that_comes_twice_teaches_once() -> None:
    """The stream shows again what was there before it was taught."""
    school = School()
    batch = [school.moved(SPAM, 1), school.moved(ARCHIVE, 2)]
    school.teach(*batch)

    school.teach(*batch)

    assert school.marks == (1, 1)


def test_an_old_batch_that_comes_again_does_not_bring_back_what_was_undone() -> None:
    school = School()
    first = school.moved(SPAM)
    school.teach(first)
    school.teach(school.moved(INBOX))

    school.teach(first)

    assert school.marks == (0, 1)


def test_what_the_stream_showed_too_early_is_unlearned_all_the_same() -> None:
    """Both moves were made before the first was taught, and come in two batches."""
    school = School()
    to_spam = school.moved(SPAM)
    back = school.moved(INBOX)

    school.teach(to_spam)
    school.teach(back)

    assert school.marks == (0, 1)


def test_what_is_erased_meanwhile_teaches_nothing_and_the_others_do() -> None:
    school = School()
    batch = [school.moved(SPAM, 1), school.moved(SPAM, 2)]
    school.store.erase(batch[0]["submission"])

    school.teach(*batch)

    assert school.marks == (1, 0)


def test_what_is_erased_later_stays_counted() -> None:
    school = School()
    image = school.moved(SPAM)
    school.teach(image)
    school.store.erase(image["submission"])

    school.teach(image)

    assert school.marks == (1, 0)


def test_a_hundred_moves_cost_a_read_and_two_writes() -> None:
    """A transaction takes a hundred writes, and one is that of the counts."""
    school = School()

    school.teach(*(school.moved(SPAM, seed) for seed in range(100)))

    assert school.marks == (100, 0)
    assert school.store.writes == [99, 1]


def test_each_form_learns_for_itself_and_a_form_that_is_gone_does_not() -> None:
    school = School()
    other = a_form("other")
    school.teacher = school.teacher._replace(forms={"contact": FORM, "other": other})

    school.teach(
        *(
            school.moved(SPAM, seed, form=form)
            for seed, form in enumerate(("contact", "other", "gone"))
        )
    )

    assert school.store.models.keys() == {"contact", "other"}


def test_somebody_who_teaches_at_the_same_moment_is_waited_for() -> None:
    school = School(BusyLessons(times=ATTEMPTS - 1))

    school.teach(school.moved(SPAM))

    assert school.marks == (1, 0)
    assert school.pauses == sorted(school.pauses)
    assert sum(school.pauses) < 1


@pytest.mark.parametrize("store", [BusyLessons(times=ATTEMPTS), MemoryLessons()])
def test_what_cannot_be_taught_is_logged_and_blocks_nothing(store: MemoryLessons) -> None:
    store.is_down = not isinstance(store, BusyLessons)
    school = School(store)

    school.teach(school.moved(SPAM))
    store.is_down = False

    [line] = school.log
    assert (line["event"], line["outcome"], line["form"]) == ("teach", "failed", "contact")
    assert school.marks == (0, 0)
    assert school.store.taught == {}
    school.teach(school.moved(SPAM))
    assert school.marks == (1, 0)


def test_counts_that_are_damaged_are_left_alone_and_logged() -> None:
    school = School()
    school.store.models["contact"] = Model(b"nonsense", 4)

    school.teach(school.moved(SPAM))

    assert [line["outcome"] for line in school.log] == ["failed"]
    assert school.store.models["contact"] == Model(b"nonsense", 4)


def test_a_record_that_cannot_be_read_is_logged_and_the_rest_is_learned() -> None:
    school = School()

    school.teach({}, school.moved(SPAM))

    assert [line["outcome"] for line in school.log] == ["unreadable_record"]
    assert school.marks == (1, 0)


def test_no_word_of_a_submission_is_logged() -> None:
    school = School()
    school.store.is_down = True

    school.teach(school.moved(SPAM, 7))

    assert "word7" not in repr(school.log)


class Asked:
    """The judge's side, with a clock."""

    def __init__(self) -> None:
        self.store = MemoryLessons()
        self.time = 0.0
        self.lessons = Lessons(self.store, lambda: self.time)

    def learn(self, submission: Submission) -> None:
        teacher = Teacher({"contact": FORM}, self.store, lambda: NOON, print, print)
        teach([self.store.moved(submission)], teacher)
        self.store.reads = 0


def test_what_was_learned_is_read_at_most_once_a_minute() -> None:
    asked = Asked()
    asked.learn(a_submission(folder=SPAM))

    known = [asked.lessons(FORM) for _ in range(3)]
    asked.time = 59.9
    known.append(asked.lessons(FORM))

    assert [learned.spam for learned in known if learned] == [1] * 4
    assert asked.store.reads == 1


def test_that_there_is_nothing_is_remembered_for_a_minute_as_well() -> None:
    asked = Asked()

    assert [asked.lessons(FORM) for _ in range(3)] == [None] * 3
    assert asked.store.reads == 1


def test_after_a_minute_it_is_read_again() -> None:
    asked = Asked()
    asked.lessons(FORM)
    asked.learn(a_submission(folder=SPAM))
    asked.time = 60.0

    learned = asked.lessons(FORM)

    assert learned
    assert learned.spam == 1


def test_without_an_answer_a_form_is_judged_by_what_was_known() -> None:
    asked = Asked()
    asked.store.is_down = True
    assert asked.lessons(FORM) is None
    asked.store.is_down = False
    asked.learn(a_submission(folder=SPAM))
    asked.time = 60.0
    known = asked.lessons(FORM)

    asked.store.is_down = True
    asked.time = 120.0

    assert known is not None
    assert asked.lessons(FORM) is known


def test_damaged_counts_are_no_counts() -> None:
    asked = Asked()
    asked.store.models["contact"] = Model(b"nonsense", 1)

    assert asked.lessons(FORM) is None


def test_a_container_remembers_so_many_forms_and_no_more() -> None:
    asked = Asked()
    forms = [replace(FORM, id=f"form-{number}") for number in range(MAX_REMEMBERED + 1)]
    for form in forms:
        asked.lessons(form)

    asked.lessons(forms[-1])
    assert asked.store.reads == len(forms)
    asked.lessons(forms[0])
    assert asked.store.reads == len(forms) + 1


def test_what_was_learned_is_what_a_submission_says() -> None:
    asked = Asked()
    submission = a_submission(folder=SPAM, fields={"message": "casino bonus"})
    by_hand = Learned()
    by_hand.learn(Reading(submission), is_spam=True)

    asked.learn(submission)

    learned = asked.lessons(FORM)
    assert learned
    assert learned.pack() == by_hand.pack()
