r"""Tell a Discord channel through its webhook, as one embed.

What visitors wrote is escaped: Discord reads markdown in embeds, and "\" before a
character that is no letter, digit or blank makes it plain. It stands in quotes, so that
no text can pass for another field.

Source: https://docs.discord.com/developers/resources/webhook#execute-webhook
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chalicelib.channels import Setting, is_secret_reference
from chalicelib.documents import as_json
from chalicelib.excerpts import SHORTENED, Room, excerpt, headline, utf16_length
from chalicelib.model import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.channels import Notice, Outbound, Sent
    from chalicelib.excerpts import Entry

# Characters of an embed. All of one are 6,000 at the most, which these never reach.
# Source: https://docs.discord.com/developers/resources/message#embed-object-embed-limits
MAX_TITLE = 256
MAX_DESCRIPTION = 4096

# What begins formatting, a mention, an emoji, a heading, a quote, a list ("1.") or a link,
# also without brackets ("https:").
_MARKDOWN = re.compile(r"[\\`*_~|<>\[\]()#\-:@.]")


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", text).replace("\n", "\n> ")


def _cost(character: str) -> int:
    return utf16_length(_escaped(character))


# One text rather than 25 embed fields: those refuse a value that Discord finds empty, and
# with it the notice. 25 answers leave each text 70 characters at the least.
ROOM = Room(
    entries=25,
    label=80,
    text=MAX_DESCRIPTION,
    total=MAX_DESCRIPTION,
    overhead=len("****\n> \n"),
    cost=_cost,
)

SETTINGS: Mapping[str, Setting] = {
    "url": Setting(
        is_secret_reference,
        'a reference to the webhook\'s URL, e.g. "ssm:/formpost/prod/discord"; the URL itself '
        "never stands here: who knows it may post",
        is_secret=True,
    )
}


def send(notice: Notice, outbound: Outbound) -> Sent:
    """Post one message."""
    return outbound.post(
        _waiting(notice.target.settings["url"]),
        body=as_json(compose(notice)),
        headers={"content-type": "application/json"},
    )


def compose(notice: Notice) -> dict[str, Any]:
    """Return the message about one submission, within Discord's limits."""
    submission, form = notice.submission, notice.form
    shown = excerpt(submission, form, ROOM)
    embed: dict[str, Any] = {
        "title": headline(submission, form, max_length=MAX_TITLE, cost=utf16_length),
        "timestamp": timestamp(submission.received_at),
    }
    if shown.entries:
        embed["description"] = "\n".join(map(_answer, shown.entries))
    if shown.is_shortened:
        embed["footer"] = {"text": SHORTENED}
    # Discord refuses a message that links to a host without a full stop, such as localhost.
    # Source: https://github.com/bugsink/bugsink/issues/280
    if notice.inbox_url and "." in (urlsplit(notice.inbox_url).hostname or ""):
        embed["url"] = notice.inbox_url
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def _answer(entry: Entry) -> str:
    return f"**{_escaped(entry.label)}**\n> {_escaped(entry.text)}"


def _waiting(url: str) -> str:
    """Return the address that answers after the message is saved, 200 or an error.

    Otherwise Discord answers 204 at once, and says nothing of a message that is lost.
    """
    return f"{url}{'&' if '?' in url else '?'}wait=true"
