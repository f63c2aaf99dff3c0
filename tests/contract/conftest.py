"""The two stores that must not differ: the fake that other tests use, and DynamoDB."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from chalicelib.repository import Repository
from tests.dynamodb import TABLE, dynamodb_client
from tests.fakes import MemorySubmissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def dynamodb() -> Iterator[DynamoDBClient]:
    """A DynamoDB with the table that .chalice/resources.json describes."""
    with dynamodb_client() as client:
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
