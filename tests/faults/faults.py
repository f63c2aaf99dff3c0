"""What can go wrong between a client and its service, drawn by a seed.

Each request meets at most one fault. The refusals are worded as each service words them.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

import json
import random
from collections import Counter
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Fault(StrEnum):
    """What happens to one request."""

    SLOW = "answered slowly"
    LATE = "carried out after its client gave up"
    LOST_BEFORE = "connection closed before the service"
    LOST_AFTER = "connection closed after the service"
    RESET_BEFORE = "connection reset before the service"
    RESET_AFTER = "connection reset after the service"
    REFUSED = "refused as too much"
    ERROR_BEFORE = "500 before the service"
    ERROR_AFTER = "500 after the service"
    UNAVAILABLE = "503"
    HALF = "half an answer"


# The service has not seen the request, or it has done it and nobody hears so. Both as often.
EVENLY = dict.fromkeys(Fault, 10)
# Its clients wait 8 s for an answer: a few are enough to see what becomes of them.
RARELY_LATE = {**EVENLY, Fault.LATE: 1}
# Within every client's patience.
SLOW_SECONDS = 0.2
# Beyond it; meanwhile its client has tried again.
LATE_SECONDS = (0.05, 0.7)


class Refusal(NamedTuple):
    """An answer that the service did not make."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Faults:
    """Draws the fault of each request; used by one thread.

    Args:
        seed: the same one draws the same faults in the same order.
        rate: of all requests, from 0 to 1.
        weights: how often each fault comes among them.
        patience_seconds: after which a client gives up waiting for an answer.
        wording: how the service refuses.

    Attributes:
        drawn: how many requests met which fault; None is none.
    """

    def __init__(
        self,
        seed: str,
        *,
        rate: float,
        patience_seconds: float,
        wording: Callable[[Fault, bytes, random.Random], Refusal],
        weights: Mapping[Fault, int] = EVENLY,
    ) -> None:
        # Chance here is a test's, and has to repeat.
        self.random = random.Random(seed)  # noqa: S311
        self.rate = rate
        self.patience_seconds = patience_seconds
        self.drawn: Counter[Fault | None] = Counter()
        self._wording = wording
        self._faults, self._weights = list(weights), list(weights.values())

    def draw(self) -> Fault | None:
        fault = None
        if self.random.random() < self.rate:
            [fault] = self.random.choices(self._faults, self._weights)
        self.drawn[fault] += 1
        return fault

    def delay_seconds(self, fault: Fault) -> float:
        """Return how long a request is held up."""
        if fault == Fault.LATE:
            return self.patience_seconds + self.random.uniform(*LATE_SECONDS)
        return self.random.uniform(0, SLOW_SECONDS)

    def refusal(self, fault: Fault, request_body: bytes) -> Refusal:
        """Return the answer in the place of the service's."""
        return self._wording(fault, request_body, self.random)

    def cut(self, answer: bytes) -> bytes:
        """Return the beginning of an answer, a byte at least and not all of it."""
        return answer[: self.random.randrange(1, len(answer))]


def no_faults() -> Faults:
    """Return what lets every request pass."""
    return Faults("", rate=0.0, patience_seconds=0.0, wording=plain_wording)


def dynamodb_wording(fault: Fault, request_body: bytes, chance: random.Random) -> Refusal:
    """Refuse as DynamoDB does."""
    operations = json.loads(request_body).get("TransactItems")
    if fault == Fault.REFUSED and operations and chance.random() < 0.5:
        return _cancelled(len(operations), chance)
    names = {
        Fault.REFUSED: chance.choice(
            [
                "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
                "com.amazonaws.dynamodb.v20120810#RequestLimitExceeded",
                "com.amazon.coral.availability#ThrottlingException",
            ]
        ),
        Fault.UNAVAILABLE: "com.amazonaws.dynamodb.v20120810#ServiceUnavailable",
    }
    name = names.get(fault, "com.amazonaws.dynamodb.v20120810#InternalServerError")
    return _json(_status(fault), "1.0", {"__type": name, "message": "Please try again."})


def _cancelled(operations: int, chance: random.Random) -> Refusal:
    """Another transaction has one of the items, or a key takes no more writes for now."""
    code = chance.choice(["TransactionConflict", "ThrottlingError"])
    reasons = [{"Code": "None"} for _ in range(operations)]
    reasons[chance.randrange(operations)] = {"Code": code, "Message": "Please try again."}
    return _json(
        HTTPStatus.BAD_REQUEST,
        "1.0",
        {
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "Transaction cancelled, please refer cancellation reasons for specific "
            f"reasons [{', '.join(reason['Code'] for reason in reasons)}]",
            "CancellationReasons": reasons,
        },
    )


def sqs_wording(fault: Fault, _request_body: bytes, chance: random.Random) -> Refusal:
    """Refuse as SQS does."""
    names = {
        Fault.REFUSED: chance.choice(
            ["com.amazonaws.sqs#RequestThrottled", "com.amazon.coral.service#ThrottlingException"]
        ),
        Fault.UNAVAILABLE: "com.amazon.coral.service#ServiceUnavailableException",
    }
    name = names.get(fault, "com.amazon.coral.service#InternalFailure")
    return _json(_status(fault), "1.0", {"__type": name, "message": "Please try again."})


def plain_wording(fault: Fault, _request_body: bytes, _chance: random.Random) -> Refusal:
    """Refuse as any server of the web does."""
    status = HTTPStatus.TOO_MANY_REQUESTS if fault == Fault.REFUSED else _status(fault)
    return Refusal(status, {"Content-Type": "text/html"}, b"<h1>Please try again.</h1>")


def _status(fault: Fault) -> HTTPStatus:
    if fault == Fault.REFUSED:
        return HTTPStatus.BAD_REQUEST
    if fault == Fault.UNAVAILABLE:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _json(status: int, version: str, document: object) -> Refusal:
    headers = {"Content-Type": f"application/x-amz-json-{version}"}
    return Refusal(status, headers, json.dumps(document).encode())
