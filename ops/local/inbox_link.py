"""The link that opens the inbox on this machine, with a token of its own."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.tokens import Scope, issue
from chalicelib.wiring import token_store

if TYPE_CHECKING:
    from chalicelib.config import Settings

TOKEN_NAME = "make run"  # noqa: S105  a name, and no secret
# A page that is left open over the week still works, and the next start makes another link.
TOKEN_DAYS = 7


def fresh_link(page_address: str, settings: Settings) -> str:
    """Return the page's address with a new token, and forget those that have ended."""
    tokens, now = token_store(settings), datetime.now(UTC)
    for token in tokens.all():
        # DynamoDB deletes what has ended; the embedded one does not.
        if token.name == TOKEN_NAME and token.has_expired(now):
            tokens.revoke(token.id)
    token, text = issue(
        TOKEN_NAME, Scope.WRITE, now=now, days=TOKEN_DAYS, random_bytes=secrets.token_bytes
    )
    tokens.keep(token)
    return f"{page_address}#token={text}"
