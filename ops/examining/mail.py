"""Look at SES: whether it sends what the forms' targets want sent, and tells of bounces."""

from __future__ import annotations

import json
from email.utils import parseaddr
from functools import partial
from typing import TYPE_CHECKING, Any

from ops.examining.finding import find

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.model import Form, Target
    from ops.deploying.steps import Context
    from ops.examining.finding import Finding, Seen

# The channels that send mail; the second one to whoever sent the form.
_TO_OWNER, _TO_VISITOR = "email", "autoresponse"


def examine_mail(context: Context, forms: Iterable[Form]) -> Iterator[Finding]:
    """Yield a finding for each sender, and how far its mail gets."""
    targets = [
        target
        for form in forms
        for target in form.targets
        if target.channel in {_TO_OWNER, _TO_VISITOR}
    ]
    region = context.aws.region
    for sender in sorted({_address(target.settings["from"]) for target in targets}):
        domain = sender.rpartition("@")[2]
        advice = (
            f"Verify {domain}, or the address alone: aws sesv2 create-email-identity --region"
            f" {region} --email-identity {domain}, then do what the SES console says of it."
        )
        yield find(f"Mail from {sender}", partial(_sender, context, sender), advice)
    if targets:
        advice = (
            f"Ask for production access in the SES console of {region} (Account dashboard)."
            " Until then, verify each recipient as well; automatic answers must wait."
        )
        yield find("Mail to anybody", partial(_reach, context, targets), advice)
    redeploy = f"Run python -m ops deploy --stage {context.stage} again."
    yield find("Mail events", partial(_events, context), redeploy)


def _sender(context: Context, address: str) -> Seen:
    identity = _verified_identity(context, address)
    return identity is not None, f"by {identity}" if identity else "SES has not verified it"


def _reach(context: Context, targets: list[Target]) -> Seen:
    account = context.aws.ses.get_account()
    if not account["SendingEnabled"]:
        status = account["EnforcementStatus"]
        return False, f"SES sends nothing for this account ({status}); its console says why"
    if account["ProductionAccessEnabled"]:
        return True, "SES sends to every address"
    recipients = {
        _address(mailbox)
        for target in targets
        if target.channel == _TO_OWNER
        for mailbox in target.settings["to"]
    }
    missed = sorted(each for each in recipients if _verified_identity(context, each) is None)
    if any(target.channel == _TO_VISITOR for target in targets):
        missed.append("visitors who wait for an automatic answer")
    seen = "the account is in the SES sandbox, which sends to verified addresses only"
    return not missed, f"{seen}; not to {', '.join(missed)}" if missed else f"{seen}; these are"


def _events(context: Context) -> Seen:
    name = context.names.configuration_set
    found = context.aws.ses.get_configuration_set_event_destinations(ConfigurationSetName=name)
    told = {
        kind
        for destination in found["EventDestinations"]
        if destination["Enabled"]
        and destination.get("SnsDestination", {}).get("TopicArn") == context.mail_events_topic_arn
        for kind in destination["MatchingEventTypes"]
    }
    missing = sorted(_wanted_events(context) - told)
    topic = context.names.mail_events_topic
    seen = f"{name} does not tell {topic} of {', '.join(missing)}" if missing else f"go to {topic}"
    return not missing, seen


def _wanted_events(context: Context) -> set[str]:
    """Return the kinds that .chalice/resources.json names, as SES names them in answers."""
    template: dict[str, Any] = json.loads(
        (context.project_dir / ".chalice" / "resources.json").read_text("utf-8")
    )
    destination = template["Resources"]["MailEvents"]["Properties"]["EventDestination"]
    return {kind.upper() for kind in destination["MatchingEventTypes"]}


def _verified_identity(context: Context, address: str) -> str | None:
    """Return what SES has verified of an address: itself, its domain or a domain above."""
    client = context.aws.ses
    for identity in _identities(address):
        try:
            found = client.get_email_identity(EmailIdentity=identity)
        except client.exceptions.NotFoundException:
            continue
        if found["VerifiedForSendingStatus"]:
            return identity
    return None


def _identities(address: str) -> Iterator[str]:
    """Yield what could be verified, e.g. ``a@b.example.com``, ``b.example.com``, ``example.com``.

    Source: https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    yield address
    labels = address.rpartition("@")[2].split(".")
    for at in range(len(labels) - 1):
        yield ".".join(labels[at:])


def _address(mailbox: str) -> str:
    return parseaddr(mailbox)[1]
