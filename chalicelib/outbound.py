"""The only way out of the system: mail by SES."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import DeliveryFailed, DeliveryRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage

    from mypy_boto3_sesv2 import SESV2Client

# SES's words for a mail that it will refuse again.
# Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
_REFUSALS = frozenset(
    {"MessageRejected", "MailFromDomainNotVerifiedException", "BadRequestException"}
)


class SesOutbound:
    """Sends through Amazon SES v2.

    Args:
        connect: makes the client, on first use.
    """

    def __init__(self, connect: Callable[[], SESV2Client]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._made_client: SESV2Client | None = None

    def send_mail(self, message: EmailMessage, *, recipients: list[str]) -> str:
        """Send one mail and return SES's id of it.

        Raises:
            DeliveryRefused: SES will not take this mail, now or later.
            DeliveryFailed: SES did not take it now.
        """
        try:
            answer = self._client().send_email(
                Destination={"ToAddresses": recipients},
                # Raw: the headers are ours, the one that makes a repeat recognisable among them.
                Content={"Raw": {"Data": message.as_bytes()}},
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            kind = DeliveryRefused if code in _REFUSALS else DeliveryFailed
            raise kind(f"The mail service answered {code}.") from error
        except BotoCoreError as error:
            raise DeliveryFailed(
                f"The mail service did not answer ({type(error).__name__})."
            ) from error
        return answer["MessageId"]

    def _client(self) -> SESV2Client:
        with self._lock:
            if self._made_client is None:
                self._made_client = self._connect()
            return self._made_client
