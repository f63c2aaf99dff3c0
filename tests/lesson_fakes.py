"""What was learned, kept in memory; tests/contract/test_lessons.py holds it to the real thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.errors import StoreUnavailable
from chalicelib.lessons import Lesson, Model
from chalicelib.model import Folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalicelib.model import Submission


class MemoryLessons:
    """The lessons in memory; a record of its stream is ``{"submission": …}``."""

    def __init__(self) -> None:
        self.models: dict[str, Model] = {}
        self.taught: dict[str, bool] = {}
        self.places: dict[str, Folder] = {}
        self.reads = 0
        self.writes: list[int] = []
        self.is_down = False

    def moved(self, submission: Submission) -> dict[str, Any]:
        """Move a submission, and return what the stream shows of it then."""
        self.places[submission.id] = submission.folder
        return {"submission": submission, "taught": self.taught.get(submission.id)}

    def erase(self, submission: Submission) -> None:
        del self.places[submission.id]

    def lesson_in(self, image: Mapping[str, Any]) -> Lesson | None:
        submission: Submission | None = image["submission"]
        if submission is None:
            return None
        place = {"folder": submission.folder}
        return Lesson(submission, submission.folder == Folder.SPAM, image["taught"], place)

    def read(self, form_id: str, *, is_exact: bool = False) -> Model:
        self.reads += 1
        if self.is_down:
            raise StoreUnavailable
        return self.models.get(form_id, Model(None, 0))

    def write(
        self, form_id: str, packed: bytes, version: int, lessons: Sequence[Lesson]
    ) -> list[Lesson] | None:
        if self.is_down:
            raise StoreUnavailable
        self.writes.append(len(lessons))
        left = list(self._left(lessons))
        if left != list(lessons) or self.read(form_id).version != version:
            return left
        self.models[form_id] = Model(packed, version + 1)
        self.taught.update((lesson.submission.id, lesson.is_spam) for lesson in lessons)
        return None

    def _left(self, lessons: Sequence[Lesson]) -> Iterator[Lesson]:
        for lesson in lessons:
            if self.places.get(lesson.submission.id) == lesson.submission.folder:
                yield lesson._replace(taught=self.taught.get(lesson.submission.id))


class BusyLessons(MemoryLessons):
    """Somebody else writes between each read and write, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    def write(
        self, form_id: str, packed: bytes, version: int, lessons: Sequence[Lesson]
    ) -> list[Lesson] | None:
        if self.left:
            self.left -= 1
            model = self.models.get(form_id, Model(None, 0))
            self.models[form_id] = model._replace(version=model.version + 1)
        return super().write(form_id, packed, version, lessons)
