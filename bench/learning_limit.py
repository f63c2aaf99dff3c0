"""What the best known methods make of the same mails: ``python -m bench.learning_limit``.

Logistic regression and support vectors of scikit-learn get what bench/learning.py gives to
Formpost: the same fields, the same marks, the same later mails. How many points make spam is
chosen for them afterwards, from the answers, so that exactly a given share of real mail is
mistaken. No form can choose so; what they catch is an upper bound.

The last rows go further: every mail of the other half of the days is a mark.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from bench import spam_corpus
from bench.learning import AFTER, is_of_odd_day, mixed, starts
from bench.submitting.packages import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bench.spam_corpus import Mail

# Shares of real mail that are mistaken.
MISTAKEN = (0.001, 0.002, 0.01)
# More than the 2,500 that Formpost reads of a text.
_READ_CHARACTERS = 4_000


class Scores(NamedTuple):
    """How much like spam later mails are, the higher the more."""

    spam: list[float]
    real: list[float]

    def caught(self, mistaken: float) -> float:
        """Return which share of spam is above the bound that mistakes this share of the rest."""
        bound = sorted(self.real, reverse=True)[int(mistaken * len(self.real))]
        return sum(score > bound for score in self.spam) / len(self.spam)


def scores(
    method: Callable[[], Any], rounds: Iterable[tuple[Sequence[Mail], Sequence[Mail]]]
) -> Scores:
    """Learn from the marked mails of each round, and judge the later ones."""
    found = Scores([], [])
    for marked, later in rounds:
        features = _features()
        learned = method().fit(
            features.fit_transform([_text(mail) for mail in marked]),
            [mail.is_spam for mail in marked],
        )
        judged = learned.decision_function(features.transform([_text(mail) for mail in later]))
        for mail, score in zip(later, judged, strict=True):
            (found.spam if mail.is_spam else found.real).append(float(score))
    return found


def _text(mail: Mail) -> str:
    fields = (f"{answer.name}: {answer.values[0]}" for answer in mail.submission.answers)
    return "\n".join(field[:_READ_CHARACTERS] for field in fields)


def _features() -> Any:
    """Words and pairs of words, and characters in threes to fives, by tf-idf."""
    text = importlib.import_module("sklearn.feature_extraction.text")
    return importlib.import_module("sklearn.pipeline").make_union(
        text.TfidfVectorizer(
            sublinear_tf=True, ngram_range=(1, 2), tokenizer=str.split, token_pattern=None
        ),
        text.TfidfVectorizer(sublinear_tf=True, ngram_range=(3, 5), analyzer="char_wb"),
    )


def _logistic_regression() -> Any:
    linear = importlib.import_module("sklearn.linear_model")
    return linear.LogisticRegression(C=100, max_iter=500)


def _support_vectors() -> Any:
    return importlib.import_module("sklearn.svm").LinearSVC(C=1)


def main() -> None:
    """Measure and print."""
    sys.path.append(str(installed("scikit-learn")))
    halves: dict[bool, list[Mail]] = {True: [], False: []}
    for mail in spam_corpus.load():
        halves[is_of_odd_day(mail)].append(mail)
    owners = [(own[:AFTER], own[AFTER:]) for own in starts(mixed(halves[True]))]
    everything = [(halves[False], halves[True])]
    print("   marks  method                 real mails  " + _row(f"at {s:.1%}" for s in MISTAKEN))
    for marks, rounds in ((AFTER, owners), (len(halves[False]), everything)):
        for method in (_logistic_regression, _support_vectors):
            found = scores(method, rounds)
            name = method.__name__.strip("_").replace("_", " ")
            caught = _row(f"{found.caught(share):.1%}" for share in MISTAKEN)
            print(f"{marks:8,}  {name:22} {len(found.real):10,}  {caught}")


def _row(cells: Iterable[str]) -> str:
    return "".join(f"{cell:>9}" for cell in cells)


if __name__ == "__main__":
    main()
