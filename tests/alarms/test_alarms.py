"""Each alarm rings for what it is there for, and for nothing else; a calm week rings none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.config import PROJECT_DIR
from ops.deploying.template import FILE
from tests.alarms.account import DAY, HOUR, STAGE, START, Account
from tests.alarms.cloudwatch import alarms_in
from tests.alarms.incidents import calm_week, incidents
from tests.alarms.lines import record

if TYPE_CHECKING:
    from tests.alarms.cloudwatch import Alarm
    from tests.alarms.incidents import Incident
    from tests.alarms.lines import Lines

TEMPLATES = [PROJECT_DIR / ".chalice" / name for name in ("resources.json", FILE)]
INCIDENTS = list(incidents())


@pytest.fixture(scope="module")
def lines() -> Lines:
    return record()


@pytest.fixture(params=TEMPLATES, ids=lambda path: path.name)
def alarms(request: pytest.FixtureRequest) -> dict[str, Alarm]:
    return alarms_in(request.param, STAGE)


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda incident: incident[0])
def test_an_incident_rings_its_alarms_and_no_other(
    incident: Incident, alarms: dict[str, Alarm], lines: Lines
) -> None:
    _, expected, course = incident
    account = Account()
    course(account, lines)

    # When the last metric has come, and nobody has mended anything yet.
    until = max(point.at for point in account.points) + 600
    rung = {
        name for name, alarm in alarms.items() if "ALARM" in _states(alarm, account, until=until)
    }
    assert rung == expected


def test_every_alarm_has_an_incident(alarms: dict[str, Alarm]) -> None:
    assert set().union(*(expected for _, expected, _ in INCIDENTS)) == alarms.keys()


def test_a_calm_week_rings_none(alarms: dict[str, Alarm], lines: Lines) -> None:
    account = Account()
    calm_week(account, lines)

    watched = {(point.namespace, point.name, point.dimensions) for point in account.points}
    for name, alarm in alarms.items():
        assert alarm.changes(account.points, until=START + 7 * DAY) == [], name
    # The week has data for all but the owner's losses, and for throttled functions as zeros.
    unseen = {
        name
        for name, alarm in alarms.items()
        if (alarm.namespace, alarm.metric, alarm.dimensions) not in watched
    }
    assert unseen == {"UndeliveredAlarm"}


@pytest.mark.parametrize(
    "incident",
    [each for each in INCIDENTS if not each[1] & {"DeadLettersAlarm", "RelayFailuresAlarm"}],
    ids=lambda incident: incident[0],
)
def test_what_is_over_ends_its_alarm_within_the_hour(
    incident: Incident, alarms: dict[str, Alarm], lines: Lines
) -> None:
    """But for what waits in a queue until somebody has looked."""
    _, expected, course = incident
    account = Account()
    course(account, lines)

    over = max(point.at for point in account.points) + HOUR
    assert {name: alarms[name].changes(account.points, until=over)[-1][1] for name in expected} == (
        dict.fromkeys(expected, "OK")
    )


def test_an_alarm_rings_within_ten_minutes_of_what_happened_once(
    alarms: dict[str, Alarm], lines: Lines
) -> None:
    account = Account()
    account.logged(lines.bounced, 0)

    [(rang_at, state), *_] = alarms["UndeliveredAlarm"].changes(account.points, until=START + HOUR)
    assert state == "ALARM"
    assert rang_at - START <= 600


def _states(alarm: Alarm, account: Account, *, until: float) -> set[str]:
    return {state for _, state in alarm.changes(account.points, until=until)}
