"""Learn from the owner's moves, and hand what was learned to the judge.

A move to spam teaches that a submission is spam, any other move that it is not: also one to
the archive, since whoever files a message has judged it. Neither what is deleted, nor what the
checks put into the spam folder, teaches anything.

The stream tells of each move at least once, and again after a failure. What a submission has
taught stands in the submission itself and is written together with the counts, so that it
counts once. Whatever fails here, nobody who is told of a submission waits for it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from chalicelib import failures
from chalicelib.errors import StoreUnavailable
from chalicelib.model import timestamp
from chalicelib.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from chalicelib.learned import Learned
    from chalicelib.model import Form, Submission

# What was learned reaches the judge after so long at most, and costs one read in that time.
MAX_AGE_SECONDS = 60.0
# Half a megabyte each. A stage with more forms that learn reads some of them again sooner.
MAX_REMEMBERED = 16
# Somebody else taught at the same moment, or moved one of the submissions.
ATTEMPTS = 5
PAUSE_SECONDS = 0.05
# DynamoDB takes 100 writes in a transaction, and one is that of the counts.
MAX_LESSONS = 99


class Lesson(NamedTuple):
    """What one move says of a submission.

    Attributes:
        submission: in the folder to which it was moved.
        is_spam: what its owner says.
        taught: whether it has been learned as spam or as none; None if it has not.
        place: where its store finds it.
    """

    submission: Submission
    is_spam: bool
    taught: bool | None
    place: Mapping[str, Any]


class Model(NamedTuple):
    """What is kept of one form: the counts, packed, and which writing of them this is."""

    packed: bytes | None
    version: int


class LessonStore(Protocol):
    """Where it is kept what was learned, and from which submissions."""

    def lesson_in(self, image: Mapping[str, Any]) -> Lesson | None:
        """Return what a stream record teaches; None if it is no move.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: it is no item of ours.
        """

    def read(self, form_id: str, *, is_exact: bool = False) -> Model:
        """Return what is kept; without ``is_exact``, it may be a second old."""

    def write(
        self, form_id: str, packed: bytes, version: int, lessons: Sequence[Lesson]
    ) -> list[Lesson] | None:
        """Keep new counts and what each submission has taught, all or nothing.

        Returns:
            None if all is kept. Else nothing is, and these are the lessons that are left to
            teach, as their submissions are now; some may have been taught, or be gone.
        """


class Lessons:
    """What was learned of each form, read at most once a minute.

    Args:
        store: where it is kept.
        seconds: a clock that only goes on.
    """

    def __init__(self, store: LessonStore, seconds: Callable[[], float]) -> None:
        self._store = store
        self._seconds = seconds
        # The oldest first.
        self._known: dict[str, tuple[float, Learned | None]] = {}

    def __call__(self, form: Form) -> Learned | None:
        """Return what was learned; None if nothing was, or if it could not be read yet."""
        now = self._seconds()
        read_at, learned = self._known.get(form.id, (None, None))
        if read_at is None or now - read_at >= MAX_AGE_SECONDS:
            learned = self._read(form.id, learned)
            self._known.pop(form.id, None)
            self._known[form.id] = now, learned
            if len(self._known) > MAX_REMEMBERED:
                self._known.pop(next(iter(self._known)), None)
        return learned

    def _read(self, form_id: str, known: Learned | None) -> Learned | None:
        try:
            return _unpacked(self._store.read(form_id).packed)
        except (StoreUnavailable, KeyError, TypeError, ValueError):
            # A submission is judged by what was known, or without, rather than refused.
            return known


class Teacher(NamedTuple):
    """What ``teach`` works with.

    Attributes:
        forms: of this stage.
        now: the clock.
        pause: waits for so many seconds.
        write_log: writes one line.
    """

    forms: Mapping[str, Form]
    store: LessonStore
    now: Callable[[], datetime]
    pause: Callable[[float], None]
    write_log: Callable[[Mapping[str, Any]], None]


def teach(images: Iterable[Mapping[str, Any]], teacher: Teacher) -> None:
    """Learn from every move in a batch of the stream; what fails is logged and given up.

    Args:
        images: what the stream shows of each written item, in wire types.
        teacher: the collaborators.
    """
    # The last move of a submission is the one that counts.
    by_form: dict[str, dict[str, Lesson]] = defaultdict(dict)
    for image in images:
        lesson = _readable(image, teacher)
        if lesson is not None and lesson.submission.form in teacher.forms:
            by_form[lesson.submission.form][lesson.submission.id] = lesson
    for form_id, lessons in by_form.items():
        for some in _portions(list(lessons.values())):
            try:
                _teach_form(form_id, some, teacher)
            except Exception as error:  # noqa: BLE001  whatever it is, the stream must go on
                _log(teacher, "failed", error, form=form_id, lessons=len(some))


def _portions(lessons: list[Lesson]) -> Iterator[list[Lesson]]:
    for start in range(0, len(lessons), MAX_LESSONS):
        yield lessons[start : start + MAX_LESSONS]


def _teach_form(form_id: str, lessons: list[Lesson], teacher: Teacher) -> None:
    """Teach one form's lessons.

    Raises:
        StoreUnavailable: the store failed, or others wrote each time; nothing was taught.
        ValueError: what is kept is not what was packed.
    """
    for attempt in range(ATTEMPTS):
        if attempt:
            teacher.pause(PAUSE_SECONDS * attempt)
        lessons = [lesson for lesson in lessons if lesson.is_spam != lesson.taught]
        if not lessons:
            return
        model = teacher.store.read(form_id, is_exact=True)
        packed = _taught(model.packed, lessons)
        left = teacher.store.write(form_id, packed, model.version, lessons)
        if left is None:
            return
        lessons = left
    raise StoreUnavailable


def _taught(packed: bytes | None, lessons: Sequence[Lesson]) -> bytes:
    from chalicelib.learned import Learned

    learned = _unpacked(packed) or Learned()
    for lesson in lessons:
        reading = Reading(lesson.submission)
        if lesson.taught is not None:
            learned.unlearn(reading, is_spam=lesson.taught)
        learned.learn(reading, is_spam=lesson.is_spam)
    return learned.pack()


def _unpacked(packed: bytes | None) -> Learned | None:
    if packed is None:
        return None
    # Only forms that have learned something pay for it.
    from chalicelib.learned import Learned

    return Learned.unpack(packed)


def _readable(image: Mapping[str, Any], teacher: Teacher) -> Lesson | None:
    """Return a record's lesson; one that cannot be read must not block the stream."""
    try:
        return teacher.store.lesson_in(image)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        _log(teacher, "unreadable_record", error)
        return None


def _log(teacher: Teacher, outcome: str, error: Exception, **more: Any) -> None:
    line = {"level": "error", "time": timestamp(teacher.now()), "event": "teach", **more}
    teacher.write_log({**line, "outcome": outcome, "error": failures.describe(error, None)})
