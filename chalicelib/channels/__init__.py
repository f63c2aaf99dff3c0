"""The ways to tell somebody of a submission: one channel a file, found by name.

Each module here has ``SETTINGS``, what its table in forms.toml may say, and
``send(notice, outbound)``, which is one attempt: it returns what happened, or
raises DeliveryFailed (try again) or DeliveryRefused (do not). Adding a channel is
adding a file; trying again is the outbox's work, see notify.py.

The API reads SETTINGS at its cold start to check forms.toml, so a channel imports
what it sends with where it sends.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from email.message import EmailMessage

    from chalicelib.model import Form, Submission, Target

# Below formpost/, where the function deliver may read: its policy says so, too.
# Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
# Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
_REFERENCE = r"ssm:/formpost(?:/[A-Za-z0-9_.\-]+)+|secretsmanager:formpost/[A-Za-z0-9/_+=.@\-]+"


class Setting(NamedTuple):
    """One key of a target's table.

    Attributes:
        is_allowed: whether a value may stand there.
        allowed: what may stand there, in words.
        is_secret: whether a text there, or each in a list, may refer to a secret; what
            it refers to is in its place when the channel sends.
    """

    is_allowed: Callable[[Any], bool]
    allowed: str
    required: bool = True
    is_secret: bool = False


class Notice(NamedTuple):
    """What one target is told.

    Attributes:
        target: with secrets in the place of references to them.
        now: when this attempt began.
        inbox_url: of the submission in the owner's inbox, if there is one.
        claim_address: take a mail address for today, for mail that nobody there asked
            for; False if another submission of this form has taken it.
    """

    submission: Submission
    form: Form
    target: Target
    now: datetime
    inbox_url: str | None
    claim_address: Callable[[str], bool]

    @property
    def mail_tags(self) -> dict[str, str]:
        """What identifies the delivery when the mail service speaks of a mail later."""
        return {
            "form": self.form.id,
            "submission": self.submission.id,
            "target": self.target.name,
        }


class Sent(NamedTuple):
    """What a receiver said to a notice that it took.

    Attributes:
        outcome: in words for the owner.
        status: of its HTTP answer, if there was one.
    """

    outcome: str
    status: int | None = None


class Outbound(Protocol):
    """The way out of the system."""

    def send_mail(
        self, message: EmailMessage, *, recipients: list[str], tags: Mapping[str, str]
    ) -> Sent:
        """Send one mail; the mail service says the tags when it speaks of the mail later.

        Raises:
            DeliveryRefused: the mail service will not take this mail, now or later.
            DeliveryFailed: it did not take it now.
        """

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Sent:
        """Post to a public https address; any answer with status 2xx is success.

        Raises:
            DeliveryRefused: the address is not allowed, or answered 410.
            DeliveryFailed: there was no answer, or another one.
        """


class Channel(Protocol):
    """One module of this folder."""

    SETTINGS: Mapping[str, Setting]

    def send(self, notice: Notice, outbound: Outbound) -> Sent:
        """Tell the target once.

        Raises:
            DeliveryFailed, DeliveryRefused: it was not told.
        """


def channel_names() -> tuple[str, ...]:
    """Return every channel's name, e.g. ``("autoresponse", "email", "slack")``."""
    # Only a form that tells somebody pays for it.
    from pkgutil import iter_modules

    return tuple(sorted(module.name for module in iter_modules(__path__)))


def channel(name: str) -> Channel:
    """Return the module of one channel."""
    module: Any = import_module(f"{__name__}.{name}")
    found: Channel = module
    return found


def is_secret_reference(value: Any) -> bool:
    """Whether a setting names a secret, e.g. ``ssm:/formpost/prod/webhook``."""
    return isinstance(value, str) and re.fullmatch(_REFERENCE, value) is not None
