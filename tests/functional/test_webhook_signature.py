"""A webhook is verified by libraries that its receiver did not get from us."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from chalicelib.channels import webhook
from chalicelib.model import Answer
from tests.builders import a_notice, a_submission
from tests.fakes import RecordedOutbound
from tests.standard_webhooks import verify_with_npm, verify_with_pypi

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fakes import SentPost

    Verify = Callable[[Mapping[str, str], bytes, str], bool]

OLD = "whsec_" + b64encode(b"the secret until yesterday").decode()
# As some tools make them: without a prefix. The shortest that there is, of 24 bytes.
NEW = b64encode(b"the secret from today on").decode()
STRANGER = "whsec_" + b64encode(b"the secret of somebody else").decode()

libraries = pytest.mark.parametrize("verify", [verify_with_pypi, verify_with_npm])


def a_webhook() -> SentPost:
    """Return a webhook of now, signed with an old secret and a new one."""
    outbound = RecordedOutbound()
    notice = a_notice(
        "webhook",
        {"url": "https://receiver.example/", "secrets": [OLD, NEW]},
        submission=a_submission(answers=(Answer("name", ('Zoë 😀 "\\\n\x00\u2028</script>',)),)),
        now=datetime.now(UTC),
    )
    webhook.send(notice, outbound)
    return outbound.posts[0]


@libraries
def test_a_receiver_verifies_with_either_secret_while_they_change(verify: Verify) -> None:
    sent = a_webhook()

    assert verify(sent.headers, sent.body, OLD)
    assert verify(sent.headers, sent.body, NEW)
    assert not verify(sent.headers, sent.body, STRANGER)


@libraries
def test_what_was_changed_on_the_way_is_refused(verify: Verify) -> None:
    sent = a_webhook()
    earlier = str(int(sent.headers["webhook-timestamp"]) - 1)

    assert not verify(sent.headers, sent.body.replace(b"contact", b"kontakt"), OLD)
    assert not verify({**sent.headers, "webhook-id": "msg_other"}, sent.body, OLD)
    assert not verify({**sent.headers, "webhook-timestamp": earlier}, sent.body, OLD)
