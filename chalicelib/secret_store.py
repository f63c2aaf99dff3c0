"""Read secrets from where they are kept: SSM Parameter Store or Secrets Manager.

forms.toml has references only, so that a secret is in no file, no environment
variable and no log. What was read is kept in memory for a few minutes.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import DeliveryFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient

# Long enough to ask once for a burst of deliveries, short enough for a rotation.
KEPT_SECONDS = 300


class SecretStore:
    """The secrets that a stage may read.

    Args:
        connect_ssm: makes the client of Parameter Store, on first use.
        connect_secrets_manager: the same for Secrets Manager.
        now: the clock.
    """

    def __init__(
        self,
        connect_ssm: Callable[[], SSMClient],
        connect_secrets_manager: Callable[[], SecretsManagerClient],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._connect_ssm = connect_ssm
        self._connect_secrets_manager = connect_secrets_manager
        self._now = now
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[str, datetime]] = {}

    def read(self, reference: str) -> str:
        """Return what a reference stands for.

        Args:
            reference: ``ssm:<name>`` or ``secretsmanager:<name>``.

        Raises:
            DeliveryFailed: it is not there, or may not be read; the message says which.
        """
        with self._lock:
            value, read_at = self._kept.get(reference, (None, None))
            if value is None or read_at is None or self._age(read_at) > KEPT_SECONDS:
                value = self._ask(reference)
                self._kept[reference] = value, self._now()
            return value

    def _age(self, read_at: datetime) -> float:
        return (self._now() - read_at).total_seconds()

    def _ask(self, reference: str) -> str:
        try:
            value = self._value(reference)
        except ClientError as error:
            reason = error.response["Error"]["Code"]
        except BotoCoreError as error:
            reason = type(error).__name__
        except KeyError:
            reason = "it is not a text"
        else:
            # A line break at its end comes from an editor or from echo, and belongs to no secret.
            return value.strip()
        raise DeliveryFailed(f"The secret {reference} cannot be read: {reason}.")

    def _value(self, reference: str) -> str:
        store, _, name = reference.partition(":")
        if store == "ssm":
            parameter = self._connect_ssm().get_parameter(Name=name, WithDecryption=True)
            return parameter["Parameter"]["Value"]
        secret = self._connect_secrets_manager().get_secret_value(SecretId=name)
        return secret["SecretString"]
