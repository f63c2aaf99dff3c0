"""The reduced boto3 asks the same addresses as the whole one, and signs for the same scope."""

from __future__ import annotations

import json
import subprocess
from itertools import product
from pathlib import Path
from typing import Any

import botocore
from botocore.exceptions import EndpointVariantError
from botocore.regions import EndpointResolver

from ops.packaging import sdk
from tests.packaged.function import PYTHON

# One request of each service, which needs no arguments.
OPERATIONS = {
    "dynamodb": "list_tables",
    "secretsmanager": "list_secrets",
    "sesv2": "get_account",
    "sqs": "list_queues",
    "ssm": "describe_parameters",
}
SCRIPT = Path(__file__).with_name("ask_endpoints.py")
# What endpoints.json calls them.
PREFIXES = ("dynamodb", "email", "secretsmanager", "sqs", "ssm")
BOTOCORE = Path(botocore.__file__).parent
DATA = BOTOCORE / "data"


def partitions(data_dir: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((data_dir / name).read_bytes())["partitions"]
    return found


def every_region() -> set[str]:
    """Return every region that botocore knows, and one that AWS may open some day."""
    known = partitions(DATA, "endpoints.json") + partitions(DATA, "partitions.json")
    return {region for partition in known for region in partition["regions"]} | {"eu-moon-1"}


def every_alias() -> set[str]:
    """Return the names that are used as a region's, e.g. ``fips-us-east-1``."""
    return {
        name
        for partition in partitions(DATA, "endpoints.json")
        for prefix in PREFIXES
        for name in partition["services"].get(prefix, {}).get("endpoints", {})
    }


def start(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PYTHON, SCRIPT],
        env={"PYTHONPATH": str(path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def test_endpoints_are_those_of_the_whole_boto3(task_root: Path) -> None:
    """For every region, with and without FIPS, with and without IPv6."""
    regions = sorted(every_region())
    asked = {
        "regions": regions,
        "operations": [f"{service}.{name}" for service, name in OPERATIONS.items()],
    }
    # At the same time, since each takes some seconds.
    processes = [start(path) for path in (task_root, BOTOCORE.parent)]
    for process in processes:
        assert process.stdin
        process.stdin.write(json.dumps(asked).encode())
        process.stdin.close()
    reduced, whole = (read(process) for process in processes)

    assert Path(reduced["boto3"]).is_relative_to(task_root)
    assert Path(whole["boto3"]).is_relative_to(BOTOCORE.parent)
    assert reduced["answers"] == whole["answers"]
    assert len(whole["answers"]) == len(regions) * len(sdk.SERVICES) * 4
    assert whole["answers"]["dynamodb.list_tables eu-west-1 fips=False dualstack=False"] == (
        "Asked https://dynamodb.eu-west-1.amazonaws.com/ eu-west-1/dynamodb"
    )


def test_every_name_that_is_taken_for_a_region_leads_to_the_same_host(task_root: Path) -> None:
    reduced, whole = (
        EndpointResolver(json.loads((data / "endpoints.json").read_bytes()))
        for data in (task_root / "botocore" / "data", DATA)
    )
    names = sorted(every_region() | every_alias())

    for prefix, name, fips, ipv6 in product(PREFIXES, names, (False, True), (False, True)):
        expected = host(whole, prefix, name, fips=fips, ipv6=ipv6)
        assert host(reduced, prefix, name, fips=fips, ipv6=ipv6) == expected
    assert len(names) > 70


def host(resolver: EndpointResolver, prefix: str, name: str, *, fips: bool, ipv6: bool) -> object:
    try:
        return resolver.construct_endpoint(
            prefix, name, use_fips_endpoint=fips, use_dualstack_endpoint=ipv6
        )
    except EndpointVariantError as refusal:
        return str(refusal)


def read(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout
    with process.stdout:
        told = process.stdout.read()
    assert process.wait() == 0
    answers: dict[str, Any] = json.loads(told)
    return answers
