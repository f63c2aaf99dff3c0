"""What of the libraries ships."""

from __future__ import annotations

import pytest

from ops.packaging import vendor


@pytest.mark.parametrize(
    "path",
    [
        "boto3/session.py",
        "boto3/resources/factory.py",
        "botocore/cacert.pem",
        "botocore/client.py",
        "botocore/data/_retry.json",
        "botocore/data/endpoints.json",
        "botocore/data/partitions.json",
        "botocore/data/dynamodb/2012-08-10/service-2.json.gz",
        "botocore/data/sesv2/2019-09-27/endpoint-rule-set-1.json.gz",
        "dateutil/tz/tz.py",
        "markupsafe/_native.py",
        "six.py",
    ],
)
def test_what_runs_ships(path: str) -> None:
    assert vendor.ships(path)


@pytest.mark.parametrize(
    "path",
    [
        "boto3-1.44.5.dist-info/METADATA",
        "boto3/data/ec2/2016-11-15/resources-1.json",
        "boto3/s3/transfer.py",
        "botocore/data/ec2/2016-11-15/service-2.json.gz",
        "botocore/data/dynamodbstreams/2012-08-10/service-2.json.gz",
        "botocore/data/dynamodb/2012-08-10/examples-1.json",
        "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz",
        "jinja2/py.typed",
        "markupsafe/_speedups.c",
        "markupsafe/_speedups.cpython-311-x86_64-linux-gnu.so",
        "markupsafe/_speedups.pyi",
        "urllib3/contrib/emscripten/fetch.py",
    ],
)
def test_what_does_not_run_stays_here(path: str) -> None:
    assert not vendor.ships(path)
