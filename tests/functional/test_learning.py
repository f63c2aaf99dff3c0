"""The owner moves, the stream tells, and the next submission is judged by it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.model import Folder, Target
from tests.functional.owner import owner
from tests.functional.stage import SENDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.model import Signal, Submission
    from tests.functional.owner import Owner

MAIL = Target("email", "email", {"to": ["ada@owner.example"], "from": SENDER})
LIST = "/forms/contact/submissions"
SPAM = "Visit our casino: free bonus for each click, number {}"
REAL = "Could you send me the price of engine {} for my school, please?"


@pytest.fixture
def it() -> Iterator[Owner]:
    with owner(MAIL) as signed_in:
        yield signed_in


def post(it: Owner, message: str) -> Submission:
    """Send a form, and return what is stored of it."""
    it.stage.clock.advance(minutes=1)
    answer = it.gateway.request(
        "POST",
        "/contact",
        headers={"Content-Type": "application/json", "Accept": "application/json"},
        body=f'{{"message": "{message}"}}'.encode(),
    )
    assert answer.status == 201, answer.text
    return it.stage.submissions.get(it.stage.form, answer.json["id"], now=it.stage.clock())


def move(it: Owner, submission: Submission, folder: Folder) -> None:
    answer = it.ask("PATCH", f"{LIST}/{submission.id}", {"folder": str(folder)})
    assert answer.status == 200, answer.text


def learned(submission: Submission) -> Signal | None:
    found = [signal for signal in submission.verdict.signals if signal.check == "learned"]
    return found[0] if found else None


def mark(it: Owner, count: int) -> None:
    """File so many submissions of either kind, and let the stream tell."""
    for number in range(count):
        move(it, post(it, SPAM.format(number)), Folder.SPAM)
        move(it, post(it, REAL.format(number)), Folder.ARCHIVE)
    it.stage.relay()


def empty_queue(it: Owner) -> None:
    while it.stage.take() is not None:
        pass


def model(it: Owner) -> dict[str, Any]:
    [found] = [item for item in it.items() if item["pk"]["S"] == "MODEL#contact"]
    return dict(found)


def test_moves_to_spam_give_the_next_one_points_with_the_words_that_counted(it: Owner) -> None:
    assert learned(post(it, SPAM.format("one"))) is None
    mark(it, 20)

    signal = learned(post(it, SPAM.format("two")))

    assert signal is not None
    assert signal.points > 2
    assert '"casino"' in signal.reason
    assert signal.reason.startswith("reads like spam")


def test_what_was_kept_speaks_for_the_next_one(it: Owner) -> None:
    mark(it, 20)

    signal = learned(post(it, REAL.format("two")))

    assert signal is not None
    assert signal.points < -1
    assert '"engine"' in signal.reason


def test_not_spam_moves_notifies_and_teaches(it: Owner) -> None:
    mark(it, 5)
    submission = post(it, "A casino is where my school is")
    move(it, submission, Folder.SPAM)
    it.stage.relay()
    spam = model(it)
    empty_queue(it)

    move(it, submission, Folder.INBOX)
    it.stage.relay()

    assert it.ask("GET", f"{LIST}/{submission.id}").json["folder"] == "inbox"
    assert submission.id in (it.stage.take() or "")
    assert it.stage.take() is None
    assert spam["counts"]["B"].startswith(b"6 5\n")
    assert model(it)["counts"]["B"].startswith(b"5 6\n")


def test_a_batch_that_comes_twice_teaches_once(it: Owner) -> None:
    for number in range(3):
        move(it, post(it, SPAM.format(number)), Folder.SPAM)
    event = it.stage.stream_event()

    it.stage.relay(event)
    once = model(it)
    it.stage.relay(event)

    assert model(it) == once
    assert once["version"] == {"N": "1"}


def test_what_teaching_writes_teaches_nothing_and_tells_nobody(it: Owner) -> None:
    submission = post(it, REAL.format(1))
    it.stage.relay()
    move(it, submission, Folder.INBOX)
    it.stage.relay()
    empty_queue(it)
    taught = model(it)
    requests: Counter[str] = Counter()
    it.stage.count_requests(requests)

    it.stage.relay()

    assert requests == Counter()
    assert model(it) == taught


def test_what_the_checks_put_into_the_spam_folder_teaches_nothing(it: Owner) -> None:
    it.store(folder=Folder.SPAM)
    it.stage.relay()

    assert [item for item in it.items() if item["pk"]["S"].startswith("MODEL#")] == []


def test_what_is_deleted_teaches_nothing_and_what_it_taught_stays(it: Owner) -> None:
    taught, other = post(it, SPAM.format(1)), post(it, SPAM.format(2))
    move(it, taught, Folder.SPAM)
    it.stage.relay()
    before = model(it)

    for submission in (taught, other):
        assert it.ask("DELETE", f"{LIST}/{submission.id}").status == 204
    it.stage.relay()

    assert model(it) == before
    assert b"casino" not in before["counts"]["B"]


def test_a_store_that_fails_is_asked_again_for_nothing_and_teaches_nothing_twice(
    it: Owner,
) -> None:
    """Whoever is told of a submission is told; the lesson is given up."""
    submission = post(it, REAL.format(1))
    it.stage.relay()
    it.stage.deliver()
    move(it, submission, Folder.INBOX)
    event = it.stage.stream_event()

    with it.stage.no_transactions():
        it.stage.relay(event)

    assert [line["outcome"] for line in it.stage.log if line["event"] == "teach"] == ["failed"]
    assert [item for item in it.items() if item["pk"]["S"].startswith("MODEL#")] == []
    it.stage.relay(event)
    it.stage.relay(event)
    assert model(it)["counts"]["B"].startswith(b"0 1\n")


def test_moves_of_a_batch_cost_one_read_and_one_write(it: Owner) -> None:
    for number in range(30):
        move(it, post(it, SPAM.format(number)), Folder.SPAM)
    event = it.stage.stream_event()
    requests: Counter[str] = Counter()
    it.stage.count_requests(requests)

    it.stage.teach(event)

    assert requests == {"GetItem": 1, "TransactWriteItems": 1}


def test_what_was_learned_costs_a_post_one_read_when_its_minute_is_over(it: Owner) -> None:
    """Here a minute is over each time."""
    requests: Counter[str] = Counter()
    it.stage.count_requests(requests)

    post(it, REAL.format(1))
    requests["GetItem"] -= 1  # Of this test, which looks at what is stored.

    assert requests == {"GetItem": 1, "TransactWriteItems": 1}
