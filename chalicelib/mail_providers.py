"""Where many people have their mail: domains that are nobody's own, and slips in typing them."""

from __future__ import annotations

from functools import cache

# By brand, the endings of the domains where it gives mail addresses. Their names are long
# enough that one letter off is hardly another company's.
_BRANDS = {
    "bellsouth": "net",
    "bigpond": "com net.au",
    "bluewin": "ch",
    "btinternet": "com",
    "centrum": "cz sk",
    "comcast": "net",
    "freenet": "de",
    "gmail": "com",
    "googlemail": "com",
    "hotmail": "com ca ch com.ar com.au com.br com.mx co.jp co.nz co.uk co.za "
    "be cz de dk es fi fr gr it nl no se",
    "icloud": "com",
    "laposte": "net",
    "outlook": "com com.au com.br co.uk at be cz de dk es fr ie in it jp kr pt",
    "protonmail": "com ch",
    "rambler": "ru",
    "rediffmail": "com",
    "rocketmail": "com",
    "sbcglobal": "net",
    "seznam": "cz",
    "t-online": "de",
    "tutanota": "com de",
    "verizon": "net",
    "virginmedia": "com",
    "wanadoo": "fr",
    "yahoo": "com ca com.ar com.au com.br com.mx com.ph com.vn co.id co.in co.jp co.nz co.uk "
    "de es fr gr ie in it pl ro se",
    "yandex": "ru by com kz",
}
# Short, or near other companies' names: known, and nothing is taken for one of them.
_OTHERS = (
    "126.com 163.com alice.it aliyun.com aol.com aol.de arcor.de att.net bk.ru charter.net "
    "cox.net daum.net duck.com earthlink.net email.com email.cz email.de fastmail.com fmail.com "
    "foxmail.com free.fr gmx.at gmx.ch gmx.com gmx.de gmx.fr gmx.net hanmail.net hey.com "
    "hushmail.com inbox.lv inbox.ru interia.pl juno.com libero.it list.ru live.be live.ca "
    "live.cn live.co.uk live.com live.com.au live.de live.dk live.fr live.it live.nl live.no "
    "live.se mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com naver.com neuf.fr "
    "ntlworld.com o2.pl onet.pl optonline.net optusnet.com.au orange.fr passmail.net planet.nl "
    "pm.me posteo.de proton.me qq.com rogers.com sapo.pt sfr.fr shaw.ca sina.com sky.com "
    "skynet.be sohu.com sympatico.ca talktalk.net telenet.be telia.com terra.com.br tiscali.it "
    "tuta.com tuta.io ukr.net uol.com.br virgilio.it walla.co.il web.de wp.pl ya.ru ymail.com "
    "ziggo.nl zmail.com zoho.com"
)
FAMOUS = frozenset(f"{name}.{ending}" for name, all_ in _BRANDS.items() for ending in all_.split())
PROVIDERS = FAMOUS.union(_OTHERS.split())
_MAX_LENGTH = 1 + max(map(len, FAMOUS))
# One letter off, and companies of their own.
_NO_SLIPS = frozenset({"cloud.com"})


def meant_provider(domain: str) -> str | None:
    """Return ``gmail.com`` for ``gmial.com``; None where nothing looks misspelt."""
    if domain in PROVIDERS or domain in _NO_SLIPS or len(domain) > _MAX_LENGTH:
        return None
    # Whatever the slip: without some letter each, they are the same.
    by_part = _famous_by_part()
    near = {famous for part in _parts(domain) for famous in by_part.get(part, ())}
    # The first by name, so that it is the same in every process.
    return min((famous for famous in near if _is_one_slip(domain, famous)), default=None)


@cache
def _famous_by_part() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for famous in FAMOUS:
        for part in _parts(famous):
            found.setdefault(part, []).append(famous)
    return found


def _parts(domain: str) -> set[str]:
    """Return a domain, and what it is without each of its letters."""
    return {domain}.union(domain[:at] + domain[at + 1 :] for at in range(len(domain)))


def _is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is missing, too many, another one, or has changed places with the next."""
    longer = len(typed) - len(meant)
    at = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if at is None:
        return longer != 0
    if longer:
        return typed[at + 1 :] == meant[at:] if longer > 0 else typed[at:] == meant[at + 1 :]
    swapped = meant[at + 1 : at + 2] + meant[at]
    return typed[at + 1 :] == meant[at + 1 :] or typed[at:] == swapped + meant[at + 2 :]
