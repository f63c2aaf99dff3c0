"""The only way out of the system: mail by SES, and posts by HTTPS.

What time mends is tried again (DeliveryFailed); what stays as it is until a person
changes something is refused, so that the owner learns of it at once.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.channels import Sent
from chalicelib.errors import DeliveryFailed, DeliveryRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from email.message import EmailMessage

    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import SendEmailRequestTypeDef

    from chalicelib.https_post import HttpsPost

# SES's names for what went wrong, and what the owner should read. SES's own messages quote
# addresses, so they stay behind.
# Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
# Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html
# Source: https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
_LIMIT_REACHED = (
    "The mail service takes no more mail for now: the account's sending rate or its quota for "
    'a day is used up. SES shows both under "Account dashboard".'
)
# MessageRejected has many reasons, and this is the one that has a remedy.
# Source: https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
_UNVERIFIED = "Email address is not verified"
_NOT_VERIFIED = (
    "The mail service has not verified the sender's address; in the SES sandbox it wants the "
    'recipients\' verified, too. Verify them in SES under "Identities", in this region.'
)
_TRIED_AGAIN = {
    "TooManyRequestsException": _LIMIT_REACHED,
    "LimitExceededException": _LIMIT_REACHED,
    "Throttling": _LIMIT_REACHED,
    "ThrottlingException": _LIMIT_REACHED,
    "SendingPausedException": (
        "The mail service has paused this account's or configuration set's sending. SES says why "
        'under "Account dashboard".'
    ),
    "AccessDeniedException": (
        "AWS does not let this function send mail. The statement SendMail in "
        ".chalice/policy-deliver.json must allow the sender's identity and the configuration set."
    ),
}
_REFUSED = {
    "AccountSuspendedException": (
        "AWS has ended this account's right to send mail. SES says why, and how to appeal, under "
        '"Account dashboard".'
    ),
    "MessageRejected": "The mail service rejects what is in this mail.",
    "MailFromDomainNotVerifiedException": (
        "The mail service has not verified the sender's MAIL FROM domain. Its DNS records stand "
        'in SES under "Identities".'
    ),
    "NotFoundException": "The mail service does not know the configuration set of this stage.",
    "BadRequestException": "The mail service cannot read an address or a header of this mail.",
}


class Outbound:
    """Sends by Amazon SES v2, and posts to receivers.

    Args:
        connect_ses: makes the client, on first use.
        https_post: makes what posts, for each post.
        configuration_set: has SES tell us of bounces and complaints; None is none.
    """

    def __init__(
        self,
        connect_ses: Callable[[], SESV2Client],
        https_post: Callable[[], HttpsPost],
        *,
        configuration_set: str | None = None,
    ) -> None:
        self._connect_ses = connect_ses
        self._https_post = https_post
        self._configuration_set = configuration_set
        self._lock = threading.Lock()
        self._made_client: SESV2Client | None = None

    def send_mail(
        self, message: EmailMessage, *, recipients: list[str], tags: Mapping[str, str]
    ) -> Sent:
        """Send one mail; SES says the tags when it speaks of the mail later.

        Args:
            message: with all of its headers.
            recipients: addresses, 50 at most.
            tags: names and values of 1 to 256 letters, digits, ``_`` and ``-``.

        Raises:
            DeliveryRefused: SES will not take this mail, now or later.
            DeliveryFailed: SES did not take it now.

        Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
        """
        request: SendEmailRequestTypeDef = {
            "Destination": {"ToAddresses": recipients},
            # Raw: the headers are ours, the one that makes a repeat recognisable among them.
            "Content": {"Raw": {"Data": raw_mail(message)}},
        }
        if tags:
            request["EmailTags"] = [{"Name": name, "Value": tags[name]} for name in tags]
        if self._configuration_set:
            request["ConfigurationSetName"] = self._configuration_set
        try:
            answer = self._ses().send_email(**request)
        except ClientError as error:
            failure = _failure(error)
        except BotoCoreError as error:
            failure = DeliveryFailed(f"The mail service did not answer ({type(error).__name__}).")
        else:
            return Sent(f"accepted by the mail service as {answer['MessageId']}")
        # Raised out here, where SES's error, which quotes addresses, is not its context.
        raise failure

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Sent:
        """Post to a public https address, see https_post."""
        return self._https_post().post(url, body=body, headers=headers)

    def _ses(self) -> SESV2Client:
        with self._lock:
            if self._made_client is None:
                self._made_client = self._connect_ses()
            return self._made_client


def raw_mail(message: EmailMessage) -> bytes:
    """Return the mail with whatever is not ASCII encoded, as SES wants it.

    Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_RawMessage.html
    """
    # The API imports this module and sends no mail: it does not pay these 3 ms.
    from email.policy import SMTP

    return message.as_bytes(policy=SMTP.clone(cte_type="7bit"))


def _failure(error: ClientError) -> DeliveryFailed:
    """Return what SES's error is to the delivery; of SES's words, only the error's name."""
    code = error.response["Error"]["Code"]
    if code == "MessageRejected" and _UNVERIFIED in error.response["Error"].get("Message", ""):
        return DeliveryRefused(_NOT_VERIFIED)
    if code in _REFUSED:
        return DeliveryRefused(_REFUSED[code])
    return DeliveryFailed(_TRIED_AGAIN.get(code, f"The mail service answered {code}."))
