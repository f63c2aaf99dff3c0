"""The table of .chalice/resources.json as a CreateTable request.

resources.json is what CloudFormation makes in AWS, so the embedded table has
the same keys, index and stream without saying them twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

# What both CloudFormation and CreateTable know, under the same name. Encryption
# and backups are left out: they mean nothing on this machine.
_SHARED = (
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
)


def create_table_request(resources_file: Path, table: str) -> dict[str, Any]:
    """Return the CreateTable request for the only table that ``resources_file`` declares."""
    properties = _table_properties(resources_file)
    request = {name: properties[name] for name in _SHARED if name in properties}
    if "StreamSpecification" in properties:
        # CloudFormation implies StreamEnabled; the API wants it said.
        request["StreamSpecification"] = {
            "StreamEnabled": True,
            **properties["StreamSpecification"],
        }
    return {"TableName": table, **request}


def time_to_live_request(resources_file: Path, table: str) -> dict[str, Any]:
    """Return the UpdateTimeToLive request for the same table."""
    specification = _table_properties(resources_file)["TimeToLiveSpecification"]
    return {"TableName": table, "TimeToLiveSpecification": specification}


def _table_properties(resources_file: Path) -> dict[str, Any]:
    resources = json.loads(resources_file.read_text(encoding="utf-8"))["Resources"]
    (properties,) = (
        resource["Properties"]
        for resource in resources.values()
        if resource["Type"] == "AWS::DynamoDB::Table"
    )
    return dict(properties)
