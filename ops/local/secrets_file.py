"""The secrets of local mode, in a file of the data folder instead of SSM or Secrets Manager.

``secrets.toml`` has a line for each reference that forms.toml has:

    "ssm:/formpost/prod/webhook" = "whsec_..."

It is read at each use, so an edit works at once. What is in it is never printed.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from chalicelib.errors import DeliveryFailed

if TYPE_CHECKING:
    from pathlib import Path


class SecretsFile:
    """One file, which need not exist until a secret is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, reference: str) -> str:
        """Return what a reference stands for.

        Args:
            reference: ``ssm:<name>`` or ``secretsmanager:<name>``.

        Raises:
            DeliveryFailed: it is not there; the message says which line to write.
        """
        secret = self._secrets().get(reference)
        if isinstance(secret, str) and secret:
            return secret
        raise DeliveryFailed(
            f'{self._path} has no secret for this. Write a line there: "{reference}" = "..."'
        )

    def _secrets(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise DeliveryFailed(f"{self._path} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            # The place alone: the words before it can quote the file. Nor is that error kept.
            place = str(error).rpartition("(")[2].rstrip(")")
        raise DeliveryFailed(f"{self._path} is not valid TOML ({place}).")


def of_data_dir(data_dir: Path) -> SecretsFile:
    """Return the secrets of a data folder."""
    return SecretsFile(data_dir / "secrets.toml")
