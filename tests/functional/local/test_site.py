"""The site as a browser gets it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from chalicelib.config import PROJECT_DIR
from ops.local.site import SiteServer
from tests.functional.local.running import request

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functional.local.running import Running


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/contact.html", "text/html; charset=utf-8"),
        ("/formpost.js", "text/javascript; charset=utf-8"),
    ],
)
def test_file_comes_with_its_type_and_is_asked_for_anew(
    local: Running, path: str, content_type: str
) -> None:
    answer = request(local.site_port, path)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert f"'self' http://localhost:{local.api_port};" in answer.headers["Content-Security-Policy"]


def test_root_leads_to_the_form(local: Running) -> None:
    answer = request(local.site_port, "/")

    assert (answer.status, answer.headers["Location"]) == (302, "/contact.html")


def test_head_has_the_length_and_no_body(local: Running) -> None:
    body = request(local.site_port, "/contact.html").body

    answer = request(local.site_port, "/contact.html", method="HEAD")

    assert (answer.headers["Content-Length"], answer.body) == (str(len(body)), b"")


@pytest.mark.parametrize("path", ["/nothing", "/img/", "/../app.py", "/%2e%2e/app.py"])
def test_what_is_not_there_is_a_page_that_leads_back(local: Running, path: str) -> None:
    answer = request(local.site_port, path)

    assert answer.status == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.body == (PROJECT_DIR / "static_site" / "404.html").read_bytes()
    assert b'href="/contact.html"' in answer.body


def test_path_is_never_markup(local: Running) -> None:
    assert b"<b>" not in request(local.site_port, "/%3Cb%3E").body


def test_a_site_without_a_page_for_it_says_so_in_a_sentence(tmp_path: Path) -> None:
    with SiteServer("127.0.0.1", 0, site_dir=tmp_path, api_address="http://localhost:1") as server:
        threading.Thread(target=server.serve_forever).start()
        answer = request(server.server_address[1], "/nothing")
        server.shutdown()

    assert (answer.status, answer.body) == (404, b"There is no such page, and no 404.html.\n")


def test_site_takes_no_posts(local: Running) -> None:
    assert request(local.site_port, "/contact.html", method="POST", body=b"a=1").status == 501
