"""One sample for each channel: how it is set up, and what its receiver can take.

A new channel needs one here; the contract in test_channels.py is then its own, too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.received_mail import receive

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from email.message import EmailMessage

    from tests.fakes import RecordedOutbound, SentPost


@dataclass(frozen=True)
class Sample:
    """How one channel is set up and judged.

    Attributes:
        table: its table in forms.toml with every key that there is.
        identity: what a receiver knows a repeat by.
        check: fails if the receiver would refuse or misread what was sent.
        secrets: what the references in the table stand for.
    """

    table: Mapping[str, Any]
    identity: Callable[[RecordedOutbound], str]
    check: Callable[[RecordedOutbound], None]
    secrets: Mapping[str, str] = field(default_factory=dict)


def sample(channel_name: str) -> Sample:
    """Return a channel's sample; fails with what to do where there is none."""
    assert channel_name in SAMPLES, (
        f"chalicelib/channels/{channel_name}.py has no sample. Add one to SAMPLES in "
        f'tests/contract/channel_samples.py: "{channel_name}": Sample(table=<every key of its '
        "SETTINGS>, identity=<what a receiver knows a repeat by>, check=<the limits of its "
        "receiver, with their source>, secrets=<a value for each reference in the table>)."
    )
    return SAMPLES[channel_name]


def _post(outbound: RecordedOutbound) -> SentPost:
    (post,) = outbound.posts
    return post


def _mail(outbound: RecordedOutbound) -> EmailMessage:
    (mail,) = outbound.mails
    return mail.message


def _payload(outbound: RecordedOutbound) -> Any:
    post = _post(outbound)
    assert post.headers["content-type"] == "application/json"
    return json.loads(post.body.decode("utf-8", "strict"), parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def _length(text: str) -> int:
    """Return UTF-16 units, the most that "characters" can mean."""
    return len(text.encode("utf-16-le")) // 2


def _body(outbound: RecordedOutbound) -> str:
    """Chats drop no repeats; people know one by the same text with the same reference."""
    return _post(outbound).body.decode()


def _submission_header(outbound: RecordedOutbound) -> str:
    return str(_mail(outbound)["X-Formpost-Submission"])


def _webhook_id(outbound: RecordedOutbound) -> str:
    return _post(outbound).headers["webhook-id"]


def _check_mail(outbound: RecordedOutbound) -> None:
    """Hold a mail to RFC 5322 and MIME, and to the 40 MB that SES takes.

    Source: https://docs.aws.amazon.com/ses/latest/dg/quotas.html
    """
    receive(_mail(outbound))
    assert len(_mail(outbound).as_bytes()) <= 40_000_000


def _check_webhook(outbound: RecordedOutbound) -> None:
    """Hold a webhook to Standard Webhooks: a type, a time and the data."""
    payload = _payload(outbound)
    assert list(payload) == ["type", "timestamp", "data"]
    headers = _post(outbound).headers
    assert "." not in headers["webhook-id"] + headers["webhook-timestamp"]
    assert all(value.isascii() and value.isprintable() for value in headers.values())


def _check_slack(outbound: RecordedOutbound) -> None:
    """Hold a message to Slack's limits, and to none of its markup in visitors' text.

    Source: https://docs.slack.dev/reference/block-kit/blocks, .../header-block, and
    .../composition-objects/text-object; of all blocks,
    https://github.com/slackapi/bolt-js/issues/2509 (about 13,200) and 2867 (11,300)
    """
    payload = _payload(outbound)
    blocks = payload["blocks"]
    assert 1 <= len(blocks) <= 50
    assert _length(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) <= 11_000
    assert _length(payload["text"]) <= 3000
    assert 1 <= _length(blocks[0]["text"]["text"]) <= 150
    for each in _typed_objects(blocks):
        assert each["type"] != "mrkdwn"
        if each["type"] in {"text", "plain_text"}:
            assert 1 <= _length(each["text"].strip()) <= _length(each["text"]) <= 3000
            assert "\0" not in each["text"]


def _typed_objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for each in value for found in _typed_objects(each)]
    if not isinstance(value, dict):
        return []
    return ([value] if "type" in value else []) + _typed_objects(list(value.values()))


def _check_discord(outbound: RecordedOutbound) -> None:
    """Hold a message to Discord's limits.

    Source: https://docs.discord.com/developers/resources/message#embed-object-embed-limits
    """
    payload = _payload(outbound)
    assert payload["allowed_mentions"] == {"parse": []}
    (embed,) = payload["embeds"]
    texts = [embed["title"], embed["description"], embed.get("footer", {}).get("text", "")]
    assert 1 <= _length(texts[0]) <= 256
    assert 1 <= _length(texts[1]) <= 4096
    assert _length(texts[2]) <= 2048
    assert sum(map(_length, texts)) <= 6000
    assert "\0" not in "".join(texts)


SAMPLES = {
    "autoresponse": Sample(
        table={
            "from": "Ada <ada@owner.example>",
            "subject": "Thank you",
            "text": "{form} has your message, {reference}.",
            "reply_to": "ada@owner.example",
        },
        identity=_submission_header,
        check=_check_mail,
    ),
    "discord": Sample(
        table={"url": "ssm:/formpost/test/discord"},
        secrets={
            "ssm:/formpost/test/discord": "https://discord.example/api/webhooks/1/discord-secret"
        },
        identity=_body,
        check=_check_discord,
    ),
    "email": Sample(
        table={"to": ["ada@owner.example"], "from": "Form <forms@owner.example>"},
        identity=_submission_header,
        check=_check_mail,
    ),
    "slack": Sample(
        table={"url": "secretsmanager:formpost/test/slack"},
        secrets={
            "secretsmanager:formpost/test/slack": "https://hooks.slack.example/services/slack-secret"
        },
        identity=_body,
        check=_check_slack,
    ),
    "webhook": Sample(
        table={
            "url": "ssm:/formpost/test/webhook-url",
            "secrets": ["ssm:/formpost/test/webhook-old", "ssm:/formpost/test/webhook-new"],
        },
        secrets={
            "ssm:/formpost/test/webhook-url": "https://receiver.example/webhook-url-secret",
            "ssm:/formpost/test/webhook-old": "whsec_b2xkIHNlY3JldCwgb2xkIHNlY3JldCwgb2xk",
            "ssm:/formpost/test/webhook-new": "whsec_bmV3IHNlY3JldCwgbmV3IHNlY3JldCwgbmV3",
        },
        identity=_webhook_id,
        check=_check_webhook,
    ),
}
