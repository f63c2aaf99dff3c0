"""The one Jinja2 environment, for pages and mails; templates/ has what it reads."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import jinja2

_TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, told: Mapping[str, Any]) -> str:
    """Return a template of the folder, filled in; everything told is escaped, but in .txt.

    Jinja2 takes some 40 ms to import, once.
    """
    return _environment().get_template(template).render(told)


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        # The text part of a mail is read as it stands: &lt; would be those four characters.
        autoescape=jinja2.select_autoescape(default=True, disabled_extensions=["txt"]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
