"""What a client says twice, or says of itself: one reading for all, and nothing trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.functional.conftest import SITE
from tests.functional.flood import post_from
from tests.functional.owner import owner
from tests.gateway import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.conftest import Backend
    from tests.functional.owner import Owner

JSON = ("Content-Type", "application/json")
EVIL = "https://evil.example"


@pytest.fixture
def it() -> Iterator[Owner]:
    with owner() as signed_in:
        yield signed_in


def test_of_two_authorizations_the_last_counts_and_no_other(it: Owner) -> None:
    """API Gateway's ``headers`` have the last; ``multiValueHeaders`` have all, and say nothing."""
    right, wrong = ("Authorization", f"Bearer {it.text}"), ("authorization", "Bearer fpt_x")

    def statuses(*headers: tuple[str, str]) -> int:
        return it.gateway.request("GET", "/forms", headers=headers).status

    assert statuses(right) == 200
    assert statuses(("Authorization", "Bearer fpt_x"), right) == 200
    assert statuses(right, ("Authorization", "Bearer fpt_x")) == 401
    assert statuses(right, wrong) == 401


def test_what_stands_in_multi_value_headers_alone_counts_for_nothing(it: Owner) -> None:
    event = it.gateway.event("GET", "/forms", headers={"Accept": "application/json"})
    event["multiValueHeaders"] |= {"Authorization": [f"Bearer {it.text}"]}

    assert it.gateway.send(event).status == 401


@pytest.mark.parametrize(
    ("origins", "status"), [((SITE, EVIL), 403), ((EVIL, SITE), 201), ((EVIL, EVIL), 403)]
)
def test_of_two_origins_the_last_decides(
    backend: Backend, origins: tuple[str, str], status: int
) -> None:
    headers = [JSON, *(("Origin", origin) for origin in origins)]

    answer = backend.gateway.request("POST", "/f/mine", headers=headers, body=b'{"a": "1"}')

    assert answer.status == status


def test_chalice_and_we_read_the_same_content_type(backend: Backend) -> None:
    """One side says form, the other JSON: the body is decoded as what ``headers`` says."""
    event = backend.gateway.event("POST", "/f/any", headers=[JSON], body=b'{"a": "1"}')
    event["multiValueHeaders"]["Content-Type"] = ["application/x-www-form-urlencoded"]

    answer = backend.gateway.send(event)

    assert answer.status == 201
    assert dict(backend.stored[0].answers) == {"a": ("1",)}


@pytest.mark.parametrize(
    "header",
    [
        ("Content-Length", "3"),
        ("Transfer-Encoding", "chunked"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("X-Forwarded-Host", "evil.example"),
        ("Forwarded", "host=evil.example"),
        ("X-Original-URL", "/health"),
    ],
)
def test_a_header_that_steers_other_servers_steers_nothing_here(
    backend: Backend, header: tuple[str, str]
) -> None:
    answer = backend.gateway.request("POST", "/f/any", headers=[JSON, header], body=b'{"a": "b"}')

    assert answer.status == 201
    assert answer.json["next"].startswith(f"https://{DOMAIN}/prod/f/any/thanks?")
    assert dict(backend.stored[0].answers) == {"a": ("b",)}


def test_an_address_that_a_client_claims_has_no_quota_of_its_own(it: Owner) -> None:
    """Only API Gateway says where a request came from."""
    limit = it.forms["contact"].hourly_limit
    for number in range(limit):
        assert post_from(it, "203.0.113.66", number).status == 201
    event = it.gateway.event(
        "POST",
        "/f/contact",
        headers=[JSON, ("X-Forwarded-For", "198.51.100.7"), ("X-Real-IP", "198.51.100.7")],
        body=b'{"message": "one more"}',
    )
    event["requestContext"]["identity"]["sourceIp"] = "203.0.113.66"

    assert it.gateway.send(event).status == 429


def test_a_query_parameter_that_came_twice_is_the_last(it: Owner) -> None:
    assert it.ask("GET", "/forms/contact/submissions?limit=0&limit=1").status == 200
    assert it.ask("GET", "/forms/contact/submissions?limit=1&limit=0").status == 422
