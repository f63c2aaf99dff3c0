"""Many posts to one form, from addresses of one's choice, and what the store was asked for them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

import app as routes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.conversion import Answer
    from tests.functional.owner import Owner


class Flood(NamedTuple):
    """What became of the posts.

    Attributes:
        statuses: how many posts were answered with each.
        retry_after_seconds: what the last refusal asked to wait.
        accepted_requests: what was asked of the store for all that were accepted.
        refused_requests: the same for those that were refused.
    """

    statuses: Counter[int]
    retry_after_seconds: int
    accepted_requests: Counter[str]
    refused_requests: Counter[str]


def post_from(it: Owner, ip: str, number: int) -> Answer:
    """Post one more."""
    event = it.gateway.event(
        "POST",
        "/f/contact",
        headers={"Accept": "application/json", "Content-Type": "application/json"},
        body=json.dumps({"message": f"number {number}"}).encode(),
    )
    event["requestContext"]["identity"]["sourceIp"] = ip
    return it.gateway.send(event)


def flood(it: Owner, ip: str, numbers: Iterable[int]) -> Flood:
    """Post one after the other from one address."""
    found = Flood(Counter(), 0, Counter(), Counter())
    requests: Counter[str] = Counter()
    it.stage.count_requests(requests)
    # What the form has learned is read once a minute, which is not what is counted here.
    routes.app.intake = replace(routes.app.intake, lessons=lambda _form: None)
    for number in numbers:
        requests.clear()
        answer = post_from(it, ip, number)
        found.statuses[answer.status] += 1
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            found = found._replace(retry_after_seconds=int(answer.headers["Retry-After"]))
            found.refused_requests.update(requests)
        else:
            found.accepted_requests.update(requests)
    return found
