"""Read one API Gateway event as plain values; no Chalice in here.

Nothing is trusted but what API Gateway itself sets: the client's address, the
domain name and the path. Headers are what the client says.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from chalicelib.errors import MalformedBody, UnsupportedBody
from chalicelib.intake import Post
from chalicelib.origins import origin_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.tokens import Token

# What a custom domain's base path may have in it, and escapes; the rest is escaped.
# Source: BasePathMapping of the AWS CDK
_PATH_CHARACTERS = "/$-_.+!*'()%"
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_JSON_TYPES = ("application/json", "application/problem+json")
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")


@dataclass
class Exchange:
    """One request, and what becomes of it.

    Attributes:
        event: as API Gateway's REST proxy integration sends it.
        request_id: what the visitor sees and the log has.
        outcome: a word for the log.
        failure: the exception that made it a fault of ours, for the log.
        answered_status: HTTP status of the answer that we chose; any other one is Chalice's own.
        token: the owner's token that the request acts under, on routes that need one.
    """

    event: Mapping[str, Any]
    request_id: str
    outcome: str = "ok"
    failure: BaseException | None = field(default=None, repr=False)
    answered_status: int | None = None
    token: Token | None = field(default=None, repr=False)

    @cached_property
    def context(self) -> Mapping[str, Any]:
        """What API Gateway says of the request."""
        return self.event.get("requestContext") or {}

    @property
    def method(self) -> str:
        """The HTTP method, e.g. ``POST``."""
        return str(self.context.get("httpMethod", ""))

    @property
    def route(self) -> str:
        """The path as declared, e.g. ``/f/{form_id}``."""
        return str(self.context.get("resourcePath", ""))

    @property
    def form_id(self) -> str | None:
        """The form that the path names, known or not."""
        parameters = self.event.get("pathParameters") or {}
        return "contact" if self.route == "/contact" else parameters.get("form_id")

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers by lower-case name, as text that UTF-8 can carry."""
        headers = self.event.get("headers") or {}
        return {
            name.lower(): value if value.isascii() else value.encode("utf-8", "replace").decode()
            for name, value in headers.items()
        }

    @cached_property
    def query(self) -> dict[str, str]:
        """The query parameters, the last value of each."""
        parameters = self.event.get("multiValueQueryStringParameters") or {}
        return {name: values[-1] for name, values in parameters.items() if values}

    @property
    def media_type(self) -> str:
        """The body's content type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def body(self) -> bytes:
        """Return the body as the client sent it.

        Raises:
            UnsupportedBody: it is compressed, which no browser does to a form.
            MalformedBody: it is marked as base64 and is not.
        """
        if self.headers.get("content-encoding", "identity").lower() != "identity":
            raise UnsupportedBody("The body is compressed; please send it as it is.")
        body = self.event.get("body") or b""
        if isinstance(body, bytes):
            return body
        if not self.event.get("isBase64Encoded"):
            return str(body).encode("utf-8", "replace")
        try:
            return base64.b64decode(body, validate=True)
        except ValueError as error:
            raise MalformedBody("The body arrived damaged. Please send it again.") from error

    def post(self, form_id: str) -> Post:
        """Return what intake needs to know of a form post."""
        get = self.headers.get
        return Post(
            form=form_id,
            body=self.body(),
            content_type=get("content-type"),
            own_origin=self.own_origin,
            ip=self.ip,
            origin=get("origin"),
            referer=get("referer"),
            user_agent=get("user-agent"),
            idempotency_key=get("idempotency-key"),
        )

    @property
    def ip(self) -> str:
        """The client's address, as API Gateway saw it; never stored or logged."""
        return str((self.context.get("identity") or {}).get("sourceIp", ""))

    @property
    def own_origin(self) -> str:
        """The origin of this API, e.g. ``https://abc.execute-api.eu-west-1.amazonaws.com``."""
        domain = self.context.get("domainName")
        if domain:
            return f"https://{domain}"
        # The local server has no domain name; there Host is what the developer typed.
        return origin_of(f"http://{self.headers.get('host', 'localhost')}") or "http://localhost"

    @property
    def base_url(self) -> str:
        """Where this API's paths begin, API Gateway's stage or base path included."""
        path = str(self.context.get("path", ""))
        route = self.route
        for name, value in (self.event.get("pathParameters") or {}).items():
            for placeholder in (f"{{{name}}}", f"{{{name}+}}"):
                route = route.replace(placeholder, quote(str(value), errors="replace"))
        prefix = path.rstrip("/").removesuffix(route.rstrip("/")) if path.startswith("/") else ""
        return self.own_origin + quote(prefix, safe=_PATH_CHARACTERS, errors="replace")

    @cached_property
    def preference(self) -> Literal["page", "json"] | None:
        """What the client's Accept header prefers, or None where it does not care."""
        quality_by_type = _qualities(self.headers.get("accept", ""))
        page = max(quality_by_type.get(media_type, 0.0) for media_type in _PAGE_TYPES)
        json = max(quality_by_type.get(media_type, 0.0) for media_type in _JSON_TYPES)
        if page == json:
            return None
        return "page" if page > json else "json"

    @property
    def wants_page(self) -> bool:
        """Whether a person is to read the answer in a browser's window.

        A client that does not say is a browser's window if the browser says so,
        or if it sent what only forms send.
        """
        if self.preference:
            return self.preference == "page"
        fetch_mode = self.headers.get("sec-fetch-mode")
        if fetch_mode:
            return fetch_mode == "navigate"
        return self.method == "POST" and self.media_type in _FORM_TYPES


def _qualities(accept: str) -> dict[str, float]:
    """Return the quality of each media type that an Accept header names."""
    quality_by_type = {}
    for media_range in accept.lower().split(","):
        media_type, *parameters = (part.strip() for part in media_range.split(";"))
        weights = [p.removeprefix("q=") for p in parameters if p.startswith("q=")]
        try:
            quality_by_type[media_type] = float(weights[0]) if weights else 1.0
        except ValueError:
            continue  # A malformed weight says nothing.
    return quality_by_type
