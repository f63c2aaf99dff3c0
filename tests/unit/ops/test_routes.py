"""Routing as API Gateway's REST APIs do it."""

from __future__ import annotations

import pytest

from ops.local.routes import RouteMatcher

ROUTES = ["/{proxy+}", "/f/{form_id}", "/", "/contact", "/f/{form_id}/thanks", "/f/new", "/a/{x+}"]


@pytest.mark.parametrize(
    ("url", "route", "captured"),
    [
        ("/", "/", {}),
        ("/contact", "/contact", {}),
        ("/contact/", "/contact", {}),
        ("/f/jobs", "/f/{form_id}", {"form_id": "jobs"}),
        ("/f/new", "/f/new", {}),
        ("/f/jobs/thanks", "/f/{form_id}/thanks", {"form_id": "jobs"}),
        ("/f", "/{proxy+}", {"proxy": "f"}),
        ("/f/jobs/other", "/{proxy+}", {"proxy": "f/jobs/other"}),
        ("/one", "/{proxy+}", {"proxy": "one"}),
        ("/one/two/three", "/{proxy+}", {"proxy": "one/two/three"}),
        ("/a/b/c", "/a/{x+}", {"x": "b/c"}),
        ("//contact", "/{proxy+}", {"proxy": "/contact"}),
    ],
)
def test_most_specific_route_wins(url: str, route: str, captured: dict[str, str]) -> None:
    match = RouteMatcher(ROUTES).match_route(url)

    assert (match.route, match.captured) == (route, captured)


def test_captured_values_are_percent_decoded_and_keep_their_slashes() -> None:
    match = RouteMatcher(ROUTES).match_route("/f/caf%C3%A9%2Fbar+%ff")

    assert (match.route, match.captured) == ("/f/{form_id}", {"form_id": "café/bar+\ufffd"})


def test_query_keeps_repeated_and_blank_values() -> None:
    match = RouteMatcher(ROUTES).match_route("/contact?a=1&a=2&b=")

    assert match.query_params == {"a": ["1", "2"], "b": [""]}


def test_path_without_a_route_is_refused() -> None:
    with pytest.raises(ValueError, match="/nothing"):
        RouteMatcher(["/", "/contact"]).match_route("/nothing")
