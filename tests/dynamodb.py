"""DynamoDB as moto plays it, with the table that .chalice/resources.json describes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
from moto import mock_aws

from chalicelib.config import PROJECT_DIR
from ops.local.table import create_table_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "formpost-test"


@contextmanager
def dynamodb_client() -> Iterator[DynamoDBClient]:
    """Yield a client of an empty table, in this process and for as long."""
    with mock_aws():
        client = boto3.client(
            "dynamodb",
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  moto asks for none
        )
        resources = PROJECT_DIR / ".chalice" / "resources.json"
        client.create_table(**create_table_request(resources, TABLE))
        yield client
