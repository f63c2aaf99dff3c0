"""The forms.toml of the campaigns: the one place that says what their form is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.receiver import PATH

if TYPE_CHECKING:
    from pathlib import Path

FORM = "campaign"
TARGET = "webhook"
# Partitions of the table that the form is spread over, and each is a shard of its stream.
SHARDS = 20
# What the secret is in these tests, wherever secrets come from.
WEBHOOK_SECRET_NAME = "ssm:/formpost/campaign/webhook"  # noqa: S105  a reference
WEBHOOK_SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="  # noqa: S105  of no worth
# Not in the order in which the campaign's pages send them, and pages send others, too.
_TEXT = """
[{form}]
title = "Campaign"
shards = {shards}
# Some of its visitors sit behind one address.
hourly_limit = 100_000
fields = [
    {{ name = "mark", label = "Mark", required = true }},
    {{ name = "email", label = "E-mail address", type = "email" }},
    {{ name = "topic", label = "Topic", multiple = true, choices = ["Sales", "Help", "Press"] }},
    {{ name = "company", label = "Company", max_length = 200 }},
    {{ name = "message", label = "Message", max_length = 20_000 }},
]

# Its visitors write alike and nobody is told of spam, so none of it is.
[{form}.spam]
threshold = 1000

[{form}.notify.{target}]
url = "{receiver_url}"
secrets = ["{secret}"]
"""


def write_forms(folder: Path, receiver_url: str) -> Path:
    """Write forms.toml with an address for the webhook, and return where it is."""
    file = folder / "forms.toml"
    file.write_text(
        _TEXT.format(
            form=FORM,
            shards=SHARDS,
            target=TARGET,
            receiver_url=receiver_url + PATH,
            secret=WEBHOOK_SECRET_NAME,
        ),
        "utf-8",
    )
    return file
