"""What several of these commands let one choose or confirm: a form, a folder, a time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.model import Form

FOLDERS = ("inbox", "spam", "archive")


def form_of(form_id: str, forms: Mapping[str, Form]) -> Form:
    """Return a form by its name.

    Raises:
        click.UsageError: there is none.
    """
    if form_id not in forms:
        raise click.UsageError(
            f'There is no form "{form_id}"; forms.toml has: {", ".join(sorted(forms))}.'
        )
    return forms[form_id]


def confirm(question: str, answer: str, *, is_confirmed: bool) -> None:
    """Go on only if somebody types the answer, whatever its case.

    Raises:
        click.ClickException: something else was typed.
    """
    if is_confirmed:
        return
    typed = click.prompt(question, default="", show_default=False)
    if typed.strip().casefold() != answer.casefold():
        raise click.ClickException("That was something else. Nothing was done.")


class Moment(click.ParamType[datetime]):
    """A time with its offset, or a day, which is its beginning in UTC; as in the owner's API."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return an aware UTC datetime."""
        if isinstance(value, datetime):
            return value
        try:
            return _moment(str(value))
        except (ValueError, OverflowError):
            self.fail(f"{value} is no time such as 2026-11-23T12:00:00Z, and no day.", param, ctx)


def _moment(text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise
        return moment.astimezone(UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
