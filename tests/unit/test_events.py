"""The events of the stream and the queue, as AWS documents them."""

from __future__ import annotations

import pytest

from chalicelib.events import delivery_task, written_images


def test_what_was_written_is_read_and_what_was_deleted_is_passed_by() -> None:
    event = {
        "Records": [
            {"eventName": "INSERT", "dynamodb": {"NewImage": {"pk": {"S": "a"}}}},
            {"eventName": "REMOVE", "dynamodb": {"Keys": {"pk": {"S": "b"}}}},
            {},
        ]
    }

    assert list(written_images(event)) == [{"pk": {"S": "a"}}]


def test_a_message_names_a_delivery() -> None:
    event = {"Records": [{"body": '{"submission_id": "s", "target": "email"}'}]}

    assert delivery_task(event) == ("s", "email")


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", '"x"'])
def test_any_other_message_is_left_to_the_dead_letters(body: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        delivery_task({"Records": [{"body": body}]})
