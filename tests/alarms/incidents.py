"""What goes wrong with a stage, each as CloudWatch sees it, and which alarms it must raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.alarms.account import DAY, HOUR, MINUTE, NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.alarms.account import Account
    from tests.alarms.lines import Lines

Incident = tuple[str, set[str], "Callable[[Account, Lines], None]"]

_ALARM_PART = {
    "api_handler": "Api",
    "relay": "Relay",
    "deliver": "Deliver",
    "feedback": "Feedback",
    "summarize": "Summarize",
}


# Nobody posts in the hours after it, and what does not run tells CloudWatch nothing.
_EVENING = 17 * HOUR


def incidents() -> Iterator[Incident]:
    """Yield the name of each incident, the alarms that it raises and no other, and its course."""
    for handler, part in _ALARM_PART.items():
        # What a visitor waits for fails as API Gateway's answer, too.
        also = {"ServerErrorsAlarm"} if handler == "api_handler" else set()
        yield f"{handler} runs out of time once", {f"{part}ErrorsAlarm", *also}, _times_out(handler)
        yield (
            f"Lambda refuses to start {handler}",
            {f"{part}ThrottlesAlarm", *also},
            _is_throttled(handler),
        )
    yield "a mail server is down for a day", {"DeadLettersAlarm"}, _down_for_a_day
    yield (
        "a record makes relay crash",
        {"RelayErrorsAlarm", "RelayFailuresAlarm"},
        _poisonous_record,
    )
    yield "the store does not answer for a minute", {"ServerErrorsAlarm"}, _store_away
    yield "the store is slow for half an hour", {"StoreSlowAlarm"}, _store_slow
    yield "relay cannot keep up", {"RelayLateAlarm"}, _relay_late
    yield "deliver takes no message", {"DeliveriesLateAlarm"}, _deliveries_wait
    yield "the owner's mailbox is gone", {"UndeliveredAlarm"}, _mailbox_gone
    yield "the sender's address is not verified", {"UndeliveredAlarm"}, _not_verified
    yield "a record cannot be read", {"UndeliveredAlarm"}, _unreadable


def calm_week(account: Account, lines: Lines) -> None:
    """Seven days in which nothing needs anybody: what goes wrong mends itself."""
    waking = [minute for minute in range(int(7 * DAY / MINUTE)) if minute * MINUTE % DAY < _EVENING]
    for minute in waking[::7]:
        at = minute * MINUTE
        line = {0: lines.spam, 1: lines.invalid}.get(minute % 5, lines.accepted)
        # The first post to a new container connects, and reads the secret.
        wait = 240.0 if minute % 91 == 0 else 11.0
        account.logged({**line, "store_ms": wait}, at)
        account.invoked("api_handler", at)
        account.relayed(at + 1, age_seconds=1.2)
        account.invoked("deliver", at + 2)
        account.logged(lines.delivered, at + 2)
    for day in range(7):
        account.invoked("summarize", day * DAY)
        # A visitor whose address has a typing mistake, ...
        account.invoked("feedback", day * DAY + HOUR)
        account.logged(lines.bounced_from_visitor, day * DAY + HOUR)
        # ... a webhook that is down for an hour and takes what it is sent then, ...
        for at, line in lines.tried_for_a_day[:5]:
            account.logged(line, day * DAY + at)
            account.invoked("deliver", day * DAY + at)
        # ... and a minute in which the store takes three times as long.
        account.logged({**lines.accepted, "store_ms": 700.0}, day * DAY + 9 * HOUR)
    # A message for a retry waits for 15 minutes at most.
    account.queue(NAMES.delivery_queue, waking, visible=3, oldest_seconds=15 * MINUTE)
    for empty in (NAMES.dead_letter_queue, NAMES.relay_failure_queue):
        account.queue(empty, waking, visible=0)


def _times_out(handler: str) -> Callable[[Account, Lines], None]:
    def course(account: Account, _lines: Lines) -> None:
        account.invoked(handler, 0, failed=True)
        if handler == "api_handler":
            account.answered(504, 0)

    return course


def _is_throttled(handler: str) -> Callable[[Account, Lines], None]:
    def course(account: Account, _lines: Lines) -> None:
        account.throttled(handler, 0)
        if handler == "api_handler":
            account.answered(500, 0)

    return course


def _down_for_a_day(account: Account, lines: Lines) -> None:
    for at, line in lines.tried_for_a_day:
        account.invoked("deliver", at)
        account.logged(line, at)
    last_minute = int(lines.tried_for_a_day[-1][0] / MINUTE)
    account.queue(NAMES.dead_letter_queue, range(last_minute), visible=0)
    account.queue(NAMES.dead_letter_queue, range(last_minute, last_minute + 10), visible=1)


def _poisonous_record(account: Account, _lines: Lines) -> None:
    """Twenty tries after the batch was halved, with pauses up to a minute."""
    for attempt in range(20):
        account.relayed(attempt * 40.0, age_seconds=attempt * 40.0, failed=True)
    account.queue(NAMES.relay_failure_queue, range(14, 20), visible=1)


def _store_away(account: Account, lines: Lines) -> None:
    for second in range(0, 60, 5):
        account.logged({**lines.store_unavailable, "store_ms": 4_000.0}, second)


def _store_slow(account: Account, lines: Lines) -> None:
    """A fifth of the posts wait: that is more than a tenth, and none of them fails."""
    for post in range(30 * 6):
        wait = 800.0 if post % 5 == 0 else 12.0
        account.logged({**lines.accepted, "store_ms": wait}, post * 10)


def _relay_late(account: Account, _lines: Lines) -> None:
    for minute in range(40):
        account.relayed(minute * MINUTE, age_seconds=minute * MINUTE / 2)


def _deliveries_wait(account: Account, _lines: Lines) -> None:
    for minute in range(70):
        account.queue(
            NAMES.delivery_queue, [minute], visible=minute, oldest_seconds=minute * MINUTE
        )


def _mailbox_gone(account: Account, lines: Lines) -> None:
    account.invoked("deliver", 0)
    account.logged(lines.delivered, 0)
    account.invoked("feedback", 20)
    account.logged(lines.bounced, 20)


def _not_verified(account: Account, lines: Lines) -> None:
    account.invoked("deliver", 0)
    account.logged(lines.refused, 0)


def _unreadable(account: Account, lines: Lines) -> None:
    account.relayed(0, age_seconds=1)
    account.logged(lines.unreadable, 0)
