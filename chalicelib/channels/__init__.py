"""The ways to tell an owner: one channel a file, found by name.

Each module here has ``SETTINGS``, what its table in forms.toml may say, and
``send(notice, outbound)``, which is one attempt: it returns what happened in
words, or raises DeliveryFailed (try again) or DeliveryRefused (do not). Adding
a channel is adding a file; trying again is the queue's work.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from email.message import EmailMessage

    from chalicelib.model import Form, Submission


class Setting(NamedTuple):
    """One key of a target's table.

    Attributes:
        is_allowed: whether a value may stand there.
        allowed: what may stand there, in words.
    """

    is_allowed: Callable[[Any], bool]
    allowed: str
    required: bool = True


class Notice(NamedTuple):
    """What one target is told."""

    submission: Submission
    form: Form
    settings: Mapping[str, Any]


class Outbound(Protocol):
    """The way out of the system."""

    def send_mail(self, message: EmailMessage, *, recipients: list[str]) -> str:
        """Send one mail and return the id that the mail service gave it."""


class Channel(Protocol):
    """One module of this folder."""

    SETTINGS: Mapping[str, Setting]

    def send(self, notice: Notice, outbound: Outbound) -> str:
        """Tell the target once."""


def channel_names() -> tuple[str, ...]:
    """Return every channel's name, e.g. ``("email",)``."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def channel(name: str) -> Channel:
    """Return the module of one channel."""
    module: Any = import_module(f"{__name__}.{name}")
    found: Channel = module
    return found
