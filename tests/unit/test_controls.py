"""Control fields steer and are taken out; what a visitor typed into one is not lost."""

from __future__ import annotations

import pytest

from chalicelib.controls import check_idempotency_key, split
from chalicelib.errors import InvalidIdempotencyKey


def test_control_fields_are_taken_out_and_the_rest_stays_in_order() -> None:
    _, fields = split(
        [("a", "1"), ("_next", "/x"), ("_gotcha", ""), ("b", "2"), ("_subject", "Hi"), ("a", "3")]
    )

    assert fields == [("a", "1"), ("b", "2"), ("a", "3")]


def test_blank_control_fields_are_ignored() -> None:
    controls, fields = split([(name, " ") for name in ("_next", "_replyto", "_gotcha", "altcha")])

    assert fields == []
    assert (controls.redirect, controls.reply_to, controls.decoys) == (None, None, ())
    assert controls.errors == ()


@pytest.mark.parametrize("name", ["_next", "_redirect"])
def test_each_dialect_s_redirect_is_read(name: str) -> None:
    assert split([(name, "/thanks")])[0].redirect == "/thanks"


@pytest.mark.parametrize("name", ["_gotcha", "_honey", "botcheck"])
def test_each_dialect_s_honeypot_is_read(name: str) -> None:
    assert split([(name, "x")])[0].decoys == (name,)


def test_a_subject_is_one_line_whatever_was_sent() -> None:
    controls, _ = split([("_subject", "Hello\r\nBcc: all@example.com\n")])

    assert controls.subject == "Hello Bcc: all@example.com"
    assert controls.errors == ()


def test_a_subject_that_fits_no_mail_program_is_refused() -> None:
    controls, _ = split([("_subject", "x" * 201)])

    assert [(e.field, e.code) for e in controls.errors] == [("_subject", "TOO_LONG")]


@pytest.mark.parametrize("address", ["ada@example.com\r\nBcc: all@example.com", "ada", "a@b, c@d"])
def test_a_reply_address_that_is_none_is_refused(address: str) -> None:
    controls, _ = split([("_replyto", address)])

    assert [(e.field, e.code) for e in controls.errors] == [("_replyto", "TYPE_EMAIL")]


def test_recipient_and_webhook_of_other_dialects_steer_nothing() -> None:
    pairs = [("_to", "a@b.c"), ("_cc", "a@b.c"), ("_webhook", "https://evil.example")]

    assert split(pairs)[1] == pairs


@pytest.mark.parametrize(
    ("sent", "key"), [("abc", "abc"), ('"abc"', "abc"), ("x" * 255, "x" * 255)]
)
def test_a_key_is_read_with_and_without_quotes(sent: str, key: str) -> None:
    """The draft standard writes it as a structured field, most clients do not."""
    assert check_idempotency_key(sent) == key


@pytest.mark.parametrize("key", ['""', "a b", "ä", "a\nb", "x" * 256])
def test_an_unusable_key_is_refused(key: str) -> None:
    with pytest.raises(
        InvalidIdempotencyKey, match="1 to 255 printable ASCII characters and no blanks"
    ):
        check_idempotency_key(key)
