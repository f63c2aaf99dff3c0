"""What owner tokens look like in the table: keys and wire types.

    pk                   sk                what
    TOKENS               TOKEN#<id>        one token, without its secret
    SIGNIN#<ip hash>     WINDOW#<unix s>   failed sign-ins of one address in one window

token_store.py is the only one to import this.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.tokens import Scope, Token

if TYPE_CHECKING:
    from chalicelib.tokens import Window

Item = dict[str, Any]

PARTITION = "TOKENS"


def token_key(token_id: str) -> Item:
    """Return the key of one token."""
    return {"pk": {"S": PARTITION}, "sk": {"S": f"TOKEN#{token_id}"}}


def window_key(window: Window) -> Item:
    """Return the key of one address's failures in one window."""
    return {
        "pk": {"S": f"SIGNIN#{window.ip_hash}"},
        "sk": {"S": f"WINDOW#{window.started_at}"},
    }


def token_item(token: Token) -> Item:
    """Return a token as it is stored."""
    item = {
        **token_key(token.id),
        "name": {"S": token.name},
        "scope": {"S": str(token.scope)},
        "secret_hash": {"S": token.secret_hash},
        "created_at": {"N": str(int(token.created_at.timestamp()))},
    }
    if token.expires_at is not None:
        item["expires_at"] = {"N": str(token.expires_at)}
    return item


def token_from(item: Any) -> Token:
    """Return the token that an item holds."""
    return Token(
        id=item["sk"]["S"].removeprefix("TOKEN#"),
        name=item["name"]["S"],
        scope=Scope(item["scope"]["S"]),
        secret_hash=item["secret_hash"]["S"],
        created_at=datetime.fromtimestamp(int(item["created_at"]["N"]), tz=UTC),
        expires_at=int(item["expires_at"]["N"]) if "expires_at" in item else None,
    )
