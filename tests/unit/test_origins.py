"""Which pages may send, and where their visitors may be sent: never to a stranger's site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.origins import origin_of, page_origin, safe_redirect

PAGE = "https://page.example"
LISTED = "https://listed.example"


def redirect(target: str, *, page: str | None = PAGE, is_site_unknown: bool = False) -> str | None:
    return safe_redirect(target, page=page, is_site_unknown=is_site_unknown, allowed={LISTED})


# RFC 6454: scheme, host in lower case, and the port unless it is the scheme's own.
@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Example.COM/a?b#c", "https://example.com"),
        ("https://example.com:443/", "https://example.com"),
        ("http://example.com:443", "http://example.com:443"),
        ("http://localhost:8080/x", "http://localhost:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        "",
        "null",
        "example.com",
        "//example.com",
        "ftp://a",
        "file:///x",
        "https:a",
        "https:/a",
        "https://",
        "https://a:b",
        "https://a:99999",
        "https://u@a",
        "https://ä.example",
        "https://[",
        "https://a b",
        "https://a\\b",
        "https://a\n",
    ],
)
def test_what_is_no_web_origin_has_none(url: str) -> None:
    assert origin_of(url) is None


def test_the_page_is_told_by_origin_before_referer() -> None:
    assert page_origin(PAGE, "https://other.example/x") == PAGE
    assert page_origin(None, "https://other.example/x?y") == "https://other.example"


@pytest.mark.parametrize("origin", [None, "", "null"])
def test_a_browser_that_withholds_its_page_tells_none(origin: str | None) -> None:
    assert page_origin(origin, None) is None


def test_an_origin_that_is_none_is_not_taken_for_withheld() -> None:
    assert page_origin("file://", "https://other.example/") == "file://"


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("/thanks.html", f"{PAGE}/thanks.html"),
        ("/danke schön"[:6], f"{PAGE}/danke"),
        ("/schön?a=b&c=%20#d", f"{PAGE}/sch%C3%B6n?a=b&c=%20#d"),
        (f"{PAGE}/x", f"{PAGE}/x"),
        (f"{LISTED}/x?y", f"{LISTED}/x?y"),
    ],
)
def test_a_path_and_an_allowed_origin_are_followed(target: str, url: str) -> None:
    assert redirect(target) == url


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        r"/\evil.example",
        r"\\evil.example",
        "https:evil.example",
        "https:/evil.example",
        "https:///evil.example",
        "//evil.example/%2f..",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "https://evil.example",
        f"{LISTED}.evil.example",
        f"{LISTED}@evil.example",
        f"{LISTED}:8443",
        "http://listed.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "thanks.html",
        "",
        "/x\r\nSet-Cookie: a=b",
        "/x\x00",
    ],
)
def test_nothing_else_is_followed(target: str) -> None:
    assert redirect(target) is None


def test_a_path_stays_a_path_where_no_browser_sent_the_form() -> None:
    assert redirect("/thanks", page=None) == "/thanks"


def test_a_path_is_not_followed_where_its_site_is_unknown() -> None:
    assert redirect("/thanks", is_site_unknown=True) is None
    assert redirect(f"{LISTED}/thanks", is_site_unknown=True) == f"{LISTED}/thanks"


@pytest.mark.parametrize("page", ["évil", "evil.example", "https://a b", "javascript:x", "//x"])
def test_a_path_is_not_followed_from_a_page_whose_origin_is_none(page: str) -> None:
    """A program can send anything as ``Origin``, and it would begin the visitor's next address."""
    assert redirect("/thanks", page=page) is None


def test_what_the_owner_chose_is_followed() -> None:
    chosen = "https://elsewhere.example/thanks"

    assert safe_redirect(chosen, page=PAGE, is_site_unknown=False, allowed=None) == chosen


@given(st.text(st.sampled_from("/\\:@.?#\t\nhtpsevil-exmaple[]% "), max_size=25))
def test_no_spelling_leaves_the_page_s_site(target: str) -> None:
    url = redirect(target)

    assert url is None or url.startswith((f"{PAGE}/", f"{LISTED}/")) or url in (PAGE, LISTED)
