"""Learn from marks on the SpamAssassin corpus: ``python -m bench.learning``.

Mails become submissions of a contact form, see spam_corpus.py. An owner files the first of them,
spam to the spam folder and the rest to the archive, and everything later is judged by all
checks together, at the default threshold. What a form would know beside the text is the same
for all: a page's origin, and a proof of work that a person's browser solved.

Everything that was chosen by measuring was chosen on the mails of even days; what is printed is
of odd days. Of each table the figures are of five owners, who begin at the start and 10, 20, 30
and 40 % later; a mail that two of them get counts twice.

Two peers: all checks but the learned one, and a textbook's multinomial naive Bayes.
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bench import spam_corpus
from chalicelib.learned import Learned
from chalicelib.model import Form, Proof, ProofState
from chalicelib.reading import Reading
from chalicelib.spam import CHECKS, Context, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.spam_corpus import Mail

MARKS = (0, 25, 50, 100, 200, 400, 800, 1_600)
STARTS = (0.0, 0.1, 0.2, 0.3, 0.4)
# What was asked for, after 200 marks.
MOST_MISTAKEN, LEAST_CAUGHT, AFTER = 0.001, 0.95, 200
# When mails of both kinds come every day; before, there is hardly anything but spam.
BOTH_KINDS_SINCE = "2002-07-01"
FORM = Form(id=spam_corpus.FORM, title="Contact us")


class Counts(NamedTuple):
    """What became of mails: how many there were of each group, and how many were put to spam."""

    all: Counter[str]
    in_spam: Counter[str]

    def share(self, *groups: str) -> float:
        """Return which share of some groups was put to spam."""
        return self.of(self.in_spam, *groups) / max(1, self.of(self.all, *groups))

    @staticmethod
    def of(counter: Counter[str], *groups: str) -> int:
        """Return how many a counter has of some groups."""
        return sum(counter[group] for group in groups)


SPAM = ("spam-1", "spam-2")
EASY, HARD = ("easy-ham-1", "easy-ham-2"), ("hard-ham-1",)


class Judge:
    """All checks together, at the default threshold.

    What the others than the learned one say of a mail never changes, so it is asked for once.

    Args:
        by_programs: all spam came as programs send it that only know the form's address, with
            no page's origin and no proof of work. Otherwise nothing but the text tells.
    """

    def __init__(self, *, by_programs: bool = False) -> None:
        self._by_programs = by_programs
        self._points: dict[str, float] = {}

    def is_spam(self, mail: Mail, learned: Learned) -> bool:
        """Return the verdict on a mail, knowing what was learned."""
        context = Context(Reading(mail.submission), learned=learned)
        if mail.submission.id not in self._points:
            self._points[mail.submission.id] = self._points_of_others(mail)
        signal = CHECKS["learned"](mail.submission, FORM, context)
        points = self._points[mail.submission.id] + (signal.points if signal else 0)
        return points >= FORM.spam.threshold

    def _points_of_others(self, mail: Mail) -> float:
        submission, proof = mail.submission, _proof(mail)
        if self._by_programs and mail.is_spam:
            sender = replace(submission.sender, origin=None)
            submission, proof = replace(submission, sender=sender), Proof(ProofState.MISSING)
        return judge(submission, FORM, Context(Reading(submission), proof=proof)).points


JUDGE = Judge()


def _proof(mail: Mail) -> Proof:
    asked_at = int(mail.submission.received_at.timestamp()) - 60
    return Proof(ProofState.SOLVED, asked_at, asked_at + 3_600, "key")


class TextbookBayes:
    """Multinomial naive Bayes with Laplace's rule over lower-case words; both kinds as likely."""

    def __init__(self) -> None:
        self._words: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        self._vocabulary: set[str] = set()

    def learn(self, mail: Mail) -> None:
        """Count the words of a mail."""
        words = _words(mail)
        self._words[mail.is_spam].update(words)
        self._vocabulary.update(words)

    def is_spam(self, mail: Mail) -> bool:
        """Return which kind is likelier."""
        size = len(self._vocabulary)
        totals = {kind: counts.total() + size for kind, counts in self._words.items()}
        odds = 0.0
        for word in _words(mail):
            spam, other = (self._words[kind][word] for kind in (True, False))
            if spam or other:
                odds += math.log((spam + 1) / totals[True]) - math.log((other + 1) / totals[False])
        return odds > 0


def _words(mail: Mail) -> list[str]:
    return re.findall(r"\w+", Reading(mail.submission).folded)


def is_of_odd_day(mail: Mail) -> bool:
    """Return whether a mail is one of those that figures are of; see above."""
    return mail.submission.received_at.toordinal() % 2 == 1


def mixed(mails: Sequence[Mail]) -> list[Mail]:
    """Return each kind in the order of its dates, mixed as evenly as there are of each."""
    place = []
    for is_spam in (True, False):
        kind = [mail for mail in mails if mail.is_spam == is_spam]
        place += [((number + 0.5) / len(kind), mail) for number, mail in enumerate(kind)]
    return [mail for _, mail in sorted(place, key=lambda each: each[0])]


def balanced(mails: Sequence[Mail], marks: int) -> Iterator[list[Mail]]:
    """Yield the marked and the later mails, as many marked of either kind."""
    places = {
        is_spam: [place for place, mail in enumerate(mails) if mail.is_spam == is_spam]
        for is_spam in (True, False)
    }
    marked = [place for kind in places.values() for place in kind[: marks // 2]]
    yield [mails[place] for place in marked]
    yield list(mails[max(marked) + 1 :])


def as_they_come(mails: Sequence[Mail], marks: int) -> Iterator[list[Mail]]:
    """Yield the marked and the later mails: every one is marked at first."""
    yield list(mails[:marks])
    yield list(mails[marks:])


def corrected(
    mails: Sequence[Mail], marks: Sequence[int]
) -> Iterator[tuple[int, Learned, Sequence[Mail]]]:
    """Learn as an owner teaches who files what came to the inbox, and counts only corrections.

    Yields:
        At each number of corrections, it with what was learned so far and the later mails.
    """
    learned, corrections, waiting = Learned(), 0, list(marks)
    for number, mail in enumerate(mails, start=1):
        was_judged_spam = JUDGE.is_spam(mail, learned)
        if not (was_judged_spam and mail.is_spam):
            learned.learn(Reading(mail.submission), is_spam=mail.is_spam)
        corrections += was_judged_spam != mail.is_spam
        if waiting and corrections == waiting[0]:
            yield waiting.pop(0), learned, mails[number:]


def learned_from(mails: Sequence[Mail]) -> Learned:
    """Return what marks teach."""
    learned = Learned()
    for mail in mails:
        learned.learn(Reading(mail.submission), is_spam=mail.is_spam)
    return learned


def count(mails: Sequence[Mail], is_spam: Callable[[Mail], bool], counts: Counts) -> float:
    """Add what becomes of mails, and return the share of spam that is caught."""
    own = Counts(Counter(), Counter())
    for mail in mails:
        own.all[mail.group] += 1
        own.in_spam[mail.group] += is_spam(mail)
    counts.all.update(own.all)
    counts.in_spam.update(own.in_spam)
    return own.share(*SPAM)


def row(label: str, counts: Counts, caught: Sequence[float], note: str = "") -> str:
    """Return one line of a table."""
    ham = EASY + HARD
    mistaken, real = counts.of(counts.in_spam, *ham), counts.of(counts.all, *ham)
    each = " ".join(f"{share * 100:3.0f}" for share in caught)
    return (
        f"{label:>8} {counts.share(*SPAM) * 100:8.1f} % ({each}) {mistaken:6} of {real:6}"
        f" {counts.share(*ham) * 100:7.2f} % {counts.share(*EASY) * 100:7.2f} %"
        f" {counts.share(*HARD) * 100:6.1f} %  {note}".rstrip()
    )


HEAD = "   marks  spam caught (of each owner)      real in spam      all      easy    hard"


def starts(mails: Sequence[Mail]) -> Iterator[Sequence[Mail]]:
    """Yield what each of the five owners gets."""
    for start in STARTS:
        yield mails[int(len(mails) * start) :]


def table(
    title: str,
    mails: Sequence[Mail],
    split: Callable[[Sequence[Mail], int], Iterator[list[Mail]]],
    marks: Sequence[int] = MARKS,
    judged_by: Judge = JUDGE,
) -> None:
    """Print what is caught after so many marks."""
    print(f"\n{title}\n{HEAD}")
    for number in marks:
        counts, caught, spam = Counts(Counter(), Counter()), [], 0
        for own in starts(mails):
            marked, later = split(own, number)
            learned = learned_from(marked)
            spam += learned.spam
            caught.append(count(later, partial(judged_by.is_spam, learned=learned), counts))
        print(row(f"{number}", counts, caught, f"{spam / len(STARTS):.0f} of the marks spam"))
        if number == AFTER:
            verdict(counts)


def verdict(counts: Counts) -> None:
    """Say whether what was asked for is reached."""
    for what, share, is_met in (
        ("real messages in the spam folder", counts.share(*EASY, *HARD), MOST_MISTAKEN.__ge__),
        ("spam caught", counts.share(*SPAM), LEAST_CAUGHT.__le__),
    ):
        print(f"{'':9}{what}: {share * 100:.2f} %, {'as' if is_met(share) else 'NOT as'} required")


def table_of_corrections(mails: Sequence[Mail]) -> None:
    """Print what is caught where only corrections count as marks."""
    print(f"\nOnly moves to and from spam counted; the rest of the inbox archived\n{HEAD}")
    marks = (25, 50, 100, 200)
    counts = {number: Counts(Counter(), Counter()) for number in marks}
    caught: dict[int, list[float]] = {number: [] for number in marks}
    came: Counter[int] = Counter()
    for own in starts(mails):
        for number, learned, later in corrected(own, marks):
            came[number] += len(own) - len(later)
            is_spam = partial(JUDGE.is_spam, learned=learned)
            caught[number].append(count(later, is_spam, counts[number]))
    for number in marks:
        if owners := len(caught[number]):
            note = f"after {came[number] / owners:.0f} mails, {owners} owners"
            print(row(f"{number}", counts[number], caught[number], note))
        else:
            print(f"{number:8} no owner has to make so many")


def table_of_peer(mails: Sequence[Mail]) -> None:
    """Print what a textbook's naive Bayes catches."""
    print(f"\nPeer: a textbook's multinomial naive Bayes alone, marks as they come\n{HEAD}")
    for number in (100, 200, 800):
        counts, caught = Counts(Counter(), Counter()), []
        for own in starts(mails):
            peer = TextbookBayes()
            for mail in own[:number]:
                peer.learn(mail)
            caught.append(count(own[number:], peer.is_spam, counts))
        print(row(f"{number}", counts, caught))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tuning", action="store_true", help="use the mails of even days")
    odd = not parser.parse_args().tuning
    every = spam_corpus.load()
    mails = [mail for mail in every if is_of_odd_day(mail) == odd]
    groups = Counter(mail.group for mail in mails)
    print(f"{len(every)} mails, {len(mails)} of {'odd' if odd else 'even'} days: {dict(groups)}")
    together = mixed(mails)
    table("Every mail marked as it comes", together, as_they_come)
    table("As many marks of either kind", together, balanced, (50, 100, 200, 400))
    since = [m for m in mails if m.submission.received_at.isoformat() >= BOTH_KINDS_SINCE]
    by_date = f"Every mail marked, strictly by date from {BOTH_KINDS_SINCE}"
    table(by_date, since, as_they_come, (0, 100, 200, 400, 800))
    table_of_corrections(together)
    by_programs = "Every mail marked as it comes, spam without a page's origin and proof of work"
    table(by_programs, together, as_they_come, (0, 100, 200, 800), Judge(by_programs=True))
    table_of_peer(together)
    for number in (AFTER, 1_000):
        size = len(learned_from(together[:number]).pack())
        print(f"\n{number} marks are stored in {size:,} bytes, {-(-size // 4096) / 2:g} read units")


if __name__ == "__main__":
    main()
