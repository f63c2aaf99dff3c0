"""The two stores that must not differ: the fake that other tests use, and DynamoDB."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from chalicelib.config import PROJECT_DIR
from chalicelib.repository import Repository
from ops.local.table import create_table_request
from tests.fakes import MemorySubmissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "formpost-test"


@pytest.fixture
def dynamodb() -> Iterator[DynamoDBClient]:
    """A DynamoDB with the table that .chalice/resources.json describes."""
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


@pytest.fixture
def repository(dynamodb: DynamoDBClient) -> Repository:
    return Repository(
        lambda: dynamodb,
        table=TABLE,
        random_bytes=secrets.token_bytes,
        pause=lambda _seconds: None,
    )


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest) -> MemorySubmissions | Repository:
    if request.param == "memory":
        return MemorySubmissions()
    repository = request.getfixturevalue("repository")
    assert isinstance(repository, Repository)
    return repository
