"""Tell a Slack channel through its incoming webhook.

What visitors wrote stands in rich text only: Slack reads no markup, mention, emoji or
link in it. It stands in quotes, so that no text can pass for another field.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalicelib.channels import Setting, is_secret_reference
from chalicelib.documents import as_json
from chalicelib.excerpts import SHORTENED, Room, excerpt, headline, utf16_length

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.channels import Notice, Outbound, Sent
    from chalicelib.excerpts import Entry, Excerpt

# Characters of a header.
# Source: https://docs.slack.dev/reference/block-kit/blocks/header-block
MAX_HEADER = 150
# Characters of a text object. Slack names no limit for rich text; this one is safe.
# Source: https://docs.slack.dev/reference/block-kit/composition-objects/text-object
MAX_TEXT = 3000
# Characters of all blocks. Slack names no limit, and refuses a message with about 13,200
# characters of text (msg_blocks_too_long), sometimes with 11,300. Nobody outside knows how
# it counts, so the JSON is counted here, which is longer than its texts.
# Source: https://github.com/slackapi/bolt-js/issues/2509 and /2867
MAX_BLOCKS_LENGTH = 10_000
# Of which the header, the note and a link to the inbox take less than a tenth.
_FRAME_LENGTH = 1_000


def _json_cost(character: str) -> int:
    return utf16_length(json.dumps(character, ensure_ascii=False)) - len('""')


# 25 answers make 28 of the 50 blocks that a message may have, and leave each text 80
# characters at the least.
# Source: https://docs.slack.dev/reference/block-kit/blocks
ROOM = Room(
    entries=25,
    label=80,
    text=MAX_TEXT,
    total=MAX_BLOCKS_LENGTH - _FRAME_LENGTH,
    overhead=200,
    cost=_json_cost,
)

SETTINGS: Mapping[str, Setting] = {
    "url": Setting(
        is_secret_reference,
        'a reference to the incoming webhook\'s URL, e.g. "ssm:/formpost/prod/slack"; the URL '
        "itself never stands here: who knows it may post",
        is_secret=True,
    )
}


def send(notice: Notice, outbound: Outbound) -> Sent:
    """Post one message."""
    return outbound.post(
        notice.target.settings["url"],
        body=as_json(compose(notice)),
        headers={"content-type": "application/json"},
    )


def compose(notice: Notice) -> dict[str, Any]:
    """Return the message about one submission, within Slack's limits."""
    submission, form = notice.submission, notice.form
    title = headline(submission, form, max_length=MAX_HEADER, cost=utf16_length)
    shown = excerpt(submission, form, ROOM)
    return {
        # For notifications and screen readers.
        "text": _escaped(title),
        "blocks": [
            {"type": "header", "text": _plain(title)},
            *map(_answer, shown.entries),
            {"type": "context", "elements": [_plain(_note(notice, shown))]},
            *([_link(notice.inbox_url)] if notice.inbox_url else []),
        ],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _answer(entry: Entry) -> dict[str, Any]:
    label = {"type": "text", "text": entry.label, "style": {"bold": True}}
    text = {"type": "text", "text": entry.text}
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [label]},
            {"type": "rich_text_quote", "elements": [text]},
        ],
    }


def _note(notice: Notice, shown: Excerpt) -> str:
    received = f"Received {notice.submission.received_at:%Y-%m-%d %H:%M} UTC."
    return f"{received} {SHORTENED}" if shown.is_shortened else received


def _link(url: str) -> dict[str, Any]:
    # A button would be followed by a warning: Slack wants each click answered by a server.
    # Source: https://github.com/slackapi/node-slack-sdk/issues/869
    link = {"type": "link", "url": url, "text": "Open in the inbox"}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}]}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _escaped(text: str) -> str:
    """Return text for where Slack reads mentions and links.

    Source: https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
