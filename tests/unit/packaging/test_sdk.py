"""botocore's addresses, reduced; tests/packaged/test_endpoints.py asks the result."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from ops.packaging import sdk

if TYPE_CHECKING:
    from pathlib import Path

AWS = {
    "partition": "aws",
    "defaults": {"hostname": "{service}.{region}.{dnsSuffix}"},
    "regions": {"eu-west-1": {"description": "Europe (Ireland)"}},
    "services": {"dynamodb": {"endpoints": {"eu-west-1": {}}}, "email": {}, "ec2": {}},
}
CHINA = {**AWS, "partition": "aws-cn", "services": {"ec2": {}}}


def test_every_partition_and_region_stays_with_our_services_only() -> None:
    reduced = sdk.trimmed({"version": 3, "partitions": [AWS, CHINA]}, {"dynamodb", "email"})

    services: dict[str, Any] = {"dynamodb": {"endpoints": {"eu-west-1": {}}}, "email": {}}
    assert reduced == {
        "version": 3,
        "partitions": [{**AWS, "services": services}, {**CHINA, "services": {}}],
    }


def test_a_service_is_kept_under_the_name_that_its_endpoints_have(tmp_path: Path) -> None:
    """``sesv2`` is ``email`` there; the service's own description says so."""
    data = tmp_path / "data"
    (data / "sesv2" / "2019-09-27").mkdir(parents=True)
    model = gzip.compress(json.dumps({"metadata": {"endpointPrefix": "email"}}).encode())
    (data / "sesv2" / "2019-09-27" / "service-2.json.gz").write_bytes(model)
    (data / "endpoints.json").write_text(json.dumps({"partitions": [AWS]}))

    sdk.trim_endpoints(tmp_path)

    [partition] = json.loads((data / "endpoints.json").read_text())["partitions"]
    assert partition["services"] == {"email": {}}
