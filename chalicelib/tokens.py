"""Owner tokens: issue, sign in, and slow down who tries wrong ones.

A token is ``fpt_<public id>_<secret>``. The table has its public id, name, scope and
end, and of the secret its SHA-256 alone: 256 random bits need no slow hash. Every
request asks the table, so a token that is revoked is worth nothing at once.

One address may fail ten times in a quarter of an hour. After that its wrong tokens are
answered with 429, and cost no write. A right one still opens: many people can share an
address, and whoever guesses 256 bits is not stopped by counting.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from chalicelib.claims import keyed_hash
from chalicelib.errors import NotAllowed, NotSignedIn, TooManySignIns
from chalicelib.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

PREFIX = "fpt_"
PUBLIC_ID_BYTES = 10
SECRET_BYTES = 32
MAX_NAME_LENGTH = 100
# More than somebody needs who pastes the wrong thing, and nothing to guess with.
MAX_FAILURES = 10
WINDOW_SECONDS = 15 * 60
# Base 32 in lower case: a double click selects all of it, and no two letters look alike.
# Source: RFC 4648, section 6; 10 bytes are 16 characters of it, and 32 are 52.
_TOKEN = re.compile(r"fpt_([a-z2-7]{16})_([a-z2-7]{52})")
_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)


class Scope(StrEnum):
    """What a token may do; who may write may read."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token.

    Attributes:
        id: the public part of its text, by which it is found and revoked.
        name: the owner's own word for it.
        secret_hash: SHA-256 of the secret part, hexadecimal.
        expires_at: unix s; None has no end.
    """

    id: str
    name: str
    scope: Scope
    secret_hash: str
    created_at: datetime
    expires_at: int | None = None

    def has_expired(self, now: datetime) -> bool:
        """Whether its time is over, though TTL has not deleted it yet."""
        return self.expires_at is not None and self.expires_at <= now.timestamp()


class Window(NamedTuple):
    """One quarter of an hour of one address.

    Attributes:
        ip_hash: keyed hash of the address, hexadecimal.
        started_at: unix s.
    """

    ip_hash: str
    started_at: int

    @property
    def ends_at(self) -> int:
        """Unix s from when its failures are forgotten."""
        return self.started_at + WINDOW_SECONDS


class TokenStore(Protocol):
    """Where tokens and failures are kept."""

    def look_up(self, token_id: str | None, window: Window) -> tuple[Token | None, int]:
        """Return a token as it is now and the failures of a window, by one request."""

    def count_failure(self, window: Window) -> None:
        """Add one failure to a window."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What sign_in works with.

    Attributes:
        signing_key: returns the stage's secret for keyed hashes.
    """

    tokens: TokenStore
    signing_key: Callable[[], bytes]
    now: Callable[[], datetime]


def issue(
    name: str,
    scope: Scope,
    *,
    now: datetime,
    days: int | None,
    random_bytes: Callable[[int], bytes],
) -> tuple[Token, str]:
    """Return a new token, and its text, which is known to nobody from here on."""
    token_id, secret = (_base32(random_bytes(size)) for size in (PUBLIC_ID_BYTES, SECRET_BYTES))
    expires_at = None if days is None else int((now + timedelta(days=days)).timestamp())
    token = Token(token_id, name, scope, _hashed(secret), now, expires_at)
    return token, f"{PREFIX}{token_id}_{secret}"


def sign_in(authorization: str | None, ip: str, needed: Scope, gate: Gate) -> Token:
    """Return the token that a request may act under.

    Args:
        authorization: the header, None where missing.
        ip: address of the client, as API Gateway saw it; never stored.
        needed: what the request wants to do.
        gate: the collaborators.

    Raises:
        NotSignedIn: no token, or no right one; what is wrong with it is not told.
        TooManySignIns: not a right one either, and the address had too many.
        NotAllowed: the token is right, and for reading only.
        StoreUnavailable: it is not known whether the token is right.
    """
    if authorization is None:
        # Nobody tried anything, so nothing is counted or asked.
        raise NotSignedIn
    bearer = _BEARER.fullmatch(authorization)
    parts = _TOKEN.fullmatch(bearer[1]) if bearer else None
    now = gate.now()
    window = _window(ip, now, gate.signing_key())
    token, failures = gate.tokens.look_up(parts[1] if parts else None, window)
    if parts is None or token is None or not _is_right(token, parts[2], now):
        if failures >= MAX_FAILURES:
            raise TooManySignIns(retry_after_seconds=window.ends_at - int(now.timestamp()))
        gate.tokens.count_failure(window)
        raise NotSignedIn
    if needed == Scope.WRITE and token.scope != Scope.WRITE:
        raise NotAllowed
    return token


def expiry(token: Token) -> datetime | None:
    """Return when a token ends."""
    return None if token.expires_at is None else datetime.fromtimestamp(token.expires_at, tz=UTC)


def _is_right(token: Token, secret: str, now: datetime) -> bool:
    is_same = hmac.compare_digest(token.secret_hash, _hashed(secret))
    return is_same and not token.has_expired(now)


def _window(ip: str, now: datetime, signing_key: bytes) -> Window:
    started_at = int(now.timestamp()) // WINDOW_SECONDS * WINDOW_SECONDS
    return Window(keyed_hash(signing_key, "sign-in", ip), started_at)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _base32(random: bytes) -> str:
    return base64.b32encode(random).decode().rstrip("=").lower()
