"""Say in the log what failed, without a word of what the visitor sent.

Python's messages quote the values they stumble over, and a stored value must
never reach a log. So the stack is files, lines and functions only, and every
value of the request is taken out of the messages.
"""

from __future__ import annotations

import traceback
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

REDACTED = "[redacted]"
# Shorter values stand in every sentence by chance.
MIN_REDACTED_LENGTH = 3
# CloudWatch takes 256 kB a line; a message is for a person to read.
MAX_MESSAGE_LENGTH = 2_000


def describe(failure: BaseException, typed: Collection[str] | None) -> dict[str, Any]:
    """Return ``{"type", "message", "stack"}`` for the log line.

    Args:
        failure: the exception, with the ones that led to it.
        typed: every value of the request; None when they could not be told
            apart from the rest, and then no message is logged at all.
    """
    chain = list(_chain(failure))
    messages = (f"{type(error).__name__}: {_redact(str(error), typed)}" for error in chain)
    return {
        "type": type(failure).__name__,
        "message": " <- ".join(messages)[:MAX_MESSAGE_LENGTH],
        "stack": [
            f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
            for error in reversed(chain)
            for frame in traceback.extract_tb(error.__traceback__)
        ],
    }


def _chain(failure: BaseException) -> Iterator[BaseException]:
    """Yield the exception and what caused it, the root last."""
    seen: set[int] = set()
    error: BaseException | None = failure
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _redact(message: str, typed: Collection[str] | None) -> str:
    if typed is None:
        return REDACTED
    for value in sorted(_forms_of(typed), key=len, reverse=True):
        message = message.replace(value, REDACTED)
    return message


def _forms_of(typed: Collection[str]) -> set[str]:
    """Return each value, its lines, and both as Python quotes them in a message."""
    texts = {text for value in typed for text in (value, *value.splitlines())}
    quoted = {repr(text)[1:-1] for text in texts} | {ascii(text)[1:-1] for text in texts}
    return {text for text in texts | quoted if len(text.strip()) >= MIN_REDACTED_LENGTH}
