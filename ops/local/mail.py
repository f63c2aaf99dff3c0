"""The way out of local mode: mail becomes files, posts go to their receivers.

A file holds the bytes that SES would be handed, so any mail program shows it. Its name
begins with the time, so names sort as the mails were sent.
"""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

from chalicelib.channels import Sent
from chalicelib.config import PROJECT_DIR
from chalicelib.errors import DeliveryFailed
from chalicelib.model import reference
from chalicelib.outbound import raw_mail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from email.message import EmailMessage
    from pathlib import Path

    from chalicelib.channels import Outbound

# Visitors' messages are nobody else's business on a shared machine.
_OWNER_ONLY, _FOLDER_OWNER_ONLY = 0o600, 0o700


class MailFolder:
    """Writes mails into a folder; one thread at a time.

    Args:
        path: of the folder, made with the first mail.
        now: the clock.
        outbound: what posts.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime], outbound: Outbound) -> None:
        self._path = path
        self._now = now
        self._outbound = outbound

    def send_mail(
        self, message: EmailMessage, *, recipients: list[str], tags: Mapping[str, str]
    ) -> Sent:
        """Write one mail; to whom it would go stands in its own headers.

        Raises:
            DeliveryFailed: the file cannot be written.
        """
        del recipients
        try:
            file = self._write(raw_mail(message), tags.get("submission"))
        except OSError as error:
            raise DeliveryFailed(
                f"The mail cannot be written to {_shown(self._path)}: {error.strerror}."
            ) from error
        return Sent(f"written to {_shown(file)}")

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Sent:
        """Post for real."""
        return self._outbound.post(url, body=body, headers=headers)

    def _write(self, content: bytes, submission_id: str | None) -> Path:
        self._path.mkdir(mode=_FOLDER_OWNER_ONLY, parents=True, exist_ok=True)
        new = self._path / "mail.new"
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT, _OWNER_ONLY), "wb") as file:
            file.write(content)
        # In one step, so that nobody who looks into the folder finds half a mail.
        return new.replace(self._free_name(submission_id))

    def _free_name(self, submission_id: str | None) -> Path:
        paths = (self._path / f"{name}.eml" for name in _names(self._now(), submission_id))
        return next(path for path in paths if not path.exists())


def _names(now: datetime, submission_id: str | None) -> Iterator[str]:
    """Yield ``2026-11-23T12-00-00-000Z-8F3K-2M9Q``, then the same with ``-2`` and so on.

    No colons, which some file systems forbid; no dots, so that nothing but ``.eml`` ends it.
    """
    time = f"{now:%Y-%m-%dT%H-%M-%S}-{now.microsecond // 1000:03}Z"
    name = f"{time}-{reference(submission_id)}" if submission_id else time
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _shown(path: Path) -> str:
    """Return ``.formpost/mail``, or the whole path when it is outside of the project."""
    inside = path.is_relative_to(PROJECT_DIR)
    return str(path.relative_to(PROJECT_DIR) if inside else path)
