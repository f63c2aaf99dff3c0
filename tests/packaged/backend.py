"""The package as its visitors meet it: what tests/functional/conftest.py offers, on the package."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.model import Folder
from chalicelib.repository import Repository
from tests.functional.conftest import FORMS
from tests.gateway import Gateway

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.model import Submission
    from tests.packaged.function import Function
    from tests.packaged.store_proxy import StoreProxy
    from tests.packaged.template import Template


class PackagedBackend:
    """One test's view of a function that many tests share."""

    def __init__(
        self, function: Function, template: Template, proxy: StoreProxy, dynamodb: DynamoDBClient
    ) -> None:
        self.gateway = Gateway(
            function,
            template.routes,
            stage=template.stage,
            binary_types=template.binary_types,
            preflights=template.preflights,
        )
        self.proxy = proxy
        self._function = function
        self._first_line = len(function.lines)
        self._dynamodb = dynamodb
        self._table = template.environment["FORMPOST_TABLE"]

    @property
    def stored(self) -> list[Submission]:
        repository = Repository(
            lambda: self._dynamodb,
            table=self._table,
            random_bytes=secrets.token_bytes,
            pause=time.sleep,
        )
        found = [
            submission
            for form in FORMS.values()
            for folder in Folder
            for submission in repository.list(form, folder, now=datetime.now(UTC)).submissions
        ]
        return sorted(found, key=lambda submission: submission.id)

    @property
    def log(self) -> list[dict[str, Any]]:
        return self._function.log(self._first_line)

    def lose_store(self) -> None:
        """Let the store not answer from here on."""
        self.proxy.is_cut = True

    def restore(self) -> None:
        """Leave to the next test what this one found."""
        self.proxy.is_cut = False
        for item in self._dynamodb.scan(TableName=self._table, ConsistentRead=True)["Items"]:
            key = {name: item[name] for name in ("pk", "sk")}
            self._dynamodb.delete_item(TableName=self._table, Key=key)
