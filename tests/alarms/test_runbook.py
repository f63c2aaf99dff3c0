"""docs/runbook.md has each alarm, says when it rings, and names commands that are there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
import pytest

from chalicelib.config import PROJECT_DIR
from ops.cli import cli
from tests.alarms.account import STAGE
from tests.alarms.cloudwatch import alarms_in

if TYPE_CHECKING:
    from tests.alarms.cloudwatch import Alarm

TEXT = (PROJECT_DIR / "docs" / "runbook.md").read_text("utf-8")
ALARMS = alarms_in(PROJECT_DIR / ".chalice" / "resources.json", STAGE)
SECTIONS = {
    name: section
    for heading, section in re.findall(r"(?ms)^## ([^\n]+)\n(.*?)(?=^## |\Z)", TEXT)
    for name in heading.split(", ")
}


def rings(alarm: Alarm) -> str:
    """Return the sentence on when an alarm rings."""
    over = {"GreaterThanThreshold": "over", "GreaterThanOrEqualToThreshold": "at least"}
    return (
        f"Rings: `{alarm.statistic}` of `{alarm.metric}` {over[alarm.comparison]}"
        f" {alarm.threshold:,}, in {alarm.datapoints_to_alarm} of {alarm.evaluation_periods}"
        f" periods of {alarm.period_seconds // 60} minutes."
    )


def test_every_alarm_has_one_section_and_there_is_no_other() -> None:
    headings = [name for line in re.findall(r"(?m)^## (.+)$", TEXT) for name in line.split(", ")]

    assert len(ALARMS) == 17
    assert sorted(headings) == sorted(ALARMS)


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_a_section_says_when_it_rings_what_that_means_and_what_to_do(name: str) -> None:
    parts = re.findall(r"(?m)^\*\*(\w+)\.\*\* ", SECTIONS[name])

    assert SECTIONS[name].split("\n\n")[0].strip() == rings(ALARMS[name])
    assert parts == ["Means", "Look", "Do"]


def test_every_command_is_one_that_is_there() -> None:
    commands = re.findall(r"python -m ops ((?:[a-z]+ ?)+)", TEXT)

    assert len(commands) >= 5
    for words in commands:
        command: click.Command = cli
        for word in words.split():
            assert isinstance(command, click.Group), words
            command = command.commands[word]


def test_every_alarm_s_mail_leads_here() -> None:
    text = (PROJECT_DIR / ".chalice" / "resources.json").read_text("utf-8")
    told = re.findall(r'"AlarmDescription": "(.+)"', text)

    assert len(told) == len(ALARMS)
    assert all(words.endswith("See docs/runbook.md.") for words in told)
