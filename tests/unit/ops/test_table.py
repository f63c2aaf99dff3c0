"""The embedded table is the one that CloudFormation makes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ops.local.table import create_table_request, time_to_live_request

if TYPE_CHECKING:
    from pathlib import Path

PROPERTIES = {
    "TableName": {"Ref": "TableName"},
    "BillingMode": "PAY_PER_REQUEST",
    "DeletionProtectionEnabled": True,
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
    "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
}


@pytest.fixture
def resources_file(tmp_path: Path) -> Path:
    table = {"Type": "AWS::DynamoDB::Table", "Properties": PROPERTIES}
    path = tmp_path / "resources.json"
    path.write_text(json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "T": table}}))
    return path


def test_table_is_asked_for_in_the_words_of_the_api(resources_file: Path) -> None:
    assert create_table_request(resources_file, "mine") == {
        "TableName": "mine",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": PROPERTIES["AttributeDefinitions"],
        "KeySchema": PROPERTIES["KeySchema"],
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    }


def test_expiry_is_asked_for_apart(resources_file: Path) -> None:
    assert time_to_live_request(resources_file, "mine") == {
        "TableName": "mine",
        "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
    }
