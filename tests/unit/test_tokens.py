"""Who is let in, and who is slowed down."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import TYPE_CHECKING

import pytest

from chalicelib.errors import FormpostError, NotAllowed, NotSignedIn, TooManySignIns
from chalicelib.tokens import MAX_FAILURES, Scope, Window, expiry, issue, sign_in
from tests.builders import NOON
from tests.fakes import Clock
from tests.inbox_fakes import MemoryTokens, a_gate, a_token

if TYPE_CHECKING:
    from chalicelib.tokens import Gate

IP = "192.0.2.1"


def test_a_token_is_256_random_bits_of_which_a_hash_is_kept() -> None:
    sizes: list[int] = []

    def random_bytes(size: int) -> bytes:
        sizes.append(size)
        return secrets.token_bytes(size)

    token, text = issue("laptop", Scope.READ, now=NOON, days=30, random_bytes=random_bytes)

    assert sizes == [10, 32]
    assert re.fullmatch(r"fpt_[a-z2-7]{16}_[a-z2-7]{52}", text)
    _, token_id, secret = text.split("_")
    assert token.id == token_id
    assert token.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in repr(token)
    # 30 days after 2026-11-23T12:00:00Z.
    assert token.expires_at == 1_798_027_200
    assert str(expiry(token)) == "2026-12-23 12:00:00+00:00"


def test_no_two_tokens_are_the_same() -> None:
    texts = {
        issue("x", Scope.READ, now=NOON, days=None, random_bytes=secrets.token_bytes)[1]
        for _ in range(50)
    }

    assert len(texts) == 50


def known(scope: Scope = Scope.WRITE) -> tuple[Gate, str]:
    """Return a gate that knows one token, and its text."""
    tokens = MemoryTokens()
    token, text = a_token(scope)
    tokens.keep(token)
    return a_gate(tokens=tokens), text


def tried(authorization: str | None, gate: Gate, *, ip: str = IP) -> type[FormpostError] | None:
    try:
        sign_in(authorization, ip, Scope.READ, gate)
    except FormpostError as error:
        return type(error)
    return None


def test_a_right_token_opens_what_its_scope_allows() -> None:
    reader, reading = known(Scope.READ)
    writer, writing = known(Scope.WRITE)

    assert sign_in(f"Bearer {reading}", IP, Scope.READ, reader).scope == Scope.READ
    assert sign_in(f"bearer  {writing} ", IP, Scope.READ, writer).name == "laptop"
    assert sign_in(f"Bearer {writing}", IP, Scope.WRITE, writer).scope == Scope.WRITE
    with pytest.raises(NotAllowed):
        sign_in(f"Bearer {reading}", IP, Scope.WRITE, reader)


def test_a_wrong_token_for_writing_is_not_told_that_it_would_be_for_reading() -> None:
    gate, text = known(Scope.READ)

    with pytest.raises(NotSignedIn):
        sign_in(f"Bearer {text[:-1]}b", IP, Scope.WRITE, gate)


def test_nothing_is_asked_or_counted_without_a_token() -> None:
    tokens = MemoryTokens()

    assert tried(None, a_gate(tokens=tokens)) == NotSignedIn
    assert (tokens.look_ups, tokens.failures) == (0, {})


def test_the_tenth_failure_is_the_last_that_is_answered_as_one() -> None:
    gate, text = known()

    wrong = [tried("Bearer nonsense", gate) for _ in range(12)]

    assert wrong == [NotSignedIn] * 10 + [TooManySignIns] * 2
    assert tried(f"Bearer {text}", gate) is None
    assert tried("Bearer nonsense", gate, ip="192.0.2.2") == NotSignedIn


def test_who_is_slowed_down_is_told_for_how_long() -> None:
    clock = Clock()
    gate = a_gate(now=clock)
    for _ in range(MAX_FAILURES):
        tried("Bearer nonsense", gate)
    clock.advance(minutes=10, seconds=1)

    with pytest.raises(TooManySignIns) as told:
        sign_in("Bearer nonsense", IP, Scope.READ, gate)

    assert told.value.headers == {"Retry-After": "299"}
    clock.advance(seconds=299)
    assert tried("Bearer nonsense", gate) == NotSignedIn


def test_an_address_is_counted_under_a_keyed_hash() -> None:
    one, other = MemoryTokens(), MemoryTokens()
    tried("Bearer nonsense", a_gate(tokens=one))
    tried("Bearer nonsense", a_gate(tokens=other, signing_key=lambda: b"\x02" * 32))

    [(window, other_window)] = zip(one.failures, other.failures, strict=True)
    assert isinstance(window, Window)
    assert IP not in repr(window)
    assert window.ip_hash != other_window.ip_hash
    assert window.started_at == other_window.started_at == int(NOON.timestamp())


def test_a_token_ends_to_the_second() -> None:
    clock = Clock()
    tokens = MemoryTokens()
    token, text = a_token(days=1)
    tokens.keep(token)
    gate = a_gate(tokens=tokens, now=clock)
    clock.advance(hours=23, minutes=59, seconds=59)
    assert tried(f"Bearer {text}", gate) is None

    clock.advance(seconds=1)

    assert tried(f"Bearer {text}", gate) == NotSignedIn
