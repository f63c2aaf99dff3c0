"""A campaign in small: nothing is lost, and what would be lost would be seen."""

from __future__ import annotations

import subprocess
import sys

from chalicelib.config import PROJECT_DIR
from chalicelib.model import answers_from
from tests.builders import a_submission
from tests.faults.content import filled_in_of
from tests.faults.receiver import Receiver
from tests.faults.store import Snapshot
from tests.faults.verdict import Kept, Told, by_mark, examples, in_words, losses
from tests.faults.visitors import Visitor

# Far more than it takes, on a machine that does much else.
DEADLINE_SECONDS = 300


def test_a_quick_campaign_loses_nothing() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--quick"],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )

    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    assert run.stdout.startswith("seed ")
    assert run.stdout.endswith("\nnothing is lost\n")


def a_visitor(mark: str = "1", *references: str, refusals: tuple[str, ...] = ()) -> Visitor:
    none: object = None
    return Visitor(
        mark=mark,
        ip="192.0.2.1",
        pairs=[("mark", mark), ("message", "Hello")],
        chance=none,  # type: ignore[arg-type]
        line=none,  # type: ignore[arg-type]
        pause=none,  # type: ignore[arg-type]
        references=set(references),
        refusals=list(refusals),
    )


ONE = a_submission(fields={"mark": "1", "message": "Hello"}, id="A" * 22 + "8F3K")
OTHER = a_submission(fields={"mark": "1", "message": "Hello"}, id="A" * 22 + "2M9Q")
ONE_REFERENCE, OTHER_REFERENCE = "AAAA-8F3K", "AAAA-2M9Q"


def kept(visitor: Visitor, *stored: object) -> str:
    return in_words(Kept.of([visitor], by_mark(stored)))  # type: ignore[arg-type]


def only(loss: str, of: str) -> bool:
    """Whether this loss, once, is the only one that is told."""
    counts = dict(part.rsplit(" ", 1) for part in of.split(", "))
    return counts.pop(loss) == "1" and set(counts.values()) == {"0"}


def test_what_is_acknowledged_and_stored_once_is_no_loss() -> None:
    assert losses(Kept.of([a_visitor("1", ONE_REFERENCE)], by_mark([ONE]))) == 0


def test_every_loss_of_a_visitor_s_is_counted() -> None:
    changed = a_submission(fields={"mark": "1", "message": "Hallo"}, id=ONE.id)
    stranger = a_submission(fields={"mark": "2"})

    assert only("missing", kept(a_visitor("1", ONE_REFERENCE)))
    assert only("missing", kept(a_visitor("1", ONE_REFERENCE), OTHER))
    assert only("doubled", kept(a_visitor("1", ONE_REFERENCE), ONE, OTHER))
    assert only("altered", kept(a_visitor("1", ONE_REFERENCE), changed))
    assert only("unanswered", kept(a_visitor("1"), ONE))
    assert only("refused", kept(a_visitor("1", refusals=("422",))))
    assert only("unsent", kept(a_visitor("1", ONE_REFERENCE), ONE, stranger))
    both = kept(a_visitor("1", ONE_REFERENCE, OTHER_REFERENCE), ONE, OTHER)
    assert "doubled 1" in both
    assert "retold 1" in both


def test_what_went_wrong_is_shown() -> None:
    [shown] = examples([a_visitor("1", ONE_REFERENCE), a_visitor("2")], by_mark([ONE]))

    assert shown.startswith("2 sent ")
    assert "was told nothing" in shown


def test_every_loss_of_the_owner_s_is_counted() -> None:
    receiver = Receiver()
    with receiver:
        receiver.take("msg_1", b'{"data": {"id": "gone", "fields": {"mark": "1"}}}')
        receiver.take("msg_2", b'{"data": {"id": "gone", "fields": {"mark": "1"}}}')

    told = Told.of(Snapshot([ONE], deliveries={}), receiver)

    assert (told.untold, told.retold, told.invented, told.unsettled) == (1, 1, 1, 1)


def test_blank_fields_and_line_breaks_are_no_alteration() -> None:
    sent = a_submission(answers=answers_from([("a", "x\r\ny"), ("b", " "), ("c", "1"), ("c", "0")]))

    assert filled_in_of(sent) == {"a": ["x\ny"], "c": ["0", "1"]}
