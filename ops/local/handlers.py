"""The functions of app.py that AWS's events start, found as Lambda finds them: by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.app import Chalice

    Handler = Callable[[dict[str, Any], Any], Any]


@dataclass(frozen=True, slots=True)
class Handlers:
    """Relay and deliver, and what their decorators in app.py say.

    Attributes:
        relay: takes an event and a context, as Lambda calls it.
        batch_size: how many stream records relay takes at once.
        deliver: the same for a queue's event.
        queue: the name of the one that invokes deliver.
    """

    relay: Handler
    batch_size: int
    stream_arn: str
    deliver: Handler
    queue: str

    @classmethod
    def of(cls, app: Chalice) -> Handlers:
        """Return those of the app."""
        # Each has what its decorator was given, and Chalice's common class has none of it.
        source_by_name: dict[str, Any] = {source.name: source for source in app.event_sources}
        return cls(
            relay=app.handler_map["relay"],
            batch_size=source_by_name["relay"].batch_size,
            stream_arn=source_by_name["relay"].stream_arn,
            deliver=app.handler_map["deliver"],
            queue=source_by_name["deliver"].queue,
        )
