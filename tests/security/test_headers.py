"""The headers that tell browsers what pages may not do: the site's, the API's, local mode's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.config import PROJECT_DIR
from ops.local.site import security_headers
from tests.gateway import BROWSER_HEADERS

if TYPE_CHECKING:
    from tests.functional.conftest import Backend

A_YEAR_SECONDS = 31_536_000
TEMPLATES = ("resources.json", "merge-template.json")


def directives(policy: str) -> dict[str, list[str]]:
    """Return the sources of each directive of a Content Security Policy."""
    parts = [part.split() for part in policy.split(";")]
    return {name: sources for name, *sources in parts}


def site_headers(name: str) -> dict[str, Any]:
    """Return what CloudFront adds to each answer of the site, as one of the templates has it."""
    resources = json.loads((PROJECT_DIR / ".chalice" / name).read_text("utf-8"))["Resources"]
    policy = resources["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    distribution = resources["SiteDistribution"]["Properties"]["DistributionConfig"]
    behaviour = distribution["DefaultCacheBehavior"]
    assert behaviour["ResponseHeadersPolicyId"] == {"Ref": "SiteHeaders"}
    assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
    assert "CacheBehaviors" not in distribution, "another behaviour needs the headers, too"
    headers: dict[str, Any] = policy["SecurityHeadersConfig"]
    return headers


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_site_s_pages_run_their_own_scripts_only_and_stand_in_no_frame(name: str) -> None:
    policy = directives(site_headers(name)["ContentSecurityPolicy"]["ContentSecurityPolicy"])

    assert policy["default-src"] == ["'none'"]
    assert (policy["script-src"], policy["style-src"]) == (["'self'"], ["'self'"])
    assert (policy["base-uri"], policy["frame-ancestors"]) == (["'none'"], ["'none'"])
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_site_s_other_headers(name: str) -> None:
    headers = site_headers(name)

    assert all(header["Override"] is True for header in headers.values())
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= A_YEAR_SECONDS
    assert headers["ReferrerPolicy"]["ReferrerPolicy"] == "strict-origin-when-cross-origin"
    assert headers["FrameOptions"]["FrameOption"] == "DENY"
    # CloudFront knows one value of it: nosniff.
    assert "ContentTypeOptions" in headers


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_not_there_is_a_page_of_the_site_and_a_404(name: str) -> None:
    """The bucket says 403: who may not list it is not told what it lacks."""
    resources = json.loads((PROJECT_DIR / ".chalice" / name).read_text("utf-8"))["Resources"]
    distribution = resources["SiteDistribution"]["Properties"]["DistributionConfig"]
    errors = {error["ErrorCode"]: error for error in distribution["CustomErrorResponses"]}

    assert errors.keys() == {403, 404}
    for error in errors.values():
        assert error["ResponseCode"] == 404
        assert (PROJECT_DIR / f"static_site{error['ResponsePagePath']}").is_file()


def test_the_local_site_says_the_same_but_https() -> None:
    headers = security_headers("http://localhost:8000")

    policy = directives(headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'self'"]
    assert (policy["base-uri"], policy["frame-ancestors"]) == (["'none'"], ["'none'"])
    assert "unsafe" not in str(policy)
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/contact", "/f/contact/thanks", "/no/such/path", "/forms"])
def test_a_page_of_the_api_runs_no_script_and_stands_in_no_frame(
    backend: Backend, path: str
) -> None:
    answer = backend.gateway.request("GET", path, headers=BROWSER_HEADERS)

    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert "script-src" not in policy
    assert policy["style-src"][0].startswith("'sha256-")
    assert policy["frame-ancestors"] == ["'none'"]
    # An error page sends the form again, and its origin must go along; elsewhere nothing does.
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Strict-Transport-Security"] == f"max-age={A_YEAR_SECONDS}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "Server" not in answer.headers
