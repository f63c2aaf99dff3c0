"""Ask a running API as browsers do."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ops.examining.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalicelib.model import Form

# API Gateway waits 29 s for a function; a first start takes a few.
TIMEOUT_SECONDS = 30.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_REDEPLOY = "Run python -m ops deploy again: it puts the CORS headers on every answer."
UNREACHABLE = "Check the address, and that the API runs."


class Reply(NamedTuple):
    """An answer; status 0 if there was none."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def allows_any_page(self) -> bool:
        """Whether a browser gives the answer to the page."""
        return self.headers.get("access-control-allow-origin") == "*"


def ask(
    method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Reply:
    """Return the answer to one request, whatever its status."""
    request = urllib.request.Request(  # noqa: S310  the owner names the address
        url, data=body, headers=dict(headers or {}), method=method
    )
    is_local = urlsplit(url).hostname in _LOOPBACK
    opener = urllib.request.build_opener(*[urllib.request.ProxyHandler({})] if is_local else [])
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return _reply(answer.status, answer)
    except urllib.error.HTTPError as answer:
        with answer:
            return _reply(answer.code, answer)
    except urllib.error.URLError as error:
        return Reply(0, {}, str(error.reason))
    except OSError as error:
        return Reply(0, {}, str(error))


def examine_api(url: str, origins: Sequence[str], form: Form) -> Iterator[Finding]:
    """Yield what each kind of request meets.

    Args:
        url: of the API, without a slash at its end.
        origins: pages that must be able to send.
        form: is posted to, in vain.
    """
    health = ask("GET", f"{url}/health")
    yield Finding(
        "API answers",
        health.status == 200,  # noqa: PLR2004
        f"GET /health: {health.status or health.text}",
        UNREACHABLE if not health.status else "The log says why; the store may not answer.",
    )
    if not health.status:
        return
    for origin in origins:
        yield _preflight(url, origin, form)
        yield _cors(f"Request from {origin}", 200, ask("GET", f"{url}/health", {"Origin": origin}))
    page = {"Origin": origins[0]} if origins else {}
    post = f"{url}/f/{form.id}"
    yield _cors("CORS on 404", 404, ask("GET", f"{url}/there-is-nothing-here", page))
    yield _cors("CORS on 405", 405, ask("DELETE", post, page))
    too_large = b"x=" + b"x" * form.max_body_bytes
    form_type = {"Content-Type": "application/x-www-form-urlencoded"}
    accept = {"Accept": "application/json"}
    yield _cors("CORS on 413", 413, ask("POST", post, {**page, **form_type, **accept}, too_large))
    unknown = {"Content-Type": "application/x-unknown"}
    yield _cors("CORS on 415", 415, ask("POST", post, {**page, **unknown, **accept}, b"x"))


def _preflight(url: str, origin: str, form: Form) -> Finding:
    reply = ask(
        "OPTIONS",
        f"{url}/f/{form.id}",
        {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,idempotency-key",
        },
    )
    methods = reply.headers.get("access-control-allow-methods", "")
    headers = reply.headers.get("access-control-allow-headers", "")
    healthy = (
        reply.status in {200, 204}
        and reply.allows_any_page
        and "POST" in methods
        and "*" in headers.replace(" ", "").split(",")
    )
    seen = f"{reply.status}, methods {methods or 'none'}, headers {headers or 'none'}"
    return Finding(f"Preflight from {origin}", healthy, seen, _REDEPLOY)


def _cors(check: str, status: int, reply: Reply) -> Finding:
    healthy = reply.status == status and reply.allows_any_page
    allowed = reply.headers.get("access-control-allow-origin", "none")
    return Finding(check, healthy, f"{reply.status}, allowed origin {allowed}", _REDEPLOY)


def _reply(status: int, answer: object) -> Reply:
    headers = {name.lower(): value for name, value in answer.headers.items()}  # type: ignore[attr-defined]
    return Reply(status, headers, answer.read().decode(errors="replace"))  # type: ignore[attr-defined]
