"""What AWS's events start: each is read, and handed to one function.

app.py imports this in the first event, since a visitor's post must not wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib import events, notify, summary
from chalicelib.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Notices:
    """The ways in which owners come to be told; events are as AWS sends them."""

    outbox: Outbox

    def relay(self, event: Mapping[str, Any]) -> None:
        """Open the deliveries of what the table's stream shows."""
        notify.relay(events.written_images(event), self.outbox)

    def deliver(self, event: Mapping[str, Any]) -> None:
        """Make the one attempt that the queue's message asks for."""
        notify.deliver(events.delivery_task(event), self.outbox)

    def take_feedback(self, event: Mapping[str, Any]) -> None:
        """Record the bounces and complaints that the mail service tells of."""
        notify.take_feedback(events.mail_feedback(event), self.outbox)

    def summarize(self) -> None:
        """Tell owners by mail what was not delivered."""
        summary.summarize(self.outbox)
