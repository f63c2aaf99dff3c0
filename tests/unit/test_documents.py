"""A submission as programs read it, and its answers with labels."""

from __future__ import annotations

import json

from chalicelib.documents import (
    LabelledAnswer,
    as_json,
    labelled_answers,
    submission_document,
)
from chalicelib.model import Answer, Folder, Sender, Signal, Verdict
from tests.builders import a_field, a_form, a_submission

SUBMISSION_ID = "01M83QVA5WS38ENTNS9E5CX93W"


def test_a_document_has_everything_but_the_hash_of_the_address() -> None:
    submission = a_submission(
        id=SUBMISSION_ID,
        answers=(Answer("name", ("Ann",)), Answer("topic", ("a", "b")), Answer("__proto__", ("",))),
        folder=Folder.SPAM,
        subject="Hello",
        verdict=Verdict((Signal("honeypot", 10.0, "_gotcha was filled in"),), 5.0),
        sender=Sender("hash of the address", "https://site.example", None),
    )

    assert submission_document(submission) == {
        "id": "01M83QVA5WS38ENTNS9E5CX93W",
        "reference": "9E5C-X93W",
        "form": "contact",
        "received_at": "2026-11-23T12:00:00.000Z",
        "folder": "spam",
        "fields": {"name": "Ann", "topic": ["a", "b"], "__proto__": ""},
        "subject": "Hello",
        "reply_to": None,
        "spam": {
            "points": 10.0,
            "signals": [{"check": "honeypot", "points": 10.0, "reason": "_gotcha was filled in"}],
        },
        "sender": {"origin": "https://site.example", "user_agent": None},
    }


def test_json_is_compact_and_keeps_every_character_as_it_is() -> None:
    assert as_json({"a": ["ü😀", 1], "b": None}) == '{"a":["ü😀",1],"b":null}'.encode()
    assert json.loads(as_json({"a": "\x00\u2028\u202e"})) == {"a": "\x00\u2028\u202e"}


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    """JSON can bring one, and UTF-8 cannot hold it."""
    assert as_json({"\ud83d": "x\ude00y"}) == '{"\ufffd":"x\ufffdy"}'.encode()


def test_answers_stand_below_the_form_s_labels_or_their_names() -> None:
    form = a_form(fields=(a_field("mail", label="E-mail\n address"), a_field("topic")))
    submission = a_submission(
        answers=(
            Answer("topic", ("News", " ", "Events")),
            Answer("mail", (" a@b.c ",)),
            Answer("not declared", ("x",)),
            Answer("left blank", ("", " \n")),
            Answer(" ", ("y",)),
        )
    )

    assert labelled_answers(submission, form) == (
        LabelledAnswer("Topic", ("News", "", "Events")),
        LabelledAnswer("E-mail address", (" a@b.c ",)),
        LabelledAnswer("not declared", ("x",)),
        LabelledAnswer("left blank", ()),
        LabelledAnswer("Without a name", ("y",)),
    )


def test_control_characters_are_replaced_because_a_chat_would_refuse_the_message() -> None:
    name, value = "na\x00me\u202e\r\n", "1\r\n2\r3\t4\x00\x1b\x7f\x9b\ud800\uffff\u202e"

    (answer,) = labelled_answers(a_submission(answers=(Answer(name, (value,)),)), a_form())

    assert answer == LabelledAnswer("na\ufffdme", ("1\n2\n3\t4" + "\ufffd" * 6 + "\u202e",))
