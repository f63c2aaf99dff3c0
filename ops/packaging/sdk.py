"""Reduce boto3 to the services that Formpost talks to.

Only data files are touched: descriptions of other services and their addresses go,
and of our own the texts for people. No code of botocore is changed, and it finds the
same endpoint and the same signing scope as before; tests/packaged/test_endpoints.py
asks both in every region.
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

# The store, and what notices, mail and secrets need: 0.4 MB in the zip, where all of
# botocore's services are 13 MB.
SERVICES = ("dynamodb", "secretsmanager", "sesv2", "sqs", "ssm")
_DATA = "botocore/data/"
_TEXTS = frozenset({"documentation", "documentationUrl"})
# Where an operation of DynamoDB names tables of other accounts: botocore searches each
# request for them, to choose an account's own address. Ours name tables of their own account.
_OTHER_ACCOUNTS = "operationContextParams"


def is_needed(path: str) -> bool:
    """Tell whether a file of botocore belongs to a service of ours, or to all of them."""
    service, _, rest = path.removeprefix(_DATA).partition("/")
    return not (path.startswith(_DATA) and rest) or service in SERVICES


def trim_endpoints(botocore_dir: Path) -> None:
    """Drop the addresses of other services from botocore's endpoints.json."""
    path = botocore_dir / "data" / "endpoints.json"
    document = trimmed(json.loads(path.read_bytes()), _endpoint_prefixes(botocore_dir))
    path.write_text(json.dumps(document, separators=(",", ":")), "utf-8")


def trim_models(botocore_dir: Path) -> None:
    """Leave of the services' descriptions what requests are made of.

    Three quarters of DynamoDB's are documentation, which each cold start would unzip
    and parse. botocore takes plain JSON as well as gzip; the zip compresses it.
    """
    for path in sorted((botocore_dir / "data").glob("*/*/*.json.gz")):
        model = without_documentation(json.loads(gzip.decompress(path.read_bytes())))
        for operation in model.get("operations", {}).values():
            operation.pop(_OTHER_ACCOUNTS, None)
        path.with_suffix("").write_text(json.dumps(model, separators=(",", ":")), "utf-8")
        path.unlink()


def without_documentation(model: Any) -> Any:
    """Return a description of a service without its texts; a member may have their name."""
    if isinstance(model, list):
        return [without_documentation(each) for each in model]
    if not isinstance(model, dict):
        return model
    return {
        name: without_documentation(value)
        for name, value in model.items()
        if not (name in _TEXTS and isinstance(value, str))
    }


def trimmed(document: dict[str, Any], prefixes: Collection[str]) -> dict[str, Any]:
    """Return endpoints.json with every partition and region, and only these services."""
    return {
        **document,
        "partitions": [
            {
                **partition,
                "services": {
                    name: service
                    for name, service in partition["services"].items()
                    if name in prefixes
                },
            }
            for partition in document["partitions"]
        ],
    }


def _endpoint_prefixes(botocore_dir: Path) -> set[str]:
    """Return what endpoints.json calls our services, e.g. ``email`` for sesv2."""
    models = (botocore_dir / "data").glob("*/*/service-2.json.gz")
    return {
        json.loads(gzip.decompress(path.read_bytes()))["metadata"]["endpointPrefix"]
        for path in models
    }
