"""Serve static_site as the deployed site is served, on this machine, and the mails.

Files are read for each request, so an edit shows on the next reload of the
page. Only GET and HEAD, no directory listings, nothing outside the folder.
"""

from __future__ import annotations

import mimetypes
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from ops.local.http_server import LocalServer
from ops.local.mail_page import MailPages
from ops.site_files import with_api_address

if TYPE_CHECKING:
    from pathlib import Path

HOME = "/contact.html"
# As the distribution in .chalice/resources.json shows them.
_NOT_FOUND = "/404.html"
# Said here because mimetypes asks the operating system, which may know nothing or nonsense.
_TYPE_BY_SUFFIX = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


class SiteServer(LocalServer):
    """Serves one folder.

    Args:
        host: what to listen on.
        port: there.
        site_dir: the folder.
        api_address: what its pages may talk to.
        mail_dir: the mails to be shown; None shows none.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        site_dir: Path,
        api_address: str,
        mail_dir: Path | None = None,
    ) -> None:
        super().__init__((host, port), _RequestHandler)
        self.site_dir = site_dir.resolve()
        self.api_address = api_address
        self.mail_pages = MailPages(mail_dir) if mail_dir else None


def security_headers(api_address: str) -> dict[str, str]:
    """Return the headers that every page of the site has."""
    policy = {
        "default-src": "'self'",
        "connect-src": f"'self' {api_address}",
        "form-action": f"'self' {api_address}",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
    }


def file_at(site_dir: Path, path: str) -> Path | None:
    """Return the file that a URL's path names, or None where there is none to be shown."""
    name = unquote(path).lstrip("/")
    if "\0" in name:
        return None
    file = (site_dir / name).resolve()
    hidden = any(part.startswith(".") for part in file.parts[len(site_dir.parts) :])
    if hidden or not file.is_relative_to(site_dir) or not file.is_file():
        return None
    return file


def is_own_name(host: str) -> bool:
    """Whether a Host header names this machine, e.g. ``localhost:8080``.

    A stranger's page can have its own name lead here (DNS rebinding). Then it may read what
    it gets, so it must not get what visitors have sent.
    """
    try:
        return urlsplit(f"//{host}").hostname in {"localhost", "127.0.0.1", "::1"}
    except ValueError:
        return False


class _RequestHandler(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].partition("#")[0]
        if path == "/":
            self._send(HTTPStatus.FOUND, b"", {"Location": HOME})
            return
        if self.server.mail_pages and is_own_name(self.headers.get("Host", "")):
            answer = self.server.mail_pages.answer(path)
            if answer:
                self._send(*answer)
                return
        site_dir, status = self.server.site_dir, HTTPStatus.OK
        file = file_at(site_dir, path)
        if file is None:
            file, status = file_at(site_dir, _NOT_FOUND), HTTPStatus.NOT_FOUND
        if file is None:
            self._send(status, b"There is no such page, and no 404.html.\n", _type(".txt"))
            return
        content = file.read_bytes()
        if file.suffix == ".html":
            content = with_api_address(content.decode(), self.server.api_address).encode()
        self._send(status, content, _type(file.suffix))

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_args: Any) -> None:
        """Say nothing: what matters on this machine is what the API logs."""

    def _send(self, status: HTTPStatus, content: bytes, headers: dict[str, str]) -> None:
        headers = {
            **security_headers(self.server.api_address),
            "Cache-Control": "no-cache",
            "Content-Length": str(len(content)),
            **headers,
        }
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _type(suffix: str) -> dict[str, str]:
    guessed = mimetypes.types_map.get(suffix, "application/octet-stream")
    return {"Content-Type": _TYPE_BY_SUFFIX.get(suffix, guessed)}
