"""The message in Slack: what it says, and that Slack reads nothing in a visitor's text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.channels.slack import SETTINGS, send
from chalicelib.model import Answer
from tests.builders import a_field, a_form, a_notice, a_submission
from tests.fakes import RecordedOutbound

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "https://hooks.slack.example/services/T0/B0/secret"
SUBMISSION_ID = "01M83QVA5WS38ENTNS9E5CX93W"
INBOX_URL = "https://site.example/inbox.html#01M83QVA5WS38ENTNS9E5CX93W"


def message(**changes: Any) -> dict[str, Any]:
    """Return what Slack gets."""
    outbound = RecordedOutbound()
    send(a_notice("slack", {"url": URL}, **changes), outbound)
    (post,) = outbound.posts
    assert post.url == URL
    assert post.headers["content-type"] == "application/json"
    payload: dict[str, Any] = json.loads(post.body)
    return payload


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the message that has a type."""
    if isinstance(value, list):
        for each in value:
            yield from objects(each)
    if isinstance(value, dict):
        if "type" in value:
            yield value
        yield from objects(list(value.values()))


def test_a_submission_is_a_header_and_a_quote_below_each_label() -> None:
    form = a_form(fields=(a_field("email", label="E-mail address"),))
    submission = a_submission(
        id=SUBMISSION_ID,
        answers=(Answer("email", ("ada@example.com",)), Answer("topic", ("News", "Events"))),
    )

    assert message(submission=submission, form=form, inbox_url=INBOX_URL) == {
        "text": "Contact us: new submission 9E5C-X93W",
        "blocks": [
            {
                "type": "header",
                "text": {
                    "type": "plain_text",
                    "text": "Contact us: new submission 9E5C-X93W",
                    "emoji": False,
                },
            },
            an_answer("E-mail address", "ada@example.com"),
            an_answer("topic", "News\nEvents"),
            {
                "type": "context",
                "elements": [
                    {
                        "type": "plain_text",
                        "text": "Received 2026-11-23 12:00 UTC.",
                        "emoji": False,
                    }
                ],
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "link", "url": INBOX_URL, "text": "Open in the inbox"}
                        ],
                    }
                ],
            },
        ],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def an_answer(label: str, text: str) -> dict[str, Any]:
    bold_label = {"type": "text", "text": label, "style": {"bold": True}}
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [bold_label]},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]},
        ],
    }


def test_slack_reads_nothing_in_what_a_visitor_wrote() -> None:
    """Mentions and links work in mrkdwn, and emoji in plain text unless it says no."""
    hostile = "<!channel> <@U012AB3CD> <https://evil.example|inbox> *b* `c` :smile: &lt;"
    submission = a_submission(answers=(Answer(hostile, (hostile,)),), subject=hostile)

    sent = message(submission=submission)

    texts = [each for each in objects(sent) if each.get("text") == hostile]
    assert [each["type"] for each in texts] == ["text", "text", "text"]
    assert {each["type"] for each in objects(sent)} == {
        "header",
        "plain_text",
        "rich_text",
        "rich_text_section",
        "rich_text_quote",
        "text",
        "context",
    }
    assert "channel" not in sent["text"]
    assert all(not each["emoji"] for each in objects(sent) if each["type"] == "plain_text")


def test_the_notification_s_text_is_escaped_since_slack_reads_markup_there() -> None:
    sent = message(form=a_form(title="Q&A <!here>"), submission=a_submission(id=SUBMISSION_ID))

    assert sent["text"] == "Q&amp;A &lt;!here&gt;: new submission 9E5C-X93W"
    assert sent["blocks"][0]["text"]["text"] == "Q&A <!here>: new submission 9E5C-X93W"


def test_without_an_inbox_there_is_no_link() -> None:
    assert [each for each in objects(message()) if each["type"] == "link"] == []


def test_a_long_text_is_cut_and_the_note_says_where_the_whole_is() -> None:
    sent = message(submission=a_submission(fields={"message": "a" * 3001, "email": "a@b.c"}))

    long, short = (block["elements"][1]["elements"][0]["text"] for block in sent["blocks"][1:3])
    assert long == "a" * 2999 + "…"
    assert short == "a@b.c"
    assert sent["blocks"][3]["elements"][0]["text"] == (
        "Received 2026-11-23 12:00 UTC. Shortened; the whole text is in the inbox."
    )


def test_a_text_of_just_the_limit_is_not_cut() -> None:
    sent = message(submission=a_submission(fields={"message": "a" * 3000}))

    assert sent["blocks"][1]["elements"][1]["elements"][0]["text"] == "a" * 3000
    assert "Shortened" not in json.dumps(sent)


@pytest.mark.parametrize("character", ["a", '"', "\\", "😀", "a\n"])
def test_many_long_answers_stay_within_the_room_of_all_blocks(character: str) -> None:
    """Slack refuses the message otherwise, and nobody would be told of the submission."""
    answers = {f"{character * 100} {number}": character * 4000 for number in range(40)}
    form = a_form(title='"' * 200)

    sent = message(submission=a_submission(fields=answers), form=form, inbox_url=INBOX_URL)

    blocks = json.dumps(sent["blocks"], ensure_ascii=False, separators=(",", ":"))
    assert len(sent["blocks"]) == 1 + 25 + 1 + 1
    assert 9_000 < len(blocks.encode("utf-16-le")) // 2 <= 10_000
    shortest = min(len(each["text"]) for each in objects(sent) if each["type"] == "text")
    assert shortest >= 30


def test_the_url_is_a_secret_and_stands_nowhere_but_in_a_store() -> None:
    url = SETTINGS["url"]

    assert url.is_secret
    assert url.is_allowed("ssm:/formpost/prod/slack")
    assert url.is_allowed("secretsmanager:formpost/prod/slack")
    assert not url.is_allowed(URL)
    assert "ssm:/formpost/prod/slack" in url.allowed
