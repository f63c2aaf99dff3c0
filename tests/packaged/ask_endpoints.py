"""Print where a boto3 would send a request, and what it would sign it for.

Started by test_endpoints.py in a process of its own, with the boto3 to ask on the path.
Reads regions and operations as JSON from stdin, and opens no connection.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from typing import Any, NoReturn

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

# .../20261123/eu-west-1/dynamodb/aws4_request
SCOPE = re.compile(r"Credential=[^/]+/\d+/([^,]+)/aws4_request")


class Asked(Exception):
    """A request is ready to be sent."""

    def __init__(self, request: Any) -> None:
        authorization = request.headers["Authorization"]
        if isinstance(authorization, bytes):
            authorization = authorization.decode()
        scope = SCOPE.search(authorization)
        super().__init__(f"{request.url} {scope and scope[1]}")


def ask(request: Any, **_rest: Any) -> NoReturn:
    raise Asked(request)


def answer(session: Any, operation: str, region: str, options: dict[str, Any]) -> str:
    service, name = operation.split(".")
    config = Config(retries={"total_max_attempts": 1}, parameter_validation=False, **options)
    try:
        client = session.client(service, region_name=region, config=config)
        client.meta.events.register("before-send", ask)
        getattr(client, name)()
    except (Asked, BotoCoreError, ValueError) as told:
        return f"{type(told).__name__} {told}"
    raise AssertionError("no request was made")


asked = json.load(sys.stdin)
session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")  # noqa: S106
answers = {
    f"{operation} {region} fips={fips} dualstack={dualstack}": answer(
        session,
        operation,
        region,
        {"use_fips_endpoint": fips, "use_dualstack_endpoint": dualstack},
    )
    for operation, region, fips, dualstack in itertools.product(
        asked["operations"], asked["regions"], (False, True), (False, True)
    )
}
json.dump({"boto3": boto3.__file__, "answers": answers}, sys.stdout)
