"""Visitors' ways to the API, and what came over them."""

from __future__ import annotations

import http.client
import sys
import threading
from collections import Counter
from contextlib import closing
from http import HTTPStatus
from typing import TYPE_CHECKING

from tests.conversion import Answer
from tests.faults.forms import FORM
from tests.gateway import FAILED, LATE

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from tests.gateway import Gateway

PATH = f"/f/{FORM}"
# Of formpost.js: no visitor waits longer for one answer.
_TIMEOUT_SECONDS = 15.0


class Answers:
    """What the API answered, to all visitors together.

    Attributes:
        by_status: how many had which status.
        bare: how many lacked CORS headers or a request id.
        faults: how many said that the fault is ours, and not that the store is away.
        cut_off: how many API Gateway made by itself, since the function's process had ended.
    """

    def __init__(self) -> None:
        self.by_status: Counter[int] = Counter()
        self.bare = self.faults = self.cut_off = 0
        self._lock = threading.Lock()

    def note(self, answer: Answer) -> None:
        with self._lock:
            self.by_status[answer.status] += 1
            if answer in (FAILED, LATE):
                # Its headers are the gateway responses', which tests/deploy looks at.
                self.cut_off += 1
                return
            self.bare += _is_bare(answer)
            self.faults += answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and (
                answer.status != HTTPStatus.SERVICE_UNAVAILABLE
            )


def _is_bare(answer: Answer) -> bool:
    value_by_name = {name.lower(): value for name, value in answer.headers.items()}
    has_cors = value_by_name.get("access-control-allow-origin") == "*"
    return not (has_cors and value_by_name.get("x-request-id"))


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


class HttpLine:
    """Over HTTP, to a server on this machine that may be away.

    Args:
        port: of the server.
        answers: takes note of all.
    """

    def __init__(self, port: int, answers: Answers) -> None:
        self._port = port
        self._answers = answers

    def post(self, headers: Mapping[str, str], body: bytes, ip: str) -> Answer | None:
        """Return the answer; None when there was none, or not all of it."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=_TIMEOUT_SECONDS, source_address=(_own(ip), 0)
        )
        with closing(connection):
            try:
                connection.request("POST", PATH, body, dict(headers))
                response = connection.getresponse()
                text = response.read().decode()
            except (OSError, http.client.HTTPException):
                return None
        answer = Answer(response.status, dict(response.headers), text)
        self._answers.note(answer)
        return answer


def _own(ip: str) -> str:
    """Return an address of this machine for a visitor: Linux has all of 127.0.0.0/8."""
    return "127." + ip.partition(".")[2] if sys.platform == "linux" else "127.0.0.1"
