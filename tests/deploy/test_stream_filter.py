"""Which records of the stream invoke relay, by moto's reading of patterns like Lambda's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from moto.events.models import EventPattern

from chalicelib import delivery_items, items
from chalicelib.delivery import Delivery
from ops.deploying.event_sources import STREAM_FILTER
from tests.builders import a_claim, a_form, a_submission

SUBMISSION = items.submission_item(a_submission(), a_form())
OTHERS = {
    "claim": items.claim_item(a_claim(), a_submission()),
    "signing key": {**items.SECRET_KEY, "secret": {"B": "c2VjcmV0"}},
    "delivery": delivery_items.delivery_item(Delivery("contact", a_submission().id, "email")),
    "claim on an address": {**delivery_items.address_key("0" * 64), "expires_at": {"N": "1"}},
    "note of a summary": delivery_items.summary_item(datetime.now(UTC)),
}


def invokes(record: Any) -> bool:
    return bool(EventPattern.load(STREAM_FILTER).matches_event(record))


def written(kind: str, item: dict[str, Any]) -> dict[str, Any]:
    """Return a record of a stream with new images."""
    keys = {name: item[name] for name in ("pk", "sk")}
    return {"eventName": kind, "dynamodb": {"Keys": keys, "NewImage": item}}


@pytest.mark.parametrize("kind", ["INSERT", "MODIFY"])
def test_a_submission_that_is_stored_or_moved_invokes_relay(kind: str) -> None:
    assert invokes(written(kind, SUBMISSION))


def test_a_submission_that_is_erased_does_not() -> None:
    keys = written("INSERT", SUBMISSION)["dynamodb"]["Keys"]

    assert not invokes({"eventName": "REMOVE", "dynamodb": {"Keys": keys}})


@pytest.mark.parametrize("item", OTHERS.values(), ids=OTHERS)
def test_nothing_else_does(item: dict[str, Any]) -> None:
    assert not invokes(written("INSERT", item))
