"""What every container of a campaign reads, read once before they are forked."""

from __future__ import annotations

import boto3
import botocore.client

import tests.faults.container
from chalicelib import answers, events, notify, owner_routes, pages, summary, web, wiring
from chalicelib.channels import webhook

__all__ = [
    "answers",
    "boto3",
    "botocore",
    "events",
    "notify",
    "owner_routes",
    "pages",
    "summary",
    "tests",
    "web",
    "webhook",
    "wiring",
]

# boto3's default session keeps what it has read of the services' models.
for _service in ("dynamodb", "sqs"):
    boto3.client(_service, region_name="eu-west-1")
