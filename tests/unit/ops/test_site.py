"""Which file of the site a path names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.local.site import file_at, is_own_name, security_headers

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def site_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "static_site"
    (folder / "img").mkdir(parents=True)
    for name in ("contact.html", "img/a b.svg", ".hidden"):
        (folder / name).write_text(name)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.mark.parametrize("path", ["/contact.html", "/img/../contact.html", "//contact.html"])
def test_file_is_found(site_dir: Path, path: str) -> None:
    assert file_at(site_dir, path) == site_dir / "contact.html"


def test_name_is_percent_decoded(site_dir: Path) -> None:
    assert file_at(site_dir, "/img/a%20b.svg") == site_dir / "img" / "a b.svg"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/img/../../secret.txt",
        "/link.txt",
        "/.hidden",
        "/img",
        "/img/",
        "/nothing.html",
        "/contact.html%00.svg",
        "/",
    ],
)
def test_nothing_but_visible_files_of_the_folder(site_dir: Path, path: str) -> None:
    assert file_at(site_dir, path) is None


def test_pages_may_talk_to_themselves_and_the_api_only() -> None:
    policy = security_headers("http://localhost:8000")["Content-Security-Policy"]

    assert policy == (
        "default-src 'self'; connect-src 'self' http://localhost:8000; "
        "form-action 'self' http://localhost:8000; base-uri 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    )


@pytest.mark.parametrize("host", ["localhost:8080", "localhost", "127.0.0.1:1", "[::1]:8080"])
def test_this_machine_goes_by_these_names(host: str) -> None:
    assert is_own_name(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "localhost@evil.example",
        "[::1",
    ],
)
def test_name_of_a_stranger_that_leads_here_is_not_ours(host: str) -> None:
    """DNS rebinding: to the browser, that page and ours are of one origin."""
    assert not is_own_name(host)
