"""The id of a submission that was received elsewhere: the same each time it is imported.

It is a ULID like ours: the time in front, and a hash of the content in the place of
randomness. So a file that is imported twice, or whose CSV comes after its JSON, is
stored once. Plain and not keyed: the same file has the same ids on every stage, and
only the owner gets to see an id.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from chalicelib.model import RANDOM_BYTES, is_submission_id, new_submission_id
from ops.imports.entries import Unreadable

if TYPE_CHECKING:
    from chalicelib.model import Form
    from ops.imports.entries import Received

# Of a ULID, its time in milliseconds.
_TIME_LENGTH = 10


def submission_id(received: Received, form: Form) -> str:
    """Return the id to store a submission under.

    One of ours stays as it is in its own form. In another form it gets a new one, as
    deliveries go by the id alone.

    Raises:
        Unreadable: it says that it has an id of ours, and that cannot be.
    """
    if received.id is not None and received.form == form.id:
        _check(received.id, received)
        return received.id
    return new_submission_id(received.received_at, _hash(received, form))


def _hash(received: Received, form: Form) -> bytes:
    # Sorted and without blanks: a CSV has its columns in another order than JSON, and a cell
    # for what was not sent.
    answers = sorted(
        (name, [value for value in values if value])
        for name, values in received.answers
        if any(values)
    )
    milliseconds = round(received.received_at.timestamp() * 1000)
    content = [form.id, milliseconds, answers, received.subject, received.reply_to]
    return hashlib.sha256(json.dumps(content).encode()).digest()[:RANDOM_BYTES]


def _check(own_id: str, received: Received) -> None:
    # Lists are in the order of ids, and a search by time goes by them.
    first = new_submission_id(received.received_at, bytes(RANDOM_BYTES))
    if not is_submission_id(own_id) or own_id[:_TIME_LENGTH] != first[:_TIME_LENGTH]:
        raise Unreadable("its id does not belong to its time")
