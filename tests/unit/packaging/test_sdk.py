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


def test_what_requests_are_made_of_stays_without_the_texts() -> None:
    """A member or a shape may be called documentation, and stays."""
    model: dict[str, Any] = {
        "metadata": {"documentation": "https://docs.example", "protocol": "json"},
        "documentation": "<p>A store.</p>",
        "operations": {"PutItem": {"documentation": "<p>Puts.</p>", "input": {"shape": "Put"}}},
        "shapes": {
            "Put": {
                "type": "structure",
                "required": ["documentation"],
                "members": {
                    "documentation": {"shape": "Text", "documentation": "<p>A text.</p>"},
                    "all": {"shape": "Text", "enum": ["a", "b"]},
                },
            }
        },
    }

    assert sdk.without_documentation(model) == {
        "metadata": {"protocol": "json"},
        "operations": {"PutItem": {"input": {"shape": "Put"}}},
        "shapes": {
            "Put": {
                "type": "structure",
                "required": ["documentation"],
                "members": {
                    "documentation": {"shape": "Text"},
                    "all": {"shape": "Text", "enum": ["a", "b"]},
                },
            }
        },
    }


def test_a_model_becomes_plain_json_in_the_same_place(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "sqs" / "2012-11-05"
    folder.mkdir(parents=True)
    model = {"documentation": "<p>Queues.</p>", "metadata": {"endpointPrefix": "sqs"}}
    (folder / "service-2.json.gz").write_bytes(gzip.compress(json.dumps(model).encode()))

    sdk.trim_models(tmp_path)

    assert [path.name for path in folder.iterdir()] == ["service-2.json"]
    text = (folder / "service-2.json").read_text("utf-8")
    assert text == '{"metadata":{"endpointPrefix":"sqs"}}'
