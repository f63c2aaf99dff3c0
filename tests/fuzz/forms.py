"""The forms that are sent to: those that ship, and forms.toml beside this."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.config import PROJECT_DIR
from chalicelib.forms import load_forms
from chalicelib.model import Target

if TYPE_CHECKING:
    from chalicelib.model import Form

_FILES = (PROJECT_DIR / "chalicelib" / "forms.toml", Path(__file__).parent / "forms.toml")
# So that somebody is to be told; nothing is sent, since nothing here relays.
_TARGETS = (Target("email", "email", {}), Target("hook", "webhook", {}))
FORMS: dict[str, Form] = {
    name: replace(form, targets=_TARGETS)
    for path in _FILES
    for name, form in load_forms(path).items()
}
