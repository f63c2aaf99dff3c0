"""A link hides where it leads to, behind a service that shortens links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.model import Signal

if TYPE_CHECKING:
    from chalicelib.model import Form, Submission
    from chalicelib.spam import Context

# People share short links, too; with the points of a missing proof of work it is not enough.
POINTS = 2.0
# Those that take any address from anybody, by their own home pages. Not those of one service
# for itself, such as youtu.be, maps.app.goo.gl, amzn.to and lnkd.in: where they lead is plain.
_NAMES = (
    "adf.ly bc.vc bit.do bit.ly bitly.com bl.ink buff.ly clck.ru cutt.ly cutt.us dub.sh gg.gg "
    "goo.su is.gd kutt.it n9.cl ouo.io ow.ly qps.ru rb.gy rebrand.ly rebrandly.com s.id "
    "short.gy shorte.st shorturl.at shrtco.de soo.gd surl.li t.ly tiny.cc tiny.one tinyurl.com "
    "u.to urlz.fr v.gd vk.cc x.gd 2u.pw 1url.com"
)
SHORTENERS = tuple(_NAMES.split())
# By which most texts are known to have none of them.
_END_LENGTH = 4
_ENDS = frozenset(host[-_END_LENGTH:] for host in SHORTENERS)


def check(_submission: Submission, _form: Form, context: Context) -> Signal | None:
    """Look for each of them before a slash: a short link always has a path."""
    text = context.reading.folded
    before_slashes = set(text.split("/")[:-1])
    if not any(before[-_END_LENGTH:] in _ENDS for before in before_slashes):
        return None
    for host in SHORTENERS:
        if _has_link(text, host):
            return Signal("shorteners", POINTS, f"a link by {host} hides where it leads to")
    return None


def _has_link(text: str, host: str) -> bool:
    at = text.find(f"{host}/")
    while at >= 0:
        before = text[max(0, at - 4) : at]
        # "orbit.ly" is another host, and so is "x.bit.ly"; "www.bit.ly" is not.
        if before == "www." or not (before[-1:].isalnum() or before.endswith((".", "-"))):
            return True
        at = text.find(f"{host}/", at + len(host))
    return False
