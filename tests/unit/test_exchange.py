"""Reading an event of API Gateway: who asks, for what, and how to answer."""

from __future__ import annotations

import pytest

from chalicelib.errors import MalformedBody
from chalicelib.exchange import Exchange
from tests.gateway import BROWSER_HEADERS, DOMAIN, Gateway

ROUTES = ["/", "/contact", "/f/{form_id}", "/{proxy+}"]


def exchange(
    method: str = "GET", path: str = "/contact", *, stage: str = "prod", **headers: str
) -> Exchange:
    gateway = Gateway(lambda event, _: event, ROUTES, stage=stage)
    dashed = {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange(gateway.event(method, path, headers=dashed, body=b""), "request-1")


@pytest.mark.parametrize("path", ["/contact", "/f/contact", "/", "/a/b/c"])
def test_links_begin_behind_the_stage(path: str) -> None:
    assert exchange(path=path).base_url == f"https://{DOMAIN}/prod"


def test_links_begin_behind_a_custom_domain_s_base_path() -> None:
    """There ``path`` has the base path and no stage."""
    event = dict(exchange().event)
    event["path"] = "/forms/contact"
    event["requestContext"] |= {"path": "/forms/contact", "domainName": "api.example.com"}

    assert Exchange(event, "r").base_url == "https://api.example.com/forms"


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("/a$-_.+!*'()b/%7Ec/contact", "/a$-_.+!*'()b/%7Ec"),
        ("//evil.example\r\n", "//evil.example%0D%0A"),
        ("/Ǆ", "/%C7%84"),
        ("/a\udfffb", "/a%3Fb"),
    ],
)
def test_a_path_that_no_header_can_carry_is_escaped(path: str, prefix: str) -> None:
    """Links stand in headers, which are a line of ASCII, and in answers, which are UTF-8."""
    event = dict(exchange().event)
    event["requestContext"] |= {"path": path}

    assert Exchange(event, "r").base_url == f"https://{DOMAIN}{prefix}"


def test_the_host_that_a_client_names_is_not_trusted_behind_api_gateway() -> None:
    assert exchange(Host="evil.example").own_origin == f"https://{DOMAIN}"


def test_half_a_character_in_a_header_is_replaced() -> None:
    """The event is JSON, which can escape what neither a hash nor the store can take."""
    user_agent = exchange(**{"User-Agent": "é\ud800"}).headers["user-agent"]

    assert user_agent == "é?"


def test_local_links_are_on_the_host_that_was_typed() -> None:
    event = {"requestContext": {"path": "/contact", "resourcePath": "/contact"}}

    local = Exchange({**event, "headers": {"host": "localhost:8000"}}, "r")

    assert local.base_url == "http://localhost:8000"


@pytest.mark.parametrize("host", ["nan\ufeff", "a b", "x@evil.example", "", "[::1"])
def test_a_host_that_is_none_is_this_machine(host: str) -> None:
    """It would stand in a redirect, and a header is ASCII."""
    assert Exchange({"headers": {"host": host}}, "r").own_origin == "http://localhost"


@pytest.mark.parametrize(
    ("accept", "preference"),
    [
        (BROWSER_HEADERS["Accept"], "page"),
        ("text/html", "page"),
        ("application/json", "json"),
        ("application/problem+json", "json"),
        ("application/json, text/plain, */*", "json"),
        ("application/json;q=0.5, text/html;q=0.9", "page"),
        ("text/html;q=0.1,application/json", "json"),
        ("application/json, text/html", None),
        ("*/*", None),
        ("", None),
        ("text/html;q=x", None),
    ],
)
def test_accept_says_what_is_preferred(accept: str, preference: str | None) -> None:
    assert exchange(Accept=accept).preference == preference


@pytest.mark.parametrize(
    ("method", "headers", "wants_page"),
    [
        ("POST", {"Content_Type": "application/x-www-form-urlencoded"}, True),
        ("POST", {"Content_Type": "multipart/form-data; boundary=b"}, True),
        ("POST", {"Content_Type": "application/json"}, False),
        ("GET", {}, False),
        ("GET", {"Sec_Fetch_Mode": "navigate"}, True),
        ("POST", {"Content_Type": "multipart/form-data", "Sec_Fetch_Mode": "cors"}, False),
        ("POST", {"Content_Type": "application/json", "Accept": "text/html"}, True),
    ],
)
def test_a_client_that_does_not_say_is_known_by_what_it_does(
    method: str, headers: dict[str, str], *, wants_page: bool
) -> None:
    assert exchange(method, **{"Accept": "*/*", **headers}).wants_page is wants_page


@pytest.mark.parametrize("body", ["%%%", "YWJ", "YQ==x", "ä"])
def test_bad_base64_is_malformed(body: str) -> None:
    with pytest.raises(MalformedBody):
        Exchange({"body": body, "isBase64Encoded": True}, "r").body()


def test_a_body_is_read_as_api_gateway_sends_it() -> None:
    assert Exchange({"body": "w6k=", "isBase64Encoded": True}, "r").body() == "é".encode()
    assert Exchange({"body": "é", "isBase64Encoded": False}, "r").body() == "é".encode()
    assert Exchange({"body": None}, "r").body() == b""


def test_an_empty_event_is_read_as_nothing() -> None:
    nothing = Exchange({}, "r")

    assert (nothing.method, nothing.route, nothing.form_id) == ("", "", None)
    assert (nothing.headers, nothing.wants_page, nothing.query) == ({}, False, {})
