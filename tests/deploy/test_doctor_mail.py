"""What the doctor says of SES: who may send, to whom, and whether bounces are heard of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.model import Target
from ops.examining.mail import examine_mail
from tests.builders import a_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.deploying.steps import Context
    from ops.examining.finding import Finding
    from tests.deploy.conftest import LocalAws

TO_OWNER = Target(
    "email", "email", {"to": ["Ada <ada@owner.example>"], "from": "Forms <forms@site.example>"}
)
TO_VISITOR = Target("autoresponse", "autoresponse", {"from": "hello@mail.site.example"})
SANDBOX = {
    "ProductionAccessEnabled": False,
    "SendingEnabled": True,
    "EnforcementStatus": "HEALTHY",
}
PRODUCTION = {**SANDBOX, "ProductionAccessEnabled": True}
PAUSED = {**PRODUCTION, "SendingEnabled": False, "EnforcementStatus": "SHUTDOWN"}


def findings(context: Context, *targets: Target) -> dict[str, Finding]:
    return {found.check: found for found in examine_mail(context, [a_form(targets=targets)])}


def test_a_form_that_tells_nobody_by_mail_needs_no_sender(data_stage: Context) -> None:
    found = findings(data_stage, Target("webhook", "webhook", {"url": "https://receiver.example"}))

    assert [(each.check, each.healthy) for each in found.values()] == [("Mail events", True)]


@pytest.mark.parametrize(
    "identity", ["hello@mail.site.example", "mail.site.example", "site.example"]
)
def test_a_sender_is_verified_by_its_address_its_domain_or_one_above(
    data_stage: Context, aws_process: LocalAws, identity: str
) -> None:
    aws_process.set_mail(account=PRODUCTION, verified={identity: True})

    found = findings(data_stage, TO_VISITOR)

    sender = found["Mail from hello@mail.site.example"]
    assert (sender.healthy, sender.seen) == (True, f"by {identity}")


@pytest.mark.parametrize("verified", [{}, {"site.example": False}, {"example": True}])
def test_a_sender_that_ses_does_not_know_is_named_with_the_command(
    data_stage: Context, aws_process: LocalAws, verified: dict[str, bool]
) -> None:
    aws_process.set_mail(account=PRODUCTION, verified=verified)

    sender = findings(data_stage, TO_OWNER)["Mail from forms@site.example"]

    assert (sender.healthy, sender.seen) == (False, "SES has not verified it")
    assert (
        "aws sesv2 create-email-identity --region eu-west-1 --email-identity site.example"
        in sender.advice
    )


@pytest.mark.parametrize(
    ("account", "verified", "missed"),
    [
        (PRODUCTION, [], None),
        (SANDBOX, [], "ada@owner.example, visitors who wait for an automatic answer"),
        (SANDBOX, ["owner.example"], "visitors who wait for an automatic answer"),
        (PAUSED, [], "nothing for this account (SHUTDOWN); its console says why"),
    ],
)
def test_how_far_mail_gets_is_said(
    data_stage: Context,
    aws_process: LocalAws,
    account: dict[str, Any],
    verified: list[str],
    missed: str | None,
) -> None:
    aws_process.set_mail(account=account, verified=dict.fromkeys(verified, True))

    reach = findings(data_stage, TO_OWNER, TO_VISITOR)["Mail to anybody"]

    assert reach.healthy == (missed is None)
    assert reach.seen.endswith(missed or "SES sends to every address")
    assert "production access" in reach.advice


def test_the_sandbox_is_enough_for_mail_to_an_owner_who_is_verified(
    data_stage: Context, aws_process: LocalAws
) -> None:
    aws_process.set_mail(account=SANDBOX, verified={"ada@owner.example": True})

    reach = findings(data_stage, TO_OWNER)["Mail to anybody"]

    assert reach.healthy
    assert "sandbox" in reach.seen


@pytest.fixture
def update_destination(data_stage: Context) -> Iterator[Callable[..., Any]]:
    """Change where SES sends events, as somebody does in its console; at last as it was made."""
    ses, name = data_stage.aws.ses, data_stage.names.configuration_set
    answer = ses.get_configuration_set_event_destinations(ConfigurationSetName=name)
    found: dict[str, Any] = {**answer["EventDestinations"][0]}
    destination_name = found.pop("Name")

    def update(**changes: Any) -> None:
        ses.update_configuration_set_event_destination(
            ConfigurationSetName=name,
            EventDestinationName=destination_name,
            EventDestination={**found, **changes},  # type: ignore[typeddict-item]
        )

    yield update
    update()


@pytest.mark.parametrize(
    "changes",
    [
        {"Enabled": False},
        {"MatchingEventTypes": ["COMPLAINT", "REJECT"]},
        {"SnsDestination": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:another"}},
    ],
    ids=str,
)
def test_bounces_that_feedback_does_not_hear_of_are_found(
    data_stage: Context, update_destination: Callable[..., Any], changes: dict[str, Any]
) -> None:
    update_destination(**changes)

    events = findings(data_stage)["Mail events"]

    assert not events.healthy
    assert "BOUNCE" in events.seen
    assert "python -m ops deploy --stage prod" in events.advice


def test_a_configuration_set_that_is_not_there_is_found(data_stage: Context) -> None:
    events = findings(replace(data_stage, stage="dev"))["Mail events"]

    assert not events.healthy
    assert events.seen.startswith("AWS refused GetConfigurationSetEventDestinations: NotFound")
