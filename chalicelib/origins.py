"""Origins: which pages may send a form, and where its visitors may be sent.

An origin is ``scheme://host[:port]`` in lower case, without a default port.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Browsers drop tabs and newlines in URLs and read "\" as "/", so that "/\t/evil" leaves the site.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
# A post asks three times for that of its page, and most of a form's posts come from one page.
_KEPT_ORIGINS = 50
# Every character that RFC 3986 lets stand in a URL; the rest is percent-encoded.
_URL_CHARACTERS = "%:/?#[]@!$&'()*+,;=-._~"


@lru_cache(maxsize=_KEPT_ORIGINS)
def origin_of(url: str) -> str | None:
    """Return the origin of an absolute http(s) URL without user name, else None."""
    if _UNSAFE.search(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), parts.hostname
    if scheme not in _DEFAULT_PORTS or not host or "@" in parts.netloc or not url.isascii():
        return None
    if not url.lower().startswith(f"{scheme}://"):
        return None
    host = f"[{host}]" if ":" in host else host
    is_default_port = port is None or port == _DEFAULT_PORTS[scheme]
    return f"{scheme}://{host}" if is_default_port else f"{scheme}://{host}:{port}"


def page_origin(origin: str | None, referer: str | None) -> str | None:
    """Return the origin of the page that sent a form, or None when its browser withheld it.

    ``Origin: null`` is what pages under ``no-referrer`` and in sandboxes send:
    nothing is known of them, so it counts as withheld.
    """
    if origin and origin != "null":
        return origin_of(origin) or origin
    return origin_of(referer) if referer else None


def safe_redirect(
    target: str, *, page: str | None, is_site_unknown: bool, allowed: Collection[str] | None
) -> str | None:
    """Return where to send the visitor, or None where that is not ours to decide.

    A path stays on the page's own site; an absolute URL must be on the page's
    own origin or an allowed one.

    Args:
        target: what the form asked for.
        page: origin of the page that sent the form, if known.
        is_site_unknown: a path has no site to be on.
        allowed: origins that the owner listed; None where the owner chose the target.
    """
    if _UNSAFE.search(target):
        return None
    if target.startswith("/"):
        if target.startswith("//") or is_site_unknown or (page and origin_of(page) is None):
            return None
        return (page or "") + quote(target, safe=_URL_CHARACTERS)
    origin = origin_of(target)
    if origin is None:
        return None
    return target if allowed is None or origin == page or origin in allowed else None
