"""Judge messages of 2 kB and 64 kB: ``python -m bench.spam_cost``.

CPU time of this process, the least of many rounds, since whatever else the machine does only
adds. Every check has something to look for: blocked words, languages, the owner's addresses,
and what the owner's marks have taught. Each row judges as the intake does, from a submission
that nobody has read yet.

The peer is what every post pays anyway: its claim, one JSON text and two HMACs of it. Fails
where all checks together cost more than they may.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.claims import claim_for
from chalicelib.learned import Learned
from chalicelib.model import SpamRules, Target
from chalicelib.reading import Reading
from chalicelib.spam import CHECKS, Context, judge
from tests.builders import a_form, a_submission
from tests.hostile_texts import REPEATED
from tests.language_samples import SAMPLES
from tests.real_messages import REAL_MESSAGES
from tests.spam_messages import SPAM_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.model import Submission

# By the size of the message in bytes of UTF-8, the most that judging it may cost, ms.
LIMITS = {2_000: 0.3, 64_000: 5.0}
ROUNDS = 200
MARKS = 200
FORM = a_form(
    spam=SpamRules(
        blocked_words=("casino", "free money", "crypto", "viagra", "backlinks", "赌场"),
        languages=("en", "de", "fr"),
    ),
    allowed_origins=("https://engines.example",),
    targets=(
        Target("email", "email", {"to": ["ada@engines.example"], "from": "forms@engines.example"}),
    ),
)
# What is repeated up to the size.
MESSAGES = {
    "English prose": SAMPLES["en"],
    "English, many links": "See https://www.site.example/page?id=1 and www.other.example now. ",
    "Vietnamese": SAMPLES["vi"],
    "Russian": SAMPLES["ru"],
    "Chinese": SAMPLES["zh"],
    "hostile: links": REPEATED["scheme"],
    "hostile: slashes": REPEATED["slash"],
    "hostile: BBCode": REPEATED["url"],
    "hostile: marks": REPEATED["marks"],
    "hostile: growing letters": REPEATED["ligature"],
    "hostile: all alike": REPEATED["letter"],
}
SECRET = bytes(32)


class Cost(NamedTuple):
    """What one message costs.

    Attributes:
        peer_ms: of its claim.
        peak_kb: memory beyond what was there, of all checks.
    """

    all_ms: float
    peer_ms: float
    peak_kb: float
    ms_by_check: dict[str, float]


def of_size(text: str, size: int) -> str:
    """Return a text, repeated and cut to so many bytes."""
    many = f"{text} " if text[-1] in ".?。" else text
    encoded = (many * (size // len(many.encode()) + 1)).encode()
    return encoded[:size].decode(errors="ignore")


def taught() -> Learned:
    """Return what 200 marks have taught, of people's messages and programs', these here as well."""
    spam = [message for kind in SPAM_MESSAGES.values() for message in kind]
    people = [{"message": text} for text in MESSAGES.values()] + list(REAL_MESSAGES)
    learned = Learned()
    for number in range(MARKS // 2):
        for messages, is_spam in ((spam, True), (people, False)):
            fields = messages[number % len(messages)]
            learned.learn(Reading(a_submission(fields=fields)), is_spam=is_spam)
    return learned


def cost(message: str, learned: Learned) -> Cost:
    """Measure one message, in a form of three fields."""
    fields = {"name": "Ada Lovelace", "email": "ada@analysts.example", "message": message}
    submission = a_submission(fields=fields)

    def context() -> Context:
        return Context(Reading(submission), learned=learned)

    judge(submission, FORM, context())
    tracemalloc.start()
    judge(submission, FORM, context())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Cost(
        all_ms=_ms(lambda: judge(submission, FORM, context())),
        peer_ms=_ms(lambda: claim_for(submission, None, SECRET)),
        peak_kb=peak / 1_000,
        ms_by_check={name: _ms_of_check(name, submission, learned) for name in CHECKS},
    )


def _ms_of_check(name: str, submission: Submission, learned: Learned) -> float:
    """Return what one check costs alone, with the reading that others would share."""
    check = CHECKS[name]
    return _ms(lambda: check(submission, FORM, Context(Reading(submission), learned=learned)))


def _ms(work: Callable[[], Any]) -> float:
    least = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        least = min(least, time.process_time() - started)
    return least * 1_000


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    learned, over = taught(), []
    for size, limit_ms in LIMITS.items():
        costs = {name: cost(of_size(text, size), learned) for name, text in MESSAGES.items()}
        print(f"\n{size:,} bytes, CPU ms  {'all checks':>12}{'claim':>9}{'ratio':>8}{'peak':>9}")
        for name, each in costs.items():
            ratio = each.all_ms / each.peer_ms
            print(
                f"{name:26}{each.all_ms:9.3f}{each.peer_ms:9.3f}{ratio:8.1f}{each.peak_kb:6.0f} kB"
            )
        over += [(size, name) for name, each in costs.items() if each.all_ms > limit_ms]
        print(f"\n{'each check alone':20}{'prose':>8}{'slowest':>10}")
        for check in CHECKS:
            by_message = {name: each.ms_by_check[check] for name, each in costs.items()}
            slowest = max(by_message, key=lambda name: by_message[name])
            prose = by_message["English prose"]
            print(f"{check:20}{prose:8.3f}{by_message[slowest]:10.3f}  {slowest}")
        print(f"\nAll checks may cost {limit_ms} ms.")
    if over:
        raise SystemExit(f"More than that: {over}")


if __name__ == "__main__":
    main()
