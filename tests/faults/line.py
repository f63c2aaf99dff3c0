"""Visitors' ways to the API, and what came over them."""

from __future__ import annotations

import threading
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING

from tests.faults.forms import FORM

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from tests.conversion import Answer
    from tests.gateway import Gateway

PATH = f"/f/{FORM}"


class Answers:
    """What the API answered, to all visitors together.

    Attributes:
        by_status: how many had which status.
        bare: how many lacked CORS headers or a request id.
    """

    def __init__(self) -> None:
        self.by_status: Counter[int] = Counter()
        self.bare = 0
        self._lock = threading.Lock()

    def note(self, answer: Answer) -> None:
        names = {name.lower(): value for name, value in answer.headers.items()}
        is_bare = names.get("access-control-allow-origin") != "*" or not names.get("x-request-id")
        with self._lock:
            self.by_status[answer.status] += 1
            self.bare += is_bare

    @property
    def faults(self) -> int:
        """How many said that the fault is ours, and not that the store is away."""
        return sum(
            count
            for status, count in self.by_status.items()
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR
            and status != HTTPStatus.SERVICE_UNAVAILABLE
        )


class GatewayLine:
    """Through API Gateway; an answer may get lost behind it.

    Args:
        gateway: before the function.
        answers: takes note of all.
        chance: of this visitor.
        loss: how many of all answers get lost, from 0 to 1.
    """

    def __init__(
        self, gateway: Gateway, answers: Answers, chance: random.Random, loss: float
    ) -> None:
        self._gateway = gateway
        self._answers = answers
        self._chance = chance
        self._loss = loss

    def post(self, headers: Mapping[str, str], body: bytes, ip: str) -> Answer | None:
        """Return the answer; None when the line broke before there was one."""
        event = self._gateway.event("POST", PATH, headers=headers, body=body)
        # As API Gateway sees it: nothing that a client sends says where it is.
        event["requestContext"]["identity"]["sourceIp"] = ip
        answer = self._gateway.send(event)
        self._answers.note(answer)
        return None if self._chance.random() < self._loss else answer
