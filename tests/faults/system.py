"""All of Formpost on one machine, with faults before whatever answers over a network.

visitors -> API containers -> proxy -> table -> stream -> relay containers
-> proxy -> queue -> deliver containers -> proxy -> receiver
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.faults import faults
from tests.faults.clock import SkippingClock
from tests.faults.event_sources import QUEUE_CONCURRENCY, EventSources
from tests.faults.faults import Faults
from tests.faults.fleet import context, fleet
from tests.faults.forms import SHARDS, write_forms
from tests.faults.proxy import FaultProxy
from tests.faults.queues import DEAD_LETTERS, QUEUE, Queues
from tests.faults.receiver import Receiver
from tests.faults.store import CREDENTIALS, REGION, TABLE, Contents, embedded
from tests.gateway import Gateway

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

API_CONTAINERS = 12
# What a deployed stage gives the table, and chalicelib/wiring.py everything else.
STORE_TIMEOUT_SECONDS, QUEUE_TIMEOUT_SECONDS = 1.0, 8.0
# The containers' limit for posts.
RECEIVER_TIMEOUT_SECONDS = 2.0
# What is due within half a minute is made at once.
TOGETHER_SECONDS = 30.0
# Ten tries take a day; an hour more is for what came late.
LONGEST_SECONDS = 25 * 3600.0


@dataclass(frozen=True, slots=True)
class System:
    """What runs.

    Attributes:
        proxies: by what is behind them.
        contents: of the table, past its proxy.
    """

    clock: SkippingClock
    gateway: Gateway
    proxies: Mapping[str, FaultProxy]
    queues: Queues
    receiver: Receiver
    sources: EventSources
    contents: Contents

    def settle(self) -> int:
        """Let time go by until every delivery is; return how many dead letters were moved back."""
        self.sources.wait_until_seen(len(self.contents.read().submissions))
        moved = 0
        while self.clock.skipped_seconds.value < LONGEST_SECONDS:
            self.sources.wait_until_idle()
            if self.queues.dead_letters:
                # The alarm rings, and the owner does what docs/operations.md says.
                moved += self.queues.move_dead_letters_back()
                continue
            wait_seconds = self.queues.seconds_until_due
            if isinf(wait_seconds):
                break
            for proxy in self.proxies.values():
                proxy.wait_until_through()
            self.clock.skip(wait_seconds + TOGETHER_SECONDS)
        self.sources.wait_until_idle()
        return moved


@contextmanager
def system(seed: int, rate: float) -> Iterator[System]:
    """Start everything, and end it.

    Args:
        seed: of the faults.
        rate: of requests that meet one, from 0 to 1.
    """
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        skipped: Any = context().Value("d", 0.0)
        clock = SkippingClock(skipped)
        receiver = stack.enter_context(Receiver())
        queues = stack.enter_context(Queues(clock))
        database, store_url = stack.enter_context(embedded(folder))
        services = {"table": store_url, "queue": queues.url, "receiver": receiver.url}
        proxies = {
            service: stack.enter_context(FaultProxy(url, _faults(service, seed, rate)))
            for service, url in services.items()
        }
        forms_file = write_forms(folder, proxies["receiver"].url)
        environment = _environment(forms_file, proxies)
        api, relay, deliver = (
            stack.enter_context(fleet(handler, size, environment, skipped))
            for handler, size in (
                ("app", API_CONTAINERS),
                ("relay", SHARDS),
                ("deliver", QUEUE_CONCURRENCY),
            )
        )
        sources = EventSources(database, queues, relay, deliver)
        sources.start()
        stack.callback(sources.stop)
        yield System(
            clock=clock,
            gateway=Gateway(api, ["/f/{form_id}"]),
            proxies=proxies,
            queues=queues,
            receiver=receiver,
            sources=sources,
            contents=Contents(store_url, TABLE),
        )


def _environment(forms_file: Path, proxies: Mapping[str, FaultProxy]) -> dict[str, str]:
    return {
        **CREDENTIALS,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_DYNAMODB": proxies["table"].url,
        "AWS_ENDPOINT_URL_SQS": proxies["queue"].url,
        "FORMPOST_TABLE": TABLE,
        "FORMPOST_FORMS": str(forms_file),
        "FORMPOST_DELIVERY_QUEUE": QUEUE,
        "FORMPOST_DEAD_LETTER_QUEUE": DEAD_LETTERS,
        "FORMPOST_ALLOW_LOOPBACK": "true",
        "FORMPOST_STORE_TIMEOUT_SECONDS": str(STORE_TIMEOUT_SECONDS),
    }


def _faults(service: str, seed: int, rate: float) -> Faults:
    patience_seconds, weights, wording = {
        "table": (STORE_TIMEOUT_SECONDS, faults.EVENLY, faults.dynamodb_wording),
        "queue": (QUEUE_TIMEOUT_SECONDS, faults.RARELY_LATE, faults.sqs_wording),
        "receiver": (RECEIVER_TIMEOUT_SECONDS, faults.RARELY_LATE, faults.plain_wording),
    }[service]
    return Faults(
        f"{seed}-{service}",
        rate=rate,
        patience_seconds=patience_seconds,
        weights=weights,
        wording=wording,
    )
