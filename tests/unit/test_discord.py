"""The message in Discord: what it says, and that Discord reads nothing in a visitor's text."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.channels.discord import SETTINGS, send
from chalicelib.model import Answer
from tests.builders import a_field, a_form, a_notice, a_submission
from tests.fakes import RecordedOutbound

URL = "https://discord.example/api/webhooks/1/secret"
SUBMISSION_ID = "01M83QVA5WS38ENTNS9E5CX93W"
INBOX_URL = "https://site.example/inbox.html#01M83QVA5WS38ENTNS9E5CX93W"
# What Discord's markdown is made of.
# Source: https://support.discord.com/hc/en-us/articles/210298617
MARKDOWN = set("\\*_~`|<>[]()#-")
# A line that is bold as a whole, with nothing in it that ends the bold early.
LABEL = re.compile(r"^\*\*(?:[^\\*\n]|\\.)+\*\*$", re.MULTILINE)


def message(url: str = URL, **changes: Any) -> dict[str, Any]:
    """Return what Discord gets."""
    outbound = RecordedOutbound()
    send(a_notice("discord", {"url": url}, **changes), outbound)
    (post,) = outbound.posts
    assert post.headers["content-type"] == "application/json"
    payload: dict[str, Any] = json.loads(post.body)
    return payload


def embed(**changes: Any) -> dict[str, Any]:
    """Return the only embed of the message."""
    (only,) = message(**changes)["embeds"]
    found: dict[str, Any] = only
    return found


def as_shown(markdown: str) -> str:
    r"""Take escapes away as Discord does: "\" before what is no letter, digit or blank."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown)


def test_a_submission_is_an_embed_with_a_quote_below_each_label() -> None:
    form = a_form(fields=(a_field("company", label="Company"),))
    submission = a_submission(
        id=SUBMISSION_ID,
        answers=(Answer("company", ("Engines Ltd",)), Answer("topic", ("News", "Events"))),
    )

    assert message(submission=submission, form=form, inbox_url=INBOX_URL) == {
        "embeds": [
            {
                "title": "Contact us: new submission 9E5C-X93W",
                "description": "**Company**\n> Engines Ltd\n**topic**\n> News\n> Events",
                "timestamp": "2026-11-23T12:00:00.000Z",
                "url": INBOX_URL,
            }
        ],
        "allowed_mentions": {"parse": []},
    }


HOSTILE = {
    "**bold** __u__ ~~s~~ ||spoiler||": r"\*\*bold\*\* \_\_u\_\_ \~\~s\~\~ \|\|spoiler\|\|",
    "[inbox](https://evil.example)": r"\[inbox\]\(https\://evil\.example\)",
    "https://evil.example": r"https\://evil\.example",
    "<@1> <@&2> <#3> @everyone": r"\<\@1\> \<\@&2\> \<\#3\> \@everyone",
    "<:name:1> :smile: <t:0:R>": r"\<\:name\:1\> \:smile\: \<t\:0\:R\>",
    "# head\n-# small\n> quote\n- list\n7. list": (
        "\\# head\n> \\-\\# small\n> \\> quote\n> \\- list\n> 7\\. list"
    ),
    "```\ncode\n```": "\\`\\`\\`\n> code\n> \\`\\`\\`",
    "\\*not yet escaped* \\": r"\\\*not yet escaped\* \\",
}


@pytest.mark.parametrize("text", HOSTILE)
def test_discord_reads_nothing_in_what_a_visitor_wrote(text: str) -> None:
    """Each line is a quote, so no text can pass for the label of another field."""
    shown = embed(submission=a_submission(fields={"message": text}))

    assert shown["description"] == f"**message**\n> {HOSTILE[text]}"


@given(st.text(st.sampled_from("\\*_~`|<>[]()#-:@.a1é😀"), max_size=30))
def test_every_text_is_shown_as_it_was_written(text: str) -> None:
    shown = embed(submission=a_submission(answers=(Answer(f"a{text}", (f"b{text}",)),)))

    label, quote = shown["description"].split("\n")
    for written, given_text in ((label[2:-2], f"a{text}"), (quote[2:], f"b{text}")):
        assert as_shown(written) == given_text
        assert MARKDOWN.isdisjoint(re.sub(r"\\[^0-9A-Za-z\s]", "", written))


def test_nobody_is_called_whatever_the_text_says() -> None:
    assert message()["allowed_mentions"] == {"parse": []}


def test_a_link_to_this_machine_is_left_out_since_discord_refuses_it() -> None:
    assert "url" not in embed(inbox_url="http://localhost:8080/inbox.html#1")
    assert "url" not in embed()


@pytest.mark.parametrize(
    ("url", "posted_to"),
    [(URL, f"{URL}?wait=true"), (f"{URL}?thread_id=7", f"{URL}?thread_id=7&wait=true")],
)
def test_discord_is_asked_to_answer_after_the_message_is_saved(url: str, posted_to: str) -> None:
    """Otherwise it says nothing of a message that it does not save."""
    outbound = RecordedOutbound()

    send(a_notice("discord", {"url": url}), outbound)

    assert outbound.posts[0].url == posted_to


def test_a_long_text_is_cut_and_the_footer_says_where_the_whole_is() -> None:
    shown = embed(submission=a_submission(fields={"message": "a" * 5000, "name": "Ada"}))

    # 4,096 less "**message**\n> ", "\n**name**\n> Ada" and the ellipsis.
    assert (
        shown["description"] == f"**message**\n> {'a' * (4096 - 14 - 15 - 1 - 1)}…\n**name**\n> Ada"
    )
    assert shown["footer"] == {"text": "Shortened; the whole text is in the inbox."}


def test_a_short_one_has_no_such_footer() -> None:
    assert "footer" not in embed()


@pytest.mark.parametrize("character", ["a", "*", "😀", "*\n"])
def test_many_long_answers_stay_within_the_limits(character: str) -> None:
    """Discord refuses the message otherwise, and nobody would be told of the submission."""
    answers = {f"{character * 100}.{number}": character * 4000 for number in range(40)}

    shown = embed(submission=a_submission(fields=answers), form=a_form(title="😀" * 200))

    assert len(shown["title"].encode("utf-16-le")) // 2 <= 256
    assert shown["title"].endswith("…: new submission 0000-0000")
    assert 3_900 < len(shown["description"].encode("utf-16-le")) // 2 <= 4096
    assert len(LABEL.findall(shown["description"])) == 25


def test_blank_answers_leave_a_message_that_discord_takes() -> None:
    assert "description" not in embed(submission=a_submission(fields={"message": " "}))


def test_the_url_is_a_secret_and_stands_nowhere_but_in_a_store() -> None:
    url = SETTINGS["url"]

    assert url.is_secret
    assert url.is_allowed("ssm:/formpost/prod/discord")
    assert url.is_allowed("secretsmanager:formpost/prod/discord")
    assert not url.is_allowed(URL)
    assert "ssm:/formpost/prod/discord" in url.allowed
