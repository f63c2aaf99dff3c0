"""Seeded choices: the same seed, entrance and number make the same input, wherever it runs."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

# Texts that have broken somebody's program, each for a reason of its own.
WORDS = (
    *("", " ", "\t", "0", "-1", "1e999", "nan", "null", "true", "None", "undefined", "[]", "{}"),
    *("Ada", "ada@example.com", "a@b", "@", "a@b@c", "x" * 255, "x" * 256, "+44 20 7946 0958"),
    *("\x00", "a\x00b", "\r\n", "a\r\nBcc: d@e.example", "\r\n\r\n<p>", "\x1b[31m", "\x7f", "\x85"),
    # Half of a surrogate pair, a byte order mark, no character, beyond the first plane.
    *("\ud800", "a\udfffb", "\ufeff", "\ufffe", "\ufffd", "\U0001f600", "\U0010ffff", "e\u0301"),
    # Text that runs the other way, has no width, or grows when it changes case.
    *("\u202egnp.exe", "\u200b", "\u2028", "\u00df", "\ufb03", "\u0130", "\u01c4", "\uff1cb\uff1e"),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</textarea>", "{{7*7}}"),
    *("=1+1", "@SUM(A1)", "-2+3", "\t=1", "'", '"', "`", "\\", "%", "%00", "%ED%A0%80", "%zz", "+"),
    *(
        "../../etc/passwd",
        "file:///etc/passwd",
        "http://169.254.169.254/",
        "//evil.example",
        "/\\e",
    ),
    *("javascript:alert(1)", "https://site.example@evil.example/", "https://[::1", "http://a:b"),
    *(
        "__proto__",
        "constructor",
        "' OR 1=1 --",
        "${jndi:ldap://e}",
        "$(id)",
        "; ls",
        "{0.__class__}",
    ),
    *("KEYS", "SIGNING", "SUB#", "FORM#contact#0", "CLAIM", "folder_key", "expires_at", "pk"),
    *("99999999999999999999", "0x7f000001", "1" * 5_000, "\u0661", "1_000", "²"),
    *("2026-11-23", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59-23:59", "2026-W01-1"),
)


class Dice:
    """Choices of one input.

    Args:
        seed: of the campaign.
        entrance: by name, so that each has inputs of its own.
        number: of the input.
    """

    def __init__(self, seed: int, entrance: str, number: int) -> None:
        self.random = Random(f"{seed}/{entrance}/{number}")  # noqa: S311  to be repeated, not guessed
        self.number = number

    def chance(self, one_in: int) -> bool:
        """Whether something happens that does once in so many times."""
        return self.random.random() * one_in < 1

    def one_of(self, options: Sequence[T]) -> T:
        return self.random.choice(options)

    def count(self, most: int) -> int:
        """Return a number up to ``most``, small ones more often."""
        return int(most * self.random.random() ** 4)

    def text(self) -> str:
        """Return a text, usually a short and hostile one."""
        roll = self.random.random()
        if roll < 0.7:
            return self.one_of(WORDS)
        if roll < 0.85:
            return self.one_of(WORDS) + self.one_of(WORDS)
        if roll < 0.99:
            return "".join(chr(self._code_point()) for _ in range(self.count(40)))
        return self.one_of(WORDS) * (1 + self.count(400))

    def bytes(self) -> bytes:
        """Return bytes that need not be text."""
        return self.random.randbytes(self.count(60))

    def _code_point(self) -> int:
        below = self.one_of((0x20, 0x7F, 0x100, 0x3000, 0x11_0000))
        return self.random.randrange(below)
