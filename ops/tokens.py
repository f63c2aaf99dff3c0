"""``python -m ops tokens``: who may read and change what was sent, over the API and its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ops import stage as stages
from ops.commands import Commands

if TYPE_CHECKING:
    from chalicelib.config import Settings
    from chalicelib.tokens import Token


@click.group(cls=Commands)
def tokens() -> None:
    """Make, list and revoke the tokens that open the inbox."""


@tokens.command("create")
@click.argument("name")
@click.option("--scope", type=click.Choice(["read", "write"]), default="write", show_default=True)
@click.option("--days", type=click.IntRange(1, 3_650), help="Until it ends; by default never.")
@stages.option
def create(name: str, scope: str, days: int | None, stage: str | None) -> None:
    """Make a token and show it, this once.

    NAME is for you, e.g. "Ada's laptop", to know later what to revoke.
    """
    import secrets
    from datetime import UTC, datetime

    from chalicelib.tokens import MAX_NAME_LENGTH, Scope, issue
    from chalicelib.wiring import token_store

    if not name.strip() or len(name) > MAX_NAME_LENGTH:
        raise click.UsageError(f"A name has 1 to {MAX_NAME_LENGTH} characters.")
    settings = stages.settings(stage)
    token, text = issue(
        name.strip(),
        Scope(scope),
        now=datetime.now(UTC),
        days=days,
        random_bytes=secrets.token_bytes,
    )
    token_store(settings, publish=False).keep(token)
    click.echo(shown_once(token, text, settings, stage))


@tokens.command("list")
@stages.option
def list_tokens(stage: str | None) -> None:
    """Show every token, but for the secret part that nobody has kept."""
    from datetime import UTC, datetime

    from chalicelib.wiring import token_store
    from ops import token_listing

    found = token_store(stages.settings(stage), publish=False).all()
    token_listing.print_table(found, datetime.now(UTC), stage)


@tokens.command("revoke")
@click.argument("token")
@stages.option
def revoke(token: str, stage: str | None) -> None:
    """Take a token away, at once.

    TOKEN is the id that the list shows, or the whole token.
    """
    from chalicelib.tokens import PREFIX
    from chalicelib.wiring import token_store

    token_id = token.strip().removeprefix(PREFIX).partition("_")[0]
    if not token_store(stages.settings(stage), publish=False).revoke(token_id):
        raise click.UsageError(
            f'There is no token "{token_id}"; {stages.command("tokens list", stage)} has all.'
        )
    click.echo(f"Revoked {token_id}. Whoever used it is signed out.")


def sign_in_link(text: str, settings: Settings) -> str | None:
    """Return where a token opens the inbox page; None if its address is not known.

    Behind the ``#``, which no server and no log gets.
    """
    return f"{settings.inbox_url}#token={text}" if settings.inbox_url else None


def shown_once(token: Token, text: str, settings: Settings, stage: str | None) -> str:
    """Return what is said of a new token, with its text."""
    link = sign_in_link(text, settings)
    may = "read and change" if token.scope == "write" else "read"
    return "\n".join(
        [
            f"Shown this once. Whoever has it can {may} what was sent.",
            "",
            f"  Token     {text}",
            *([f"  Sign in   {link}"] if link else []),
            "",
            f"Revoke it with: {stages.command(f'tokens revoke {token.id}', stage)}",
        ]
    )
