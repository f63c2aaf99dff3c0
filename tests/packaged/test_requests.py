"""What a request costs: one line in the log, one request to the store, no new connection."""

from __future__ import annotations

import ssl
from contextlib import closing
from types import SimpleNamespace
from typing import TYPE_CHECKING

from bench.submitting.rounds import an_event
from bench.submitting.store import Store
from tests.builders import ADA
from tests.functional.receivers import Authority
from tests.packaged.backend import PackagedBackend
from tests.packaged.function import Function

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.packaged.store_proxy import StoreProxy
    from tests.packaged.template import Template


def test_a_cold_start_writes_nothing_but_the_line_of_the_request(
    start_function: Callable[[], Function],
    template: Template,
    store_proxy: StoreProxy,
    dynamodb: DynamoDBClient,
) -> None:
    function = start_function()
    backend = PackagedBackend(function, template, store_proxy, dynamodb)

    answer = backend.gateway.post_json("/contact", ADA)

    backend.restore()
    assert answer.status == 201
    assert len(function.lines) == 1
    assert backend.log[0]["request_id"] == answer.headers["X-Request-Id"]
    assert function.errors == ""


def test_each_submission_is_one_request_on_a_kept_connection(backend: PackagedBackend) -> None:
    backend.gateway.post_json("/contact", {**ADA, "message": "first"})
    asked, connections = len(backend.proxy.operations), backend.proxy.connection_count

    for number in range(3):
        backend.gateway.post_json("/contact", {**ADA, "message": f"message {number}"})

    assert backend.proxy.operations[asked:] == ["TransactWriteItems"] * 3
    assert backend.proxy.connection_count == connections
    assert [line["status"] for line in backend.log] == [201] * 4
    assert len(backend.stored) == 4


def test_submissions_share_one_tls_connection(
    task_root: Path, runtime_client_dir: Path, template: Template, tmp_path: Path
) -> None:
    """Made while the container starts: its first visitor waits for one request, as all do."""
    authority = Authority(tmp_path, "Tests")
    [der] = authority.trusted().get_ca_certs(binary_form=True)
    roots = tmp_path / "roots.pem"
    roots.write_text(ssl.DER_cert_to_PEM_cert(der))
    with closing(Store(authority.issued("127.0.0.1"))) as store:
        function = Function(
            task_root=task_root,
            runtime_client_dir=runtime_client_dir,
            handler=template.function["Handler"],
            environment={
                **template.environment,
                "AWS_ENDPOINT_URL_DYNAMODB": store.url,
                "AWS_CA_BUNDLE": str(roots),
            },
            log_dir=tmp_path,
        )
        answers = [function(an_event(n), SimpleNamespace(aws_request_id=str(n))) for n in range(4)]
        function.end()

    assert [answer["statusCode"] for answer in answers] == [201] * 4
    assert store.url.startswith("https://")
    # The secret as it starts; what its form has learned, once a minute; one for each submission.
    assert store.operations == ["GetItem", "GetItem", *["TransactWriteItems"] * 4]
    assert len(store.connections) == 1


def test_a_container_starts_where_the_store_does_not_answer(
    start_function: Callable[[], Function],
    template: Template,
    store_proxy: StoreProxy,
    dynamodb: DynamoDBClient,
) -> None:
    """What it asks for early is asked for again by the first submission."""
    store_proxy.is_cut = True
    backend = PackagedBackend(start_function(), template, store_proxy, dynamodb)
    refused = backend.gateway.post_json("/contact", ADA)
    store_proxy.is_cut = False

    accepted = backend.gateway.post_json("/contact", ADA)

    backend.restore()
    assert (refused.status, accepted.status) == (503, 201)


def test_what_is_refused_asks_the_store_nothing(backend: PackagedBackend) -> None:
    asked = len(backend.proxy.operations)

    answer = backend.gateway.post_json("/contact", {})

    assert answer.status == 422
    assert backend.proxy.operations[asked:] == []


def test_every_byte_of_an_upload_arrives(backend: PackagedBackend) -> None:
    """API Gateway would replace what is not UTF-8 if uploads were not binary."""
    latin = bytes(byte for byte in range(0xA1, 0x100) if byte != 0xAD)
    head = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n'

    answer = backend.gateway.request(
        "POST",
        "/f/any",
        headers={"Content-Type": "multipart/form-data; boundary=b", "Accept": "application/json"},
        body=head + latin + b"\r\n--b--\r\n",
    )

    assert answer.status == 201
    # Source: Unicode's first 256 code points are those of ISO 8859-1.
    assert dict(backend.stored[0].answers) == {"a": (latin.decode("latin-1"),)}


def test_an_upload_that_lambda_cannot_take_is_refused_before_it(backend: PackagedBackend) -> None:
    """5 MB are 6.7 MB as base64, and Lambda takes 6."""
    answer = backend.gateway.request(
        "POST",
        "/f/any",
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        body=b"\xff" * 5_000_000,
    )

    assert (answer.status, answer.json) == (413, {"message": "Request Too Long"})
    assert backend.log == []
